import { auditSyscallNumber } from '../audit-syscall-name.ts'
import { archName, syscallTable } from '../syscall-name.ts'
import { RULE_COMPARISONS, RULE_FIELDS, RULE_LISTS } from '../tables/rule-fields.ts'
import { archNumber, fieldNumber, TEXT_FIELDS } from './field-number.ts'
import { ACTIONS, type AuditRule, OPERATORS, type RuleField, type RuleProblem, type RuleProblemCode } from './rule.ts'

/** Fixed part of struct audit_rule_data: 3 words, 64 of mask, 3 × 64 of fields, the buffer's length. Source: linux/audit.h. */
export const RULE_HEADER_BYTES = 1040
export const MAX_FIELDS = 64
/** Where the mask of calls ends. */
const MASK_END = 268
/** AUDIT_FILTER_PREPEND: the rule goes to the head of its list. */
export const PREPEND = 0x10
/** AUDIT_MAX_KEY_LEN. */
const MAX_KEY_BYTES = 256

export interface EncodeOptions {
  /** Architecture that `b64` stands for. Default `x86_64`. */
  readonly machine?: string
  /** Whether a watched path is a directory; without it only a trailing slash says so. */
  readonly isDirectory?: (path: string) => boolean
  /** Account names, for `-F auid=alice`. */
  readonly users?: Readonly<Record<string, number>>
  /**
   * `kernel` (default): as the kernel lists the rule once it is loaded (AUDIT_LIST_RULES).
   * `sent`: as auditctl sends it, with the bits of call classes set in a mask of all calls.
   */
  readonly form?: 'kernel' | 'sent'
}

/** A rule in the kernel's form. */
export interface EncodedRule {
  /** Filter list and PREPEND bit. */
  readonly flags: number
  readonly action: number
  /** struct audit_rule_data with its buffer, little endian, without netlink padding. */
  readonly bytes: Buffer
}

/** Encodes a rule for the kernel, or says what is wrong with it. */
export function encodeRule(rule: AuditRule, options: EncodeOptions = {}): EncodedRule | RuleProblem {
  const machine = options.machine ?? 'x86_64'
  const list = RULE_LISTS[
    ({ filesystem: 'fs', io_uring: 'uring_exit' } as Record<string, string>)[rule.list] ?? rule.list
  ] as number
  const flags = list | (rule.change === 'prepend' ? PREPEND : 0)
  const action = ACTIONS[rule.action]
  const header = Buffer.alloc(RULE_HEADER_BYTES)
  const texts: Buffer[] = []
  if (rule.fields.length > MAX_FIELDS) return problem(rule, 'too_many_fields', `a rule has at most ${MAX_FIELDS} fields`)
  for (const [i, field] of rule.fields.entries()) {
    const written = encodeField(rule, field, options)
    if ('code' in written) return written
    header.writeUInt32LE(written.number, 268 + i * 4)
    header.writeUInt32LE(written.text?.length ?? written.value, 524 + i * 4)
    header.writeUInt32LE(OPERATORS[field.operator], 780 + i * 4)
    if (written.text !== undefined) texts.push(written.text)
  }
  const failed = writeMask(rule, header, machine)
  if (failed !== undefined) return failed
  const buffer = Buffer.concat(texts)
  header.writeUInt32LE(flags, 0)
  header.writeUInt32LE(action, 4)
  header.writeUInt32LE(rule.fields.length, 8)
  header.writeUInt32LE(buffer.length, 1036)
  // The kernel takes the bits of its call classes out once it has read them (kernel/auditfilter.c, audit_to_entry_common).
  if (options.form !== 'sent') header.writeUInt16LE(0, MASK_END - 2)
  return { flags, action, bytes: Buffer.concat([header, buffer]) }
}

interface WrittenField {
  readonly number: number
  readonly value: number
  readonly text?: Buffer
}

function encodeField(rule: AuditRule, field: RuleField, options: EncodeOptions): WrittenField | RuleProblem {
  if (field.compare) return encodeComparison(rule, field)
  const number = Object.hasOwn(RULE_FIELDS, field.name) ? (RULE_FIELDS[field.name] as number) : undefined
  if (number === undefined) return problem(rule, 'unknown_field', `${field.name} is no field of a rule`, field)
  if (TEXT_FIELDS.has(field.name)) return encodeText(rule, field, number, options)
  if (field.name === 'arch') {
    const value = archNumber(field.value, options.machine ?? 'x86_64')
    if (value === undefined) return problem(rule, 'unknown_arch', `${field.value} is no architecture known here`, field)
    return { number, value }
  }
  const value = fieldNumber(field, options.users)
  if (value === undefined) return problem(rule, 'bad_value', `${field.value} is no value for ${field.name}`, field)
  return { number, value }
}

