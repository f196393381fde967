import { auditSyscallName, multiplexedCall } from './audit-syscall-name.ts'
import { capabilityWords, constants, errorWords, flagWords, modeWords, permissionWords } from './constant-words.ts'
import type { EventReading } from './event-reading.ts'
import { interpretArgument, mappingWords, openWords } from './interpret-argument.ts'
import { personalityWords } from './personality-words.ts'
import type { AuditRecord } from './record.ts'
import { recordFields } from './record-fields.ts'
import { decodeSockaddr } from './socket-address.ts'
import { archName } from './syscall-name.ts'
import { RULE_LISTS } from './tables/rule-fields.ts'
import { keysInWords } from './terminal-keys.ts'

type Fields = Readonly<Record<string, string | null>>

const ACCOUNTS =
  /^(?:id|[aefos]?[ug]id|[fos]+[ug]id|euid|egid|suid|sgid|fsuid|fsgid|auid|oauid|sauid|ouid|ogid|new_gid|obj_[ug]id|old-auid|old_auid|iuid|igid|inode_[ug]id|cap_frootid|frootid)$/
const CAPABILITY_MASKS = /^(?:cap_(?:fp|fi|fe|pp|pi|pe|pa)|fp|fi|(?:old_|new_)?(?:pp|pi|pe|pa))$/

/** Actions of a seccomp filter, top 16 bits. Source: include/uapi/linux/seccomp.h. */
const SECCOMP: Readonly<Record<number, string>> = {
  0: 'kill',
  32768: 'kill',
  3: 'trap',
  5: 'errno',
  32704: 'user-notify',
  32752: 'trace',
  32764: 'log',
  32767: 'allow',
}

/** NFPROTO_* families. Source: include/uapi/linux/netfilter.h. */
const FAMILIES: Readonly<Record<string, string>> = {
  '0': 'unspecified',
  '1': 'inet',
  '2': 'ipv4',
  '3': 'arp',
  '5': 'netdev',
  '7': 'bridge',
  '10': 'ipv6',
  '12': 'decnet',
}

/** Hooks and verdicts of the netfilter rule language. Source: include/uapi/linux/netfilter.h, xt_AUDIT.h. */
const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'BROUTING']
const VERDICTS = ['ACCEPT', 'DROP', 'REJECT']

/** ICMP types. Source: RFC 792, RFC 950. */
const ICMP: Readonly<Record<string, string>> = {
  '0': 'echo-reply',
  '3': 'destination-unreachable',
  '4': 'source-quench',
  '5': 'redirect',
  '8': 'echo',
  '11': 'time-exceeded',
  '12': 'parameter-problem',
  '13': 'timestamp-request',
  '14': 'timestamp-reply',
  '15': 'info-request',
  '16': 'info-reply',
  '17': 'address-mask-request',
  '18': 'address-mask-reply',
}

