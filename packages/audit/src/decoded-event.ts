import { type Arguments, argumentBytesOf, argumentsOf } from './argv.ts'
import type { AuditEvent, AuditFlags, AuditPath, AuditSockaddr } from './audit-event.ts'
import { eventFlags } from './event-flags.ts'
import { eventJson, type JsonOptions } from './event-json.ts'
import type { Completion, EventParts, EventReading } from './event-reading.ts'
import { KEY } from './field-dictionary.ts'
import { decimal, fieldNumber, fieldText, findField, textOf } from './field-value.ts'
import { ownDirectory } from './own-directory.ts'
import { pathsOf } from './path-list.ts'
import { isCutTitle } from './proctitle.ts'
import type { AuditRecord } from './record.ts'
import { type RecordType, TYPE } from './record-type.ts'
import { decodeSockaddr } from './socket-address.ts'
import { tokensOf } from './tokenise.ts'

/**
 * One audit event, decoded as far as it is asked for: each accessor reads the bytes it needs.
 * Numbers are −1 and texts empty where the event has no such field.
 */
export class DecodedEvent implements EventReading {
  readonly timeMs: number
  readonly seq: number
  readonly node: string | null
  readonly records: readonly AuditRecord[]
  readonly completion: Completion
  readonly late: boolean
  readonly capped: boolean
  readonly #main: AuditRecord
  #arguments: Arguments | null | undefined

  constructor(parts: EventParts) {
    this.timeMs = parts.timeMs
    this.seq = parts.seq
    this.node = parts.node
    this.records = parts.records
    this.completion = parts.completion
    this.late = parts.late
    this.capped = parts.capped
    this.#main = parts.records.find((record) => record.type.number === TYPE.SYSCALL) ?? (parts.records[0] as AuditRecord)
  }

  /** The record that names the event: SYSCALL where there is one, else the first. */
  get main(): AuditRecord {
    return this.#main
  }

  get type(): string {
    return this.#main.type.name
  }

  /** `seconds.milliseconds:serial`, as in the log. */
  get serial(): string {
    const seconds = Math.floor(this.timeMs / 1000)
    return `${seconds}.${String(this.timeMs - seconds * 1000).padStart(3, '0')}:${this.seq}`
  }

  get recordTypes(): string[] {
    return this.records.map((record) => record.type.name)
  }

