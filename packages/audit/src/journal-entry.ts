import { JournalBinary } from './journal-binary.ts'

/** Longest entry kept, bytes of its fields that matter. */
const MAX_ENTRY = 65_536
const FIELD = /^([A-Z_][A-Z0-9_]*)=(.*)$/s
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/
const WANTED = new Set([
  '_TRANSPORT',
  '_AUDIT_ID',
  '_AUDIT_TYPE',
  '_AUDIT_TYPE_NAME',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_HOSTNAME',
  'MESSAGE',
])

/**
 * Reads journald's audit entries, JSON (`journalctl -o json`) and export format, back into audit lines.
 * journald cuts the stamp off the message and stores it as `_SOURCE_REALTIME_TIMESTAMP` (µs) and `_AUDIT_ID`.
 * Source: systemd, src/journal/journald-audit.c; export format: systemd.io/JOURNAL_EXPORT_FORMATS.
 */
export class JournalEntry {
  /** Values as latin1: one character a byte. */
  #fields = new Map<string, string>()
  #size = 0
  /** The entry was one JSON line and is whole. */
  complete = false

  get open(): boolean {
    return this.#fields.size > 0
  }

  /** Takes a line of an entry; false where the line is none. */
  take(buffer: Buffer, start: number, end: number): boolean {
    if (buffer[start] === 0x7b) return this.#takeJson(buffer.toString('utf8', start, end))
    const match = FIELD.exec(buffer.toString('latin1', start, end))
    if (match === null) return false
    const [, name, value] = match as unknown as [string, string, string]
    if (!this.open && !name.startsWith('_')) return false
    this.#set(name, value)
    return true
  }

  /** The field whose value follows as counted bytes, where this line of an open entry is nothing but its name. */
  binary(buffer: Buffer, start: number, end: number): JournalBinary | undefined {
    const name = this.open ? buffer.toString('latin1', start, Math.min(end, start + 65)) : ''
    return NAME.test(name) ? new JournalBinary(name, WANTED.has(name) ? MAX_ENTRY : 0) : undefined
  }

  takeBinary(field: JournalBinary): void {
    if (field.value !== undefined) this.#set(field.name, field.value.toString('latin1'))
  }

  #set(name: string, value: string): void {
    this.#size += value.length
    if (WANTED.has(name) && this.#size <= MAX_ENTRY) this.#fields.set(name, value)
    else if (!this.open) this.#fields.set('', '')
  }

  /** Ends the entry; undefined where it was no audit entry. */
  close(): Buffer | undefined {
    const fields = this.#fields
    this.#fields = new Map()
    this.#size = 0
    this.complete = false
    const micros = Number(fields.get('_SOURCE_REALTIME_TIMESTAMP'))
    const id = fields.get('_AUDIT_ID')
    const message = fields.get('MESSAGE')
    if (!(micros >= 0) || id === undefined || message === undefined || !/^\d{1,10}$/.test(id)) return undefined
    const name = fields.get('_AUDIT_TYPE_NAME') ?? message.split(' ', 1)[0] ?? ''
    const type = fields.get('_AUDIT_TYPE') ?? name
    const body = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message
    const host = fields.get('_HOSTNAME')
    const millis = Math.floor(micros / 1000)
    const stamp = `${Math.floor(millis / 1000)}.${String(millis % 1000).padStart(3, '0')}:${id}`
    return Buffer.from(`${host ? `node=${host} ` : ''}type=${type} msg=audit(${stamp}): ${body.replaceAll('\n', ' ')}`, 'latin1')
  }

  #takeJson(text: string): boolean {
    let entry: unknown
    try {
      entry = JSON.parse(text)
    } catch {
      return false
    }
    if (typeof entry !== 'object' || entry === null || !('_AUDIT_ID' in entry)) return false
    this.#fields = new Map()
    for (const [name, value] of Object.entries(entry)) {
      if (!WANTED.has(name)) continue
      if (typeof value === 'string') this.#fields.set(name, Buffer.from(value).toString('latin1'))
      else if (Array.isArray(value))
        this.#fields.set(name, Buffer.from(value.filter(Number.isInteger) as number[]).toString('latin1'))
    }
    this.complete = true
    return this.#fields.size > 0
  }
}
