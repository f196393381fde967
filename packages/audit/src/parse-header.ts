import { ByteInterner } from './byte-interner.ts'
import { readFraming } from './framing.ts'
import { DAMAGE, type LineSpan } from './record.ts'
import { type RecordType, recordTypeOf } from './record-type.ts'
import type { RejectCode } from './reject-code.ts'
import { isReusedNumber, typeByForm } from './reused-type.ts'
import { unescapeSyslog } from './unescape-syslog.ts'

const NO_TYPE: RecordType = { name: '', number: 0 }
const SPACE = 0x20
const TYPE_EQUALS = Buffer.from('type=')
const NODE_EQUALS = Buffer.from('node=')
const MSG_EQUALS = Buffer.from('msg=')
const STAMP = Buffer.from('audit(')

/** Node names seen; names over the bound are made anew each time, which is slower but right. */
const nodes = new ByteInterner(16_384)

/** What the beginning of a line says. One instance is filled again for every line. */
export class Header implements LineSpan {
  type: RecordType = NO_TYPE
  node: string | null = null
  timeMs = 0
  seq = 0
  lineStart = 0
  lineEnd = 0
  body: Buffer = Buffer.alloc(0)
  bodyStart = 0
  bodyEnd = 0
  damage = 0

  /**
   * Reads one line, any framing: bare, `node=`, syslog (RFC 3164 and 5424, ISO time), kernel log.
   * The stamp `audit(SECONDS.MILLIS:SERIAL)` is kernel/audit.c, audit_log_start; `msg=` before it is auditd's.
   *
   * @returns undefined when it is a record, else why not.
   */
  read(buffer: Buffer, start: number, end: number): RejectCode | undefined {
    let last = end
    while (last > start && isBlank(buffer[last - 1] as number)) last--
    this.lineStart = start
    this.lineEnd = end
    this.damage = 0
    this.node = null
    let at = start
    let host: string | null = null
    let syslog = false
    if (!startsWith(buffer, at, last, TYPE_EQUALS) && !startsWith(buffer, at, last, NODE_EQUALS)) {
      const framing = readFraming(buffer, start, last)
      if (typeof framing === 'string') return framing
      at = framing.start
      host = framing.host
      syslog = framing.syslog
    }
    if (startsWith(buffer, at, last, NODE_EQUALS)) {
      const nodeEnd = endOfWord(buffer, at, last)
      this.node = nodeName(buffer, at + 5, nodeEnd)
      at = skipBlanks(buffer, nodeEnd, last)
    } else this.node = host
    if (!startsWith(buffer, at, last, TYPE_EQUALS)) return 'not_audit'
    const typeEnd = endOfWord(buffer, at, last)
    const stamp = this.#readStamp(buffer, skipBlanks(buffer, typeEnd, last), last)
    if (stamp < 0) return 'bad_header'
    this.type = recordTypeOf(buffer, at + 5, typeEnd)
    this.#setBody(buffer, skipBlanks(buffer, stamp, last), last, syslog)
    if (isReusedNumber(this.type) && buffer[at + 5] !== 0x49)
      this.type = typeByForm(this.type, this.body, this.bodyStart, this.bodyEnd)
    return undefined
  }

  #setBody(buffer: Buffer, start: number, end: number, syslog: boolean): void {
    const clean = syslog ? unescapeSyslog(buffer, start, end) : undefined
    this.body = clean ?? buffer
    this.bodyStart = clean === undefined ? start : 0
    this.bodyEnd = clean === undefined ? end : clean.length
  }

  /** Position behind the stamp and its colon, −1 where there is none. */
  #readStamp(buffer: Buffer, start: number, end: number): number {
    let at = startsWith(buffer, start, end, MSG_EQUALS) ? start + 4 : start
    if (!startsWith(buffer, at, end, STAMP)) return -1
    at += 6
    let seconds = 0
    let digits = 0
    for (; isDigit(buffer[at]) && digits < 12; at++, digits++) seconds = seconds * 10 + (buffer[at] as number) - 48
    if (digits === 0 || buffer[at] !== 0x2e) return -1
    let millis = 0
    for (at++, digits = 0; isDigit(buffer[at]) && digits < 3; at++, digits++) millis = millis * 10 + (buffer[at] as number) - 48
    if (digits !== 3 || buffer[at] !== 0x3a) return -1
    let seq = 0
    for (at++, digits = 0; isDigit(buffer[at]) && digits < 11; at++, digits++) seq = seq * 10 + (buffer[at] as number) - 48
    if (digits === 0 || digits > 10 || buffer[at] !== 0x29 || at >= end || seconds > 8_640_000_000_000) return -1
    this.timeMs = seconds * 1000 + millis
    this.seq = seq
    at++
    return buffer[at] === 0x3a && at < end ? at + 1 : at
  }
}

/** A record whose line was cut at the cap. */
export function markTruncated(header: Header): void {
  header.damage |= DAMAGE.truncated
}

/** The name read last: lines of a node come in runs. */
let latestNode = ''
let latestLength = 0
const latestBytes = Buffer.alloc(256)

function nodeName(buffer: Buffer, start: number, end: number): string {
  const length = end - start
  if (length === latestLength) {
    let i = 0
    while (i < length && latestBytes[i] === buffer[start + i]) i++
    if (i === length) return latestNode
  }
  const name = internedName(buffer, start, end)
  if (length > latestBytes.length) return name
  for (let i = 0; i < length; i++) latestBytes[i] = buffer[start + i] as number
  latestLength = length
  latestNode = name
  return name
}

function internedName(buffer: Buffer, start: number, end: number): string {
  const id = nodes.intern(buffer, start, end)
  return id === 0 ? buffer.toString('utf8', start, end) : nodes.text(id)
}

function startsWith(buffer: Buffer, start: number, end: number, word: Uint8Array): boolean {
  const { length } = word
  if (end - start < length) return false
  for (let i = 0; i < length; i++) if (buffer[start + i] !== word[i]) return false
  return true
}

function endOfWord(buffer: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && buffer[at] !== SPACE) at++
  return at
}

function skipBlanks(buffer: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && buffer[at] === SPACE) at++
  return at
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === 0x0d || byte === 0x09
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}