  /** System call number as logged, −1 where the event has none. */
  get syscall(): number {
    return fieldNumber(this.#main, KEY.syscall)
  }

  get hasSyscall(): boolean {
    return findField(this.#main, KEY.syscall) >= 0
  }

  /** Hexadecimal token, e.g. `c000003e`. */
  get arch(): string {
    return fieldText(this.#main, KEY.arch) ?? ''
  }

  get success(): boolean | undefined {
    const text = fieldText(this.#main, KEY.success)
    return text === 'yes' ? true : text === 'no' ? false : undefined
  }

  /** Return value; a string where it exceeds 2^53, undefined where there is none. */
  get exit(): number | string | undefined {
    const index = findField(this.#main, KEY.exit)
    if (index < 0) return undefined
    const tokens = tokensOf(this.#main)
    const start = tokens[index + 2] as number
    const end = tokens[index + 3] as number
    return decimal(this.#main.body, start, end) ?? textOf(this.#main.body, start, end)
  }

  get pid(): number {
    return fieldNumber(this.#main, KEY.pid)
  }

  get ppid(): number {
    return fieldNumber(this.#main, KEY.ppid)
  }

  get uid(): number {
    return fieldNumber(this.#main, KEY.uid)
  }

  get auid(): number {
    return fieldNumber(this.#main, KEY.auid)
  }

  get ses(): number {
    return fieldNumber(this.#main, KEY.ses)
  }

  get tty(): string {
    return fieldText(this.#main, KEY.tty) ?? ''
  }

  get comm(): string {
    return fieldText(this.#main, KEY.comm) ?? ''
  }

  get exe(): string {
    return fieldText(this.#main, KEY.exe) ?? ''
  }

  /** Rule keys; several are joined by 0x01 in the record (kernel and auditctl, AUDIT_KEY_SEPARATOR). */
  get keys(): string[] {
    let text = fieldText(this.#main, KEY.key)
    for (let i = 0; text === undefined && i < this.records.length; i++) text = fieldText(this.records[i] as AuditRecord, KEY.key)
    return text === null || text === undefined || text === '' ? [] : text.split('\x01')
  }

  /** Arguments of EXECVE; `''` for one the kernel did not log (see `argumentList`). */
  argv(): string[] {
    return (this.argumentList()?.argv ?? []).map((argument) => argument ?? '')
  }

  /** Arguments of EXECVE with `null` for missing ones; undefined where the event has no EXECVE record. */
  argumentList(): Arguments | undefined {
    if (this.#arguments === undefined) this.#arguments = argumentsOf(this.records) ?? null
    return this.#arguments ?? undefined
  }

  /** The arguments as bytes: `argv` shows what is no UTF-8 as U+FFFD, this does not. */
  argumentBytes(): readonly (Buffer | null)[] | undefined {
    return argumentBytesOf(this.records)
  }

  cwd(): string | undefined {
    const record = this.first(TYPE.CWD)
    return record === undefined ? undefined : (fieldText(record, KEY.cwd) ?? undefined)
  }

  paths(): AuditPath[] {
    return pathsOf(this.records, { cwd: this.cwd(), ownDirectory: ownDirectory(this) })
  }

  /** Device of the program that was started (`08:01`), from the first path of its event; empty where it has none. */
  get programDevice(): string {
    const record = this.first(TYPE.PATH)
    return (record === undefined ? undefined : fieldText(record, KEY.dev)) ?? ''
  }

  sockaddr(): AuditSockaddr | undefined {
    const record = this.first(TYPE.SOCKADDR)
    if (record === undefined) return undefined
    const index = findField(record, KEY.saddr)
    if (index < 0) return undefined
    const tokens = tokensOf(record)
    return decodeSockaddr(record.body.subarray(tokens[index + 2], tokens[index + 3]), this.#bigEndian())
  }

  /** Command line as the process shows it: cut by the kernel at 128 bytes, NULs as blanks. */
  proctitle(): string | undefined {
    const record = this.first(TYPE.PROCTITLE)
    const text = record === undefined ? undefined : fieldText(record, KEY.proctitle)
    return text === undefined || text === null ? undefined : text.replace(/\0+$/, '').replaceAll('\0', ' ')
  }

  /** Whether the title has the most bytes that the kernel logs: more may have followed. */
  get proctitleCut(): boolean {
    const record = this.first(TYPE.PROCTITLE)
    return record !== undefined && isCutTitle(record)
  }

  /** The lines as received, joined by `\n`. */
  raw(): Buffer {
    const parts: Buffer[] = []
    for (const { line, lineStart, lineEnd } of this.records) {
      if (parts.length > 0) parts.push(NEWLINE)
      parts.push(line.subarray(lineStart, lineEnd))
    }
    return Buffer.concat(parts)
  }

  /** Whether the lines as received are exactly these bytes: then what they were made from can stand for `raw()`. */
  rawEquals(bytes: Uint8Array): boolean {
    let at = 0
    for (const { line, lineStart, lineEnd } of this.records) {
      if (at > 0 && bytes[at++] !== 0x0a) return false
      const next = at + lineEnd - lineStart
      if (next > bytes.length || line.compare(bytes, at, next, lineStart, lineEnd) !== 0) return false
      at = next
    }
    return at === bytes.length
  }

  get flags(): AuditFlags {
    const argumentsIncomplete = this.argumentList()?.incomplete === true
    let damage = 0
    for (const record of this.records) {
      tokensOf(record)
      damage |= record.damage
    }
    const items = this.#main.type.number === TYPE.SYSCALL ? fieldNumber(this.#main, KEY.items) : 0
    return eventFlags(this, { damage, items, argumentsIncomplete })
  }

  /** The event in the shape of the event model. Decodes everything. */
  toJSON(options?: JsonOptions | string): AuditEvent {
    return eventJson(this, typeof options === 'object' ? options : {})
  }

  /** First record of a type. */
  first(type: RecordType['number']): AuditRecord | undefined {
    for (const record of this.records) if (record.type.number === type) return record
    return undefined
  }

  /** Byte order of the machine: __AUDIT_ARCH_LE in the arch token (include/uapi/linux/audit.h). */
  #bigEndian(): boolean | undefined {
    const arch = Number.parseInt(this.arch, 16)
    return Number.isNaN(arch) ? undefined : (arch & 0x4000_0000) === 0
  }
}

const NEWLINE = Buffer.from('\n')