const number = (text: string) => (/^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN)
const hex = (text: string) => (/^(?:0x)?[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text.replace(/^0x/i, '')}`) : undefined)
const known = (table: string) => (text: string) => constants(table).get(number(text))
const octalMode = (text: string) => (/^[0-7]+$/.test(text) ? modeWords(Number.parseInt(text, 8)) : undefined)
const yesNo = (text: string) => (text === '1' ? 'yes' : text === '0' ? 'no' : undefined)

/** Fields that mean the same in every record, by name. */
const FIELDS: Readonly<Record<string, (text: string, fields: Fields, type: string) => string | undefined>> = {
  arch: archName,
  syscall: (text, fields) => syscallWord(text, fields),
  uring_op: known('ringOperation'),
  per: personalityWords,
  perm: permissionList,
  perm_mask: permissionList,
  ioctlcmd: known('ioctl'),
  data: (text, _fields, type) => (type === 'TTY' || type === 'USER_TTY' ? keysInWords(Buffer.from(text)) : undefined),
  exit: (text) => (text.startsWith('-') ? errorWords(-Number(text)) : undefined),
  sig: (text) => (text === '0' ? 'SIG0' : constants('signal').get(number(text))),
  mode: (text, _fields, type) => (type === 'MQ_OPEN' ? permissionWords(Number.parseInt(text, 8) || 0) : octalMode(text)),
  code: (text) => {
    const value = hex(text)
    return value === undefined ? undefined : SECCOMP[Number(value >> 16n)]
  },
  family: (text) => FAMILIES[text],
  proto: known('protocol'),
  hook: (text, _fields, type) => (type === 'NETFILTER_PKT' ? HOOKS[number(text)] : undefined),
  action: (text, _fields, type) => (type === 'NETFILTER_PKT' ? VERDICTS[number(text)] : undefined),
  icmptype: (text) => ICMP[text],
  capability: known('capability'),
  list: (text) => (text === '6' ? 'filesystem' : Object.keys(RULE_LISTS).find((name) => String(RULE_LISTS[name]) === text)),
  sigev_signo: known('signal'),
  oflag: (text) => {
    // `oflag=0302` of OPENAT2 is octal, MQ_OPEN logs hexadecimal with 0x (kernel/auditsc.c, show_special).
    if (/^0x[0-9a-f]+$/i.test(text)) return openWords(BigInt(text))
    return /^0[0-7]*$/.test(text) ? openWords(BigInt(`0o${text}`)) : undefined
  },
  resolve: (text) => {
    const value = hex(text)
    return value === undefined ? undefined : flagWords('resolve', value) || undefined
  },
  flags: (text, _fields, type) => {
    const value = hex(text)
    return type === 'MMAP' && value !== undefined ? mappingWords(value) : undefined
  },
  resp: (text) => ({ '1': 'allow', '2': 'deny' })[text],
  res: yesNo,
  saddr: (text, _fields, type) => (type === 'SOCKADDR' ? addressWords(text) : undefined),
  proctitle: (text) => (text.includes('\0') ? text.replace(/\0+$/, '').replaceAll('\0', ' ') : undefined),
  prom: (text) => (text === '256' ? 'yes' : yesNo(text)),
  old_prom: (text) => (text === '256' ? 'yes' : yesNo(text)),
}

/**
 * One field in words, as `ausearch -i` says it.
 *
 * @param fields The record's own fields: a system call's name needs its `arch`, an argument its `syscall`.
 * @returns undefined where the value is its own best word.
 */
export function interpretField(type: string, name: string, fields: Fields): string | undefined {
  const text = fields[name]
  if (text === null || text === undefined || text === '') return undefined
  switch (kindOf(name)) {
    case 'argument':
      return type === 'SYSCALL' ? argument(fields, Number(name[1])) : undefined
    case 'account':
      return accountWord(name, text)
    case 'session':
      return text === '4294967295' || text === '-1' ? 'unset' : undefined
    case 'capabilities':
      return maskWords(text)
    case 'other':
      return FIELDS[name]?.(text, fields, type)
    default:
      return undefined
  }
}

/** How a field is put into words; `none` where it never is. */
type FieldKind = 'argument' | 'account' | 'session' | 'capabilities' | 'other' | 'none'

/** Names seen; bounded, for they come from the log. */
const kinds = new Map<string, FieldKind>()
const MAX_KINDS = 4096

function kindOf(name: string): FieldKind {
  let kind = kinds.get(name)
  if (kind === undefined) {
    if (/^a[0-3]$/.test(name)) kind = 'argument'
    else if (ACCOUNTS.test(name)) kind = 'account'
    else if (name === 'ses') kind = 'session'
    else if (CAPABILITY_MASKS.test(name) && name !== 'cap_fe' && name !== 'fe') kind = 'capabilities'
    else kind = Object.hasOwn(FIELDS, name) ? 'other' : 'none'
    if (kinds.size < MAX_KINDS) kinds.set(name, kind)
  }
  return kind
}

/** Capability masks in words: few of them come again and again. */
const masks = new Map<string, string | undefined>()
const MAX_MASKS = 1024

function maskWords(text: string): string | undefined {
  if (masks.has(text)) return masks.get(text)
  const mask = hex(text)
  const words = mask === undefined ? undefined : capabilityWords(mask)
  if (masks.size < MAX_MASKS && text.length <= 20) masks.set(text, words)
  return words
}

/**
 * Everything in an event that has a word: the naming record's fields by name, those of the others as
 * `TYPE.field`, and from the second record of a type on as `TYPE[1].field`.
 */
export function interpretEvent(event: EventReading): Record<string, string> {
  const words: Record<string, string> = {}
  const counts = new Map<string, number>()
  for (const record of event.records) {
    const type = record.type.name
    const count = counts.get(type) ?? 0
    counts.set(type, count + 1)
    const prefix = record === event.main ? '' : count === 0 ? `${type}.` : `${type}[${count}].`
    const found = interpretRecord(record)
    for (const name in found) words[prefix + name] = found[name] as string
  }
  return words
}

/** The fields of one record that have a word. Names of accounts on the logging host (ENRICHED) win over numbers. */
function interpretRecord(record: AuditRecord): Record<string, string> {
  const fields = recordFields(record)
  const words: Record<string, string> = {}
  for (const name in fields) {
    const kind = kindOf(name)
    if (kind === 'none') continue
    const word = interpretField(record.type.name, name, fields)
    if (word !== undefined) words[name] = word
    const enriched = kind === 'account' ? fields[name.toUpperCase()] : undefined
    if (typeof enriched === 'string') words[name] = enriched
  }
  return words
}

/** `{ saddr_fam=inet laddr=127.0.0.1 lport=80 }`, the form of auparse. */
function addressWords(text: string): string | undefined {
  const address = decodeSockaddr(Buffer.from(text, 'latin1'), undefined)
  if (address === undefined) return undefined
  const { family, addr, port, path } = address
  if (family === 'unspec') return 'unknown-family(0)'
  if (family === 'unix') return `{ saddr_fam=local path=${path ?? ''} }`
  if (family === 'netlink' && port !== undefined) return `{ saddr_fam=netlink nlnk-fam=16 nlnk-pid=${port} }`
  if (addr !== undefined && family.startsWith('inet')) return `{ saddr_fam=${family} laddr=${addr} lport=${port} }`
  return `{ saddr_fam=${family} }`
}

function accountWord(name: string, text: string): string | undefined {
  if (name.endsWith('rootid')) return undefined
  if (text === '4294967295' || text === '-1') return 'unset'
  return text === '0' ? 'root' : undefined
}

/** `socketcall(connect)` where one number stands for many calls. */
function syscallWord(text: string, fields: Fields): string | undefined {
  const name = auditSyscallName(fields.arch ?? '', Number(text))
  const call = name === undefined ? undefined : multiplexedCall(name, fields.a0 ?? '')
  return call === undefined ? name : `${name}(${call})`
}

/** `read,write` of a watch's mask. Source: include/uapi/linux/audit.h, AUDIT_PERM_*. */
function permissionList(text: string): string | undefined {
  const mask = number(text)
  if (Number.isNaN(mask)) return undefined
  const words = ['exec', 'write', 'read', 'attr'].filter((_, bit) => (mask >> bit) & 1)
  return ['read', 'write', 'exec', 'attr'].filter((word) => words.includes(word)).join(',') || undefined
}

function argument(fields: Fields, index: number): string | undefined {
  const arch = fields.arch ?? ''
  const syscall = auditSyscallName(arch, Number(fields.syscall))
  if (syscall === undefined) return undefined
  return interpretArgument(
    archName(arch) ?? '',
    syscall,
    [fields.a0, fields.a1, fields.a2, fields.a3].map((text) => text ?? ''),
    index,
  )
}
