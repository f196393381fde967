import { isUtf8 } from 'node:buffer'
import { type ArgumentName, LENGTH_PART, readArgumentName } from './argument-name.ts'
import { isEncoded, isUpperHex, KEY, KEY_COUNT, keyId } from './field-dictionary.ts'
import { HEX_DIGIT, UPPER_HEX_DIGIT } from './hex.ts'
import { escapeByte, JSON_CLASS, type JsonBytes } from './json-bytes.ts'
import { KEY_EQUALS, KEY_EQUALS_AT, KEY_JSON, KEY_JSON_AT } from './key-bytes.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { canFollowQuote, enrichedNameBefore, MARK, trimNested } from './tokenise.ts'

/** Numbers that a field takes in `RecordScan.fields`. */
export const FIELD = 8
/** What they are: the key's id, see `ArgumentName`, where in the JSON, how long the value is as logged, 1 if in quotes. */
export const AT = { id: 0, argument: 1, part: 2, name: 3, value: 4, end: 5, length: 6, quoted: 7 } as const
/** `argument` of a field that is none, and of one that auditd added. */
const NO_ARGUMENT = -1
const ENRICHED_ARGUMENT = -2

const QUOTE = 0x22
const TICK = 0x27
const SPACE = 0x20
const EQUALS = 0x3d
const GROUP_SEPARATOR = 0x1d
/** Type numbers above this share one place in the table of first names. */
const MAX_TYPE = 4095

/**
 * Which name came behind a name the last time, and first in a record of a type: programs write the same fields in the
 * same order, so comparing with that is cheaper than looking a name up. 0 where nothing is known.
 */
const following = new Uint16Array(KEY_COUNT + MAX_TYPE + 1)
const stamps = new Int32Array(KEY_COUNT)

/**
 * Reads a record and writes its fields as JSON in one pass over the bytes; says where each field stands in the JSON.
 * Only for records of common form: anything that would be damage, a repeated or unknown name or a loose word makes `scan`
 * answer false, and the long way (`tokensOf`, `recordFields`) decides. The grammar is `tokensOf`'s.
 */
export class RecordScan {
  fields = new Int32Array(2048 * FIELD)
  /** Numbers used in `fields`. */
  used = 0
  readonly #name: ArgumentName = { argument: 0, part: 0 }
  #body: Buffer = Buffer.alloc(0)
  #type: AuditRecord['type'] = { name: '', number: 0 }
  #digit: Uint8Array = HEX_DIGIT
  #out: Buffer = this.#body
  #to = 0
  #stamp = 0
  #marks = 0
  #before = 0
  #first = true
  #argument = 0
  #part = 0
  /** Whether the name read last is an argument's. */
  #isArgument = false
  /** Behind the value that was read last. */
  #next = 0

  /** Appends `"name":value,…` to `out` and the fields to `fields`. */
  scan(record: AuditRecord, out: JsonBytes): boolean {
    const { number } = record.type
    if (number === TYPE.AVC || number === TYPE.USER_AVC || number === TYPE.LOGIN) return false
    // One byte becomes six at most (an escape); a name costs three more, and at least three bytes stand for it.
    out.reserve((record.bodyEnd - record.bodyStart) * 6 + 16)
    this.#body = record.body
    this.#type = record.type
    this.#digit = isUpperHex(record.type) ? UPPER_HEX_DIGIT : HEX_DIGIT
    this.#out = out.buffer
    this.#to = out.length
    this.#stamp++
    this.#marks = 0
    this.#first = true
    this.#argument = NO_ARGUMENT
    this.#part = 0
    this.#before = KEY_COUNT + Math.min(number, MAX_TYPE)
    const plain = this.#run(record.bodyStart, record.bodyEnd)
    out.length = this.#to
    return plain
  }

