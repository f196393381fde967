import { auditSyscallName } from '../audit-syscall-name.ts'
import type { DecodedEvent } from '../decoded-event.ts'
import { KEY } from '../field-dictionary.ts'
import { tokenBytes, tokenName, tokenText } from '../field-value.ts'
import type { AuditRecord } from '../record.ts'
import { standsAlone, TYPE } from '../record-type.ts'
import { archName } from '../syscall-name.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from '../tokenise.ts'
import { percentText } from './percent-text.ts'

type Value = string | number | null | Value[] | { [name: string]: Value }

const words = (text: string) => new Set(text.split(' '))

/** Fields that laurel writes as numbers, as `0x…` and as `0o…`. Read off its output. */
const DECIMAL = words(
  'syscall exit items ppid pid auid uid gid euid suid fsuid egid sgid fsgid ses argc item inode ouid ogid cap_fe fe audit_backlog_limit audit_failure audit_backlog_wait_time audit_enabled audit_pid audit_rate_limit list res ' +
    'family entries prom old_prom sig compat old-auid old-ses fd capability permissive ino opid oauid oses major minor proto old_lock new_lock',
)
const HEX = words(
  'arch cap_fp cap_fi cap_fver fver fp fi old_pp old_pi old_pe old_pa pp pi pe pa cap_pi cap_pp cap_pe cap_pa ip code flags resolve mark oflag mq_flags qbytes',
)
const SINGLE = new Set<number>([TYPE.SYSCALL, TYPE.EXECVE, TYPE.CWD, TYPE.PROCTITLE])

/**
 * The event in the shape that laurel 0.5 logs, for pipelines built on it: `ID`, `NODE`, one object for SYSCALL, EXECVE,
 * CWD, PROCTITLE and user messages, lists for the others, bytes that are no text percent-encoded. `translate` adds the
 * names in upper case that its `translate.universal` adds. Where laurel takes digits for hex, the digits are kept here.
 */
export function laurelView(event: DecodedEvent, options: { readonly translate?: boolean } = {}): Record<string, Value> {
  const view: Record<string, Value> = { ID: event.serial }
  if (event.node !== null) view.NODE = event.node
  for (const record of event.records) {
    const { name, number } = record.type
    if (number === TYPE.EXECVE) {
      const list = event.argumentBytes() ?? []
      view.EXECVE ??= {
        argc: numberIn(record, 'argc') ?? list.length,
        ARGV: list.map((bytes) => (bytes === null ? '' : percentText(bytes))),
      }
    } else if (number === TYPE.PROCTITLE) view.PROCTITLE = { ARGV: titleWords(record) }
    else if (number === TYPE.SYSCALL) view.SYSCALL = syscallView(record, options.translate === true)
    else if (SINGLE.has(number) || standsAlone(number)) view[name] = fieldsOf(record)
    else {
      const list = view[name]
      if (Array.isArray(list)) list.push(fieldsOf(record))
      else view[name] = [fieldsOf(record)]
    }
  }
  return view
}

function syscallView(record: AuditRecord, translate: boolean): { [name: string]: Value } {
  const { a0, a1, a2, a3, ...fields } = fieldsOf(record)
  const view: { [name: string]: Value } = fields
  view.ARGV = [a0, a1, a2, a3].filter((value) => value !== undefined).map((value) => `0x${value}`)
  if (!translate) return view
  const arch = String(view.arch ?? '').replace(/^0x/, '')
  const name = archName(arch)
  const call = auditSyscallName(arch, Number(view.syscall))
  if (name !== undefined) view.ARCH = name
  if (call !== undefined) view.SYSCALL = call
  return view
}

function fieldsOf(record: AuditRecord): { [name: string]: Value } {
  const tokens = tokensOf(record)
  const fields: { [name: string]: Value } = Object.create(null)
  const nested: { start: number; end: number } = { start: -1, end: -1 }
  for (let i = 0; i < tokens.length; i += TOKEN) {
    const marks = tokens[i + 4] as number
    if (marks & MARK.nested) {
      if (nested.start < 0) nested.start = tokens[i] as number
      nested.end = (tokens[i + 3] as number) + (marks & MARK.quoted ? 1 : 0)
      continue
    }
    const name = tokenName(record, tokens, i)
    if (name === '') continue
    fields[name] = textValue(record, tokens, i, name)
  }
  if (nested.start >= 0) fields.msg = percentText(record.body.subarray(nested.start, nested.end))
  return fields
}

function textValue(record: AuditRecord, tokens: Int32Array, index: number, name: string): Value {
  if (tokenKey(tokens, index) === KEY.saddr && record.type.number === TYPE.SOCKADDR) {
    return percentText(Buffer.from(record.body.toString('latin1', tokens[index + 2], tokens[index + 3]), 'hex'))
  }
  const text = tokenText(record, tokens, index)
  if (text === null) return null
  if (!((tokens[index + 4] as number) & MARK.quoted)) {
    if (name === 'mode' && /^[0-7]+$/.test(text)) return `0o${text.replace(/^0+(?=\d)/, '')}`
    if (DECIMAL.has(name) && /^-?\d{1,15}$/.test(text)) return Number(text)
    if (HEX.has(name) && /^(?:0x)?[0-9a-f]+$/i.test(text)) return `0x${text.replace(/^0x/i, '').replace(/^0+(?=.)/, '')}`
  }
  return percentText(tokenBytes(record, tokens, index))
}

function titleWords(record: AuditRecord): string[] {
  const tokens = tokensOf(record)
  const index = tokens.length > 0 ? 0 : -1
  if (index < 0) return []
  const bytes = tokenBytes(record, tokens, index)
  const parts: string[] = []
  for (let start = 0; start <= bytes.length; ) {
    const nul = bytes.indexOf(0, start)
    const end = nul < 0 ? bytes.length : nul
    parts.push(percentText(bytes.subarray(start, end)))
    start = end + 1
  }
  return parts
}

function numberIn(record: AuditRecord, name: string): number | undefined {
  const value = fieldsOf(record)[name]
  return typeof value === 'number' ? value : undefined
}
