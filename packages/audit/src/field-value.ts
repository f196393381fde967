import { ByteInterner } from './byte-interner.ts'
import { isEncoded, isUpperHex, keyText } from './field-dictionary.ts'
import { hexLength, writeHex } from './hex.ts'
import { type AuditRecord, DAMAGE } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'

/** Short values come again and again (`/bin/sh`, `pts0`, `yes`): one string each, until the table is full. */
const words = new ByteInterner(8192)
const MAX_WORD = 40

/** Bytes as text. Bytes that are not UTF-8 become U+FFFD; `raw` keeps them. */
export function textOf(buffer: Buffer, start: number, end: number): string {
  if (end - start > MAX_WORD) return buffer.toString('utf8', start, end)
  if (end <= start) return ''
  if (words.full) words.clear()
  return words.text(words.intern(buffer, start, end))
}

/** Name of a token's field. */
export function tokenName(record: AuditRecord, tokens: Int32Array, index: number): string {
  const id = tokenKey(tokens, index)
  return id > 0 ? keyText(id) : textOf(record.body, tokens[index] as number, tokens[index + 1] as number)
}

/** Position of the first raw (not ENRICHED) field of this name, −1 where the record has none. */
export function findField(record: AuditRecord, id: number): number {
  const tokens = tokensOf(record)
  for (let i = 0; i < tokens.length; i += TOKEN) if (tokenKey(tokens, i) === id) return i
  return -1
}

/** Value of a field as text, decoded by the dictionary; undefined where absent, null where `(null)`. */
export function fieldText(record: AuditRecord, id: number): string | null | undefined {
  const index = findField(record, id)
  return index < 0 ? undefined : tokenText(record, tokensOf(record), index)
}

/** Decoded value of one token; `null` for an unquoted `(null)`. */
export function tokenText(record: AuditRecord, tokens: Int32Array, index: number): string | null {
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const marks = tokens[index + 4] as number
  if (marks & MARK.quoted) return textOf(record.body, start, end)
  if (end - start === 6 && isNull(record.body, start)) return null
  if (!(marks & MARK.enriched) && encodes(record, tokens, index)) {
    const decoded = decodeHex(record, start, end)
    if (decoded !== undefined) return decoded.toString('utf8')
  }
  return textOf(record.body, start, end)
}

/** The bytes a token stands for. */
export function tokenBytes(record: AuditRecord, tokens: Int32Array, index: number): Buffer {
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const literal = (tokens[index + 4] as number) & (MARK.quoted | MARK.enriched)
  const decoded = literal || !encodes(record, tokens, index) ? undefined : decodeHex(record, start, end)
  return decoded ?? record.body.subarray(start, end)
}

/** Whole number in a field; −1 where absent, unset names or not a number. */
export function fieldNumber(record: AuditRecord, id: number): number {
  const index = findField(record, id)
  if (index < 0) return -1
  const tokens = record.tokens as Int32Array
  return decimal(record.body, tokens[index + 2] as number, tokens[index + 3] as number) ?? -1
}

/** Reads a decimal integer; undefined where it is none or exceeds 2^53. */
export function decimal(buffer: Buffer, start: number, end: number): number | undefined {
  const negative = buffer[start] === 0x2d
  let at = negative ? start + 1 : start
  if (at >= end || end - at > 16) return undefined
  let value = 0
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (!Number.isSafeInteger(value)) return undefined
  return negative ? -value : value
}

function encodes(record: AuditRecord, tokens: Int32Array, index: number): boolean {
  const { type, body } = record
  if (type.number === TYPE.EXECVE) {
    const start = tokens[index] as number
    const second = (tokens[index + 1] as number) - start > 1 ? (body[start + 1] as number) : 0
    return body[start] === 0x61 && second >= 48 && second <= 57 && body[(tokens[index + 1] as number) - 1] !== 0x6e
  }
  return isEncoded(type, tokenKey(tokens, index))
}

/** Hex → bytes; undefined where it is no hex. An odd last digit is dropped only at a cut end. */
function decodeHex(record: AuditRecord, start: number, end: number): Buffer | undefined {
  const digits = hexLength(record.body, start, end, isUpperHex(record.type))
  if (digits !== end - start || digits === 0) return undefined
  if (digits % 2 === 1) {
    if (end !== record.bodyEnd || digits < 3) return undefined
    record.damage |= DAMAGE.truncated
  }
  const out = Buffer.allocUnsafe(digits >> 1)
  writeHex(record.body, start, digits, out, 0)
  return out
}

function isNull(buffer: Buffer, at: number): boolean {
  return (
    buffer[at] === 0x28 &&
    buffer[at + 1] === 0x6e &&
    buffer[at + 2] === 0x75 &&
    buffer[at + 3] === 0x6c &&
    buffer[at + 4] === 0x6c &&
    buffer[at + 5] === 0x29
  )
}
