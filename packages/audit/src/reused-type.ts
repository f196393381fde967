import type { RecordType } from './record-type.ts'

/** Longest first name looked at, bytes. */
const MAX_NAME = 32

/** Names by the first field. Sources: security/ipe/audit.c; Ubuntu's patches of kernel/audit.c, audit_log_task_context. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^subj_/, 'MAC_TASK_CONTEXTS'],
  [/^obj_/, 'MAC_OBJ_CONTEXTS'],
  [/^ipe_op=/, 'IPE_ACCESS'],
  [/^(?:old|new)_active_pol_/, 'IPE_CONFIG_CHANGE'],
  [/^policy_name=/, 'IPE_POLICY_LOAD'],
]

/**
 * Whether kernels disagree about a number: 1420 to 1422 were the LSM contexts of Ubuntu's kernels before mainline gave
 * them to IPE (include/uapi/linux/audit.h of Linux 6.12).
 */
export function isReusedNumber({ number }: RecordType): boolean {
  return number >= 1420 && number <= 1422
}

/** The type of a record that came with such a number and no name: told by its first field, else left without a name. */
export function typeByForm({ number }: RecordType, body: Buffer, start: number, end: number): RecordType {
  const first = body.toString('latin1', start, Math.min(end, start + MAX_NAME))
  const name = FORMS.find(([form]) => form.test(first))?.[1]
  return { name: name ?? `UNKNOWN[${number}]`, number }
}