/** Paths, keys and labels go to the buffer, in order, without NUL. A watched directory is the field `dir`. */
function encodeText(rule: AuditRule, field: RuleField, number: number, options: EncodeOptions): WrittenField | RuleProblem {
  const isPath = field.name === 'path' || field.name === 'dir' || field.name === 'exe'
  if (isPath && !field.value.startsWith('/')) return problem(rule, 'relative_path', `${field.name} needs an absolute path`, field)
  if (field.name === 'key' && Buffer.byteLength(field.value) > MAX_KEY_BYTES)
    return problem(rule, 'key_too_long', `a key has at most ${MAX_KEY_BYTES} bytes`, field)
  if (!rule.watch || field.name !== 'path') return { number, value: 0, text: Buffer.from(field.value) }
  const path = field.value.length > 1 ? field.value.replace(/\/+$/, '') : field.value
  const directory = field.value.endsWith('/') || (options.isDirectory?.(path) ?? false)
  return { number: directory ? (RULE_FIELDS.dir as number) : number, value: 0, text: Buffer.from(path) }
}

function encodeComparison(rule: AuditRule, field: RuleField): WrittenField | RuleProblem {
  if (field.operator !== '=' && field.operator !== '!=')
    return problem(rule, 'bad_operator', 'fields are compared with each other by = or != only', field)
  const value = RULE_COMPARISONS[`${field.name},${field.value}`] ?? RULE_COMPARISONS[`${field.value},${field.name}`]
  if (value === undefined) return problem(rule, 'bad_comparison', `${field.name} cannot be compared with ${field.value}`, field)
  return { number: RULE_FIELDS.field_compare as number, value }
}

/** Sets a bit for each call. Without -S every bit is set, but for the task list, which sees no calls. */
function writeMask(rule: AuditRule, header: Buffer, machine: string): RuleProblem | undefined {
  if (rule.list === 'task') return undefined
  if (rule.syscalls.length === 0 || rule.syscalls[0] === 'all') {
    header.fill(0xff, 12, MASK_END)
    return undefined
  }
  const table = callNumbers(rule, machine)
  for (const name of rule.syscalls) {
    const number = /^\d{1,4}$/.test(name) ? Number(name) : (table.get(name) ?? auditSyscallNumber(archOf(rule, machine), name))
    if (number === undefined || number >= 2048)
      return problem(rule, 'unknown_syscall', `${name} is no system call of ${archOf(rule, machine)}`)
    const word = 12 + (number >> 5) * 4
    header.writeUInt32LE((header.readUInt32LE(word) | (1 << (number & 31))) >>> 0, word)
  }
  return undefined
}

/** Architecture whose numbers a rule's calls are given in: its `arch`, else the machine's own. */
export function archOf(rule: AuditRule, machine: string): string {
  const field = rule.fields.find(({ name, compare }) => name === 'arch' && !compare)
  const number = field === undefined ? undefined : archNumber(field.value, machine)
  return number === undefined ? machine : (archName(number.toString(16).padStart(8, '0')) ?? machine)
}

const numbers = new Map<string, Map<string, number>>()

function callNumbers(rule: AuditRule, machine: string): ReadonlyMap<string, number> {
  const arch = rule.list === 'io_uring' ? 'io_uring' : archOf(rule, machine)
  let table = numbers.get(arch)
  if (table === undefined) {
    const names = arch === 'io_uring' ? URING_OPERATIONS.map((name, i) => [i, name] as const) : syscallTable(arch)
    table = new Map([...names].map(([number, name]) => [name, number]))
    numbers.set(arch, table)
  }
  return table
}

/** io_uring operations in order of their numbers. Source: include/uapi/linux/io_uring.h, enum io_uring_op. */
const URING_OPERATIONS = (
  'nop readv writev fsync read_fixed write_fixed poll_add poll_remove sync_file_range sendmsg recvmsg timeout timeout_remove accept ' +
  'async_cancel link_timeout connect fallocate openat close files_update statx read write fadvise madvise send recv openat2 epoll_ctl ' +
  'splice provide_buffers remove_buffers tee shutdown renameat unlinkat mkdirat symlinkat linkat msg_ring fsetxattr setxattr fgetxattr ' +
  'getxattr socket uring_cmd send_zc sendmsg_zc'
).split(' ')

function problem(rule: AuditRule, code: RuleProblemCode, message: string, field?: RuleField): RuleProblem {
  return { line: rule.line, column: field?.column ?? 1, severity: 'error', code, message }
}
