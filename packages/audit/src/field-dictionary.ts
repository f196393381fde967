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
const KEYS_BOUND = 1025
const KEYS = new ByteInterner(KEYS_BOUND - 1)
/** By key id: 1 encoded everywhere, 2 encoded in AppArmor's records. */
const forms = new Uint8Array(KEYS_BOUND)
for (const name of ENCODED_FIELDS) forms[KEYS.add(name)] = 1
for (const name of APPARMOR_FIELDS) forms[KEYS.add(name)] = 2

/** Ids of the field names that the code asks for; `0` is the id of every other name. */
export const KEY = Object.fromEntries(
  (
    'arch syscall success exit a0 a1 a2 a3 items ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe subj key ' +
    'argc name inode dev mode ouid ogid nametype objtype saddr proctitle cwd item data msg op SADDR IPE obj acct sig code res'
  )
    .split(' ')
    .map((name) => [name, KEYS.add(name)]),
) as Readonly<Record<KeyName, number>>

// Every other field of the records that come most, so that a writer can tell repeated names by number alone.
for (const name of (
  'rdev cap_fp cap_fi cap_fe cap_fver cap_frootid fver fp fi fe old_pp old_pi old_pe old_pa pp pi pe pa frootid table family entries ' +
  'grantors hostname addr terminal unit id old new old-auid old-ses list prom old_prom compat ip lsm scontext tcontext tclass permissive ' +
  'ino ARCH SYSCALL AUID UID GID EUID SUID FSUID EGID SGID FSGID OUID OGID OAUID SAUID ID opid oauid oses fd flags nargs mark daddr ' +
  'proto prog-id uring_op cap_pi cap_pp cap_pe cap_pa major minor cipher ksize mac pfs spid rport laddr lport direction kind fp size ' +
  'reason audit_backlog_limit ver format kernel resp mq_flags oflag cmdline sw_type gpg_res key_enforce default-context selected-context'
).split(' '))
  KEYS.add(name)

/** Number above every id: the size of a table by id. */
export const KEY_COUNT = KEYS.size + 1

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

/** Whether hex in this record is upper case only: everywhere but in the kernel's own event records (1300 to 1399). */
export function isUpperHex({ number }: RecordType): boolean {
  return number < 1300 || number > 1399
}

/** Whether an unquoted value of this field is hex of the real bytes. */
export function isEncoded(type: RecordType, id: number): boolean {
  const { number } = type
  if (id === 0) return false
  const form = forms[id] as number
  if (form === 1) return true
  if (id === KEY.data) return number === TYPE.TTY || number === TYPE.USER_TTY
  if (id === KEY.dev) return number === TYPE.AVC || (number >= 1800 && number < 1900)
  return form === 2 && (number === TYPE.AVC || (number >= 1500 && number < 1600))
}
