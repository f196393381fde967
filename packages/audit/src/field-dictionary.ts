import { ByteInterner } from './byte-interner.ts'
import { type RecordType, TYPE } from './record-type.ts'

/**
 * How a value is written. Decided by record type and field name alone: `comm=ABCD` is three letters of hex
 * more than a number, and `id=1000` is no hex at all.
 * Sources: kernel uses of audit_log_untrustedstring / audit_log_n_untrustedstring; audit-documentation,
 * specs/fields/field-dictionary.csv ("encoded").
 */
const ENCODED_FIELDS = (
  'comm ocomm exe name path cwd key proctitle cmd acct dir watch file vm device cgroup sw root_dir new_group grp invalid_context ' +
  'old-disk new-disk old-fs new-fs old-chardev new-chardev old-net new-net'
).split(' ')

/** Fields that AppArmor logs with audit_log_untrustedstring (security/apparmor/audit.c). */
const APPARMOR_FIELDS = 'operation info profile namespace label peer target denied_mask requested_mask denied requested'.split(
  ' ',
)

/** Names that code asks for by number. Order is free: ids are made when the module loads. */
const KEYS = new ByteInterner(1024)
const encoded = new Set(ENCODED_FIELDS.map((name) => KEYS.add(name)))
const apparmor = new Set(APPARMOR_FIELDS.map((name) => KEYS.add(name)))

/** Ids of the field names that the code asks for; `0` is the id of every other name. */
export const KEY = Object.fromEntries(
  (
    'arch syscall success exit a0 a1 a2 a3 items ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe subj key ' +
    'argc name inode dev mode ouid ogid nametype objtype saddr proctitle cwd item data msg op SADDR IPE obj acct sig code res'
  )
    .split(' ')
    .map((name) => [name, KEYS.add(name)]),
) as Readonly<Record<KeyName, number>>

type KeyName =
  | ('arch' | 'syscall' | 'success' | 'exit' | 'a0' | 'a1' | 'a2' | 'a3' | 'items' | 'ppid' | 'pid' | 'auid' | 'uid' | 'gid')
  | ('euid' | 'suid' | 'fsuid' | 'egid' | 'sgid' | 'fsgid' | 'tty' | 'ses' | 'comm' | 'exe' | 'subj' | 'key' | 'argc' | 'name')
  | ('inode' | 'dev' | 'mode' | 'ouid' | 'ogid' | 'nametype' | 'objtype' | 'saddr' | 'proctitle' | 'cwd' | 'item' | 'data')
  | ('msg' | 'op' | 'SADDR' | 'IPE' | 'obj' | 'acct' | 'sig' | 'code' | 'res')

/** Id of a field name, 0 where the code never asks for it. */
export function keyId(buffer: Uint8Array, start: number, end: number): number {
  return KEYS.find(buffer, start, end)
}

/** Name of an id from `KEY`. */
export function keyText(id: number): string {
  return KEYS.text(id)
}

/** Whether an unquoted value of this field is upper-case hex of the real bytes. */
export function isEncoded(type: RecordType, id: number): boolean {
  const { number } = type
  if (id === 0) return false
  if (encoded.has(id)) return true
  if (id === KEY.data) return number === TYPE.TTY || number === TYPE.USER_TTY
  if (id === KEY.dev) return number === TYPE.AVC || (number >= 1800 && number < 1900)
  return apparmor.has(id) && (number === TYPE.AVC || (number >= 1500 && number < 1600))
}