  #run(start: number, end: number): boolean {
    const body = this.#body
    for (let at = start; at < end; ) {
      const byte = body[at] as number
      if (byte === SPACE || byte === 0x09) at++
      else if (byte === GROUP_SEPARATOR) {
        this.#marks = MARK.enriched
        at++
      } else {
        at = this.#field(at, end)
        if (at < 0) return false
      }
    }
    return true
  }

  /** One `key=value`; answers the position behind it, −1 where it is not plain. */
  #field(start: number, end: number): number {
    const body = this.#body
    const keyStart = this.#marks & MARK.nested && body[start] === 0x28 ? start + 1 : start
    let id = following[this.#before] as number
    let keyEnd = this.#expected(id, keyStart, end)
    if (keyEnd < 0) {
      keyEnd = keyStart
      for (; keyEnd < end; keyEnd++) {
        const byte = body[keyEnd] as number
        if (byte === EQUALS || byte === SPACE || byte === QUOTE || byte === TICK || byte === GROUP_SEPARATOR) break
      }
      if (keyEnd === keyStart || keyEnd >= end || body[keyEnd] !== EQUALS) return -1
      id = keyId(body, keyStart, keyEnd)
      following[this.#before] = id
    }
    this.#before = id
    if (id === KEY.SADDR || id === KEY.IPE) return -1
    if (id === KEY.msg && body[keyEnd + 1] === TICK && keyEnd + 1 < end) return this.#message(keyEnd + 2, end)
    if (!this.#isNew(id, keyStart, keyEnd)) return -1
    return this.#write(id, keyStart, keyEnd, end)
  }

  /** End of the name where it is the one expected, else −1. */
  #expected(id: number, start: number, end: number): number {
    const body = this.#body
    const from = KEY_EQUALS_AT[id] as number
    const length = (KEY_EQUALS_AT[id + 1] as number) - from
    if (length === 0 || start + length > end) return -1
    for (let i = 0; i < length; i++) if (body[start + i] !== KEY_EQUALS[from + i]) return -1
    return start + length - 1
  }

  /** Whether this name is known and comes for the first time; arguments must come in order. */
  #isNew(id: number, keyStart: number, keyEnd: number): boolean {
    if (id !== 0) {
      if (stamps[id] === this.#stamp) return false
      stamps[id] = this.#stamp
    }
    if (this.#type.number !== TYPE.EXECVE) return id !== 0
    const name = this.#name
    this.#isArgument = readArgumentName(this.#body, keyStart, keyEnd, name)
    if (!this.#isArgument) return id !== 0
    if (name.argument < this.#argument || (name.argument === this.#argument && name.part <= this.#part)) return false
    this.#argument = name.argument
    this.#part = name.part
    return true
  }

  /** `msg='…'` of user space: its fields stand beside the record's own. */
  #message(start: number, end: number): number {
    if (this.#marks & MARK.nested) return -1
    const body = this.#body
    let close = -1
    for (let at = start; at < end && body[at] !== GROUP_SEPARATOR; at++) if (body[at] === TICK) close = at
    if (close < 0) return -1
    this.#marks = MARK.nested
    if (!this.#run(start, close)) return -1
    this.#marks = 0
    return close + 1
  }

  #write(id: number, keyStart: number, keyEnd: number, end: number): number {
    const name = this.#writeName(id, keyStart, keyEnd)
    const value = this.#to
    const start = keyEnd + 1
    const first = start < end ? (this.#body[start] as number) : SPACE
    if (first === TICK) return -1
    let length: number
    if (first === QUOTE) length = this.#quoted(start + 1, end)
    else length = this.#isHex(id) ? this.#hex(start, end) : this.#bare(start, end)
    if (length < 0) return -1
    if (this.used + FIELD > this.fields.length) this.#grow()
    const { fields, used } = this
    fields[used] = id
    fields[used + 1] = NO_ARGUMENT
    if (this.#type.number === TYPE.EXECVE) {
      if (this.#marks & MARK.enriched) fields[used + 1] = ENRICHED_ARGUMENT
      else if (this.#isArgument) fields[used + 1] = this.#argument
      fields[used + 2] = this.#part
    }
    fields[used + 3] = name
    fields[used + 4] = value
    fields[used + 5] = this.#to
    fields[used + 6] = length
    fields[used + 7] = first === QUOTE ? 1 : 0
    this.used = used + FIELD
    return this.#next
  }

  /** `"name":` with the comma before it; answers where the name begins. */
  #writeName(id: number, keyStart: number, keyEnd: number): number {
    const out = this.#out
    let to = this.#to
    const skip = this.#first ? 1 : 0
    this.#first = false
    const name = to + 1 - skip
    if (id !== 0) {
      const stop = KEY_JSON_AT[id + 1] as number
      for (let i = (KEY_JSON_AT[id] as number) + skip; i < stop; i++) out[to++] = KEY_JSON[i] as number
    } else {
      const body = this.#body
      if (skip === 0) out[to++] = 0x2c
      out[to++] = QUOTE
      for (let i = keyStart; i < keyEnd; i++) out[to++] = body[i] as number
      out[to++] = QUOTE
      out[to++] = 0x3a
    }
    this.#to = to
    return name
  }

  /** Whether an unquoted value may be hex of the real bytes. */
  #isHex(id: number): boolean {
    if (this.#marks & MARK.enriched) return false
    return this.#type.number === TYPE.EXECVE ? this.#isArgument && this.#part !== LENGTH_PART : isEncoded(this.#type, id)
  }

  /** Each of the writers answers how long the value is as logged, −1 where it is not plain. */
  #quoted(start: number, end: number): number {
    const body = this.#body
    const out = this.#out
    const from = this.#to
    let to = from
    let wide = false
    out[to++] = QUOTE
    let at = start
    for (; at < end; at++) {
      const byte = body[at] as number
      const kind = JSON_CLASS[byte] as number
      if (kind === 0) out[to++] = byte
      else if (kind === 1) {
        if (byte === QUOTE && (body[at + 1] === SPACE || canFollowQuote(body, at + 1, end))) break
        to = escapeByte(out, to, byte)
      } else {
        wide = true
        out[to++] = byte
      }
    }
    if (at >= end) return -1
    out[to++] = QUOTE
    this.#to = to
    const next = body[at + 1]
    this.#next = at + 1 < end && (next === 0x2c || next === 0x29) ? at + 2 : at + 1
    return wide && !isUtf8(out.subarray(from, to)) ? -1 : at - start
  }

  #bare(start: number, end: number): number {
    const body = this.#body
    const out = this.#out
    const from = this.#to
    let to = from
    let wide = false
    let stop = end
    out[to++] = QUOTE
    for (let at = start; at < end; at++) {
      const byte = body[at] as number
      const kind = JSON_CLASS[byte] as number
      if (kind === 0) {
        if (byte === SPACE) {
          stop = at
          break
        }
        if (byte === EQUALS && at > start) {
          const name = enrichedNameBefore(body, start, at)
          if (name > start) {
            to -= at - name // Such a name is written as it stands, a byte for a byte.
            stop = name
            break
          }
        }
        out[to++] = byte
      } else if (byte === GROUP_SEPARATOR) {
        stop = at
        break
      } else if (kind === 1) to = escapeByte(out, to, byte)
      else {
        wide = true
        out[to++] = byte
      }
    }
    this.#next = stop
    let valueEnd = stop
    if (this.#marks & MARK.nested) valueEnd = trimNested(body, start, stop)
    to -= stop - valueEnd // Commas and brackets: a byte for a byte too.
    if (valueEnd - start === 6 && isNull(body, start)) {
      to = from
      for (let i = 1; i < 5; i++) out[to++] = body[start + i] as number
    } else out[to++] = QUOTE
    this.#to = to
    return wide && !isUtf8(out.subarray(from, to)) ? -1 : valueEnd - start
  }

  #hex(start: number, end: number): number {
    const body = this.#body
    const out = this.#out
    const digit = this.#digit
    const from = this.#to
    let to = from
    let wide = false
    let at = start
    out[to++] = QUOTE
    for (; at + 1 < end; at += 2) {
      const high = digit[body[at] as number] as number
      const low = digit[body[at + 1] as number] as number
      if ((high | low) > 15) break
      const byte = (high << 4) | low
      const kind = JSON_CLASS[byte] as number
      if (kind === 0) out[to++] = byte
      else if (kind === 1) to = escapeByte(out, to, byte)
      else {
        wide = true
        out[to++] = byte
      }
    }
    const ends = at >= end || body[at] === SPACE || body[at] === GROUP_SEPARATOR
    if (at === start || !ends) {
      const length = this.#bare(start, end)
      return length > 0 && isAllHex(body, start, start + length, digit) ? -1 : length // Rare: an odd digit at a cut end.
    }
    out[to++] = QUOTE
    this.#to = to
    this.#next = at
    return wide && !isUtf8(out.subarray(from, to)) ? -1 : at - start
  }

  #grow(): void {
    const larger = new Int32Array(this.fields.length * 2)
    larger.set(this.fields)
    this.fields = larger
  }
}

function isAllHex(body: Uint8Array, start: number, end: number, digit: Uint8Array): boolean {
  for (let i = start; i < end; i++) if ((digit[body[i] as number] as number) > 15) return false
  return true
}

function isNull(body: Uint8Array, at: number): boolean {
  return (
    body[at] === 0x28 &&
    body[at + 1] === 0x6e &&
    body[at + 2] === 0x75 &&
    body[at + 3] === 0x6c &&
    body[at + 4] === 0x6c &&
    body[at + 5] === 0x29
  )
}
