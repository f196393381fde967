import { constants } from '../constant-words.ts'
import { recordTypeNamed } from '../record-type.ts'
import { archToken } from '../syscall-name.ts'
import type { RuleField } from './rule.ts'

/** Fields whose value is text in the rule's buffer. Source: kernel/auditfilter.c, audit_data_to_entry. */
export const TEXT_FIELDS: ReadonlySet<string> = new Set(
  'subj_user subj_role subj_type subj_sen subj_clr obj_user obj_role obj_type obj_lev_low obj_lev_high path dir exe key'.split(
    ' ',
  ),
)

const ACCOUNTS = /^(?:[efs]?[ug]id|fs[ug]id|auid|loginuid|obj_[ug]id)$/
const PERMISSIONS: Readonly<Record<string, number>> = { x: 1, w: 2, r: 4, a: 8 }
const FILE_TYPES: Readonly<Record<string, number>> = {
  socket: 0xc000,
  link: 0xa000,
  file: 0x8000,
  block: 0x6000,
  dir: 0x4000,
  character: 0x2000,
  fifo: 0x1000,
}

/** Magic numbers of file systems a rule can name. Source: include/uapi/linux/magic.h. */
const FILE_SYSTEMS: Readonly<Record<string, number>> = { debugfs: 0x6462_6720, tracefs: 0x7472_6163 }

/** Numbers of `-F arch`: `b64` and `b32` are the machine's own, the others by name. */
export function archNumber(value: string, machine: string): number | undefined {
  const pairs: Readonly<Record<string, string>> = { x86_64: 'i386', aarch64: 'arm', s390x: 's390', ppc64le: 'ppc', riscv64: '' }
  const name =
    value === 'b64'
      ? machine
      : value === 'b32'
        ? pairs[machine]
        : value === 'i686' || value === 'i486' || value === 'i586'
          ? 'i386'
          : value
  const token = archToken(name ?? '')
  if (token !== undefined) return Number.parseInt(token, 16)
  return /^(?:0x)?[0-9a-f]{8}$/i.test(value) ? Number.parseInt(value.replace(/^0x/i, ''), 16) : undefined
}

/**
 * Value of a numeric field as the kernel takes it, 32 bits.
 *
 * @param users Account names the caller knows; `root` and `unset` need none.
 * @returns undefined where the value does not belong to the field.
 */
export function fieldNumber(field: RuleField, users: Readonly<Record<string, number>> = {}): number | undefined {
  const { name, value } = field
  const plain = numberOf(value)
  if (name === 'perm') return permissions(value)
  if (name === 'filetype') return FILE_TYPES[value] ?? plain
  if (name === 'fstype') return FILE_SYSTEMS[value] ?? plain
  if (name === 'msgtype') return plain ?? (recordTypeNamed(value).number || undefined)
  if (name === 'exit') return plain ?? errorNumber(value)
  if (name === 'success') return value === 'yes' ? 1 : value === 'no' ? 0 : plain
  if (name === 'saddr_fam') return plain ?? [...constants('socketDomain')].find(([, word]) => word === value)?.[0]
  if (name === 'sessionid' && value === 'unset') return 0xffff_ffff
  if (ACCOUNTS.test(name)) {
    if (value === 'unset') return 0xffff_ffff
    return plain ?? (value === 'root' ? 0 : Object.hasOwn(users, value) ? users[value] : undefined)
  }
  return plain
}

/** Decimal, hexadecimal with 0x, octal with 0; negative as the two's complement. */
function numberOf(value: string): number | undefined {
  const match = /^(-?)(0x[0-9a-f]{1,8}|0[0-7]{1,11}|\d{1,10})$/i.exec(value)
  if (match === null) return undefined
  const digits = match[2] as string
  const number = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  if (number > 0xffff_ffff) return undefined
  return (match[1] === '-' ? -number : number) >>> 0
}

function errorNumber(value: string): number | undefined {
  const match = /^(-?)(E\w+)$/.exec(value)
  const number = [...constants('errno')].find(([, name]) => name === match?.[2])?.[0]
  if (number === undefined) return undefined
  return (match?.[1] === '-' ? -number : number) >>> 0
}

function permissions(value: string): number | undefined {
  let bits = 0
  for (const letter of value) {
    const bit = PERMISSIONS[letter]
    if (bit === undefined) return undefined
    bits |= bit
  }
  return bits === 0 ? undefined : bits
}
