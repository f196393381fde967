import { isEncoded, isUpperHex, KEY_COUNT, keyText } from './field-dictionary.ts'
import { tokenText } from './field-value.ts'
import { hexLength, writeHex } from './hex.ts'
import type { JsonBytes } from './json-bytes.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'

/** JSON between the values, as bytes. */
const PIECES = {
  nothing: Buffer.from('null'),
}

const stamps = new Int32Array(KEY_COUNT)
let stamp = 0
let scratch = Buffer.alloc(4096)
const names: (Uint8Array | undefined)[] = []

/** Whether a record's fields can be written in order as they are: known names, no name twice, no loose word. */
export function isPlain(record: AuditRecord): boolean {
  const { number } = record.type
  if (number === TYPE.AVC || number === TYPE.USER_AVC || number === TYPE.LOGIN) return false
  const tokens = tokensOf(record)
  stamp++
  let last = 3
  for (let i = 0; i < tokens.length; i += TOKEN) {
    if (tokens[i] === tokens[i + 1]) return false
    const id = tokenKey(tokens, i)
    if (id === 0) {
      const index = number === TYPE.EXECVE ? argumentIndex(record.body, tokens[i] as number, tokens[i + 1] as number) : -1
      if (index <= last) return false
      last = index
    } else if (stamps[id] === stamp) return false
    else stamps[id] = stamp
  }
  return true
}

/** N of `aN`, −1 for any other name. */
export function argumentIndex(buffer: Buffer, start: number, end: number): number {
  if (buffer[start] !== 0x61 || end - start < 2 || end - start > 8 || (buffer[start + 1] === 0x30 && end - start > 2)) return -1
  let index = 0
  for (let i = start + 1; i < end; i++) {
    const digit = (buffer[i] as number) - 48
    if (digit < 0 || digit > 9) return -1
    index = index * 10 + digit
  }
  return index
}

/** `"name":value,…` of a plain record, without the fields whose id is marked in `skip`. */
export function writeFields(out: JsonBytes, record: AuditRecord, skip: Uint8Array | undefined): void {
  const tokens = tokensOf(record)
  let first = true
  for (let i = 0; i < tokens.length; i += TOKEN) {
    const id = tokenKey(tokens, i)
    if (skip !== undefined && skip[id] === 1) continue
    if (!first) out.byte(0x2c)
    first = false
    if (id === 0) {
      out.text(record.body, tokens[i] as number, tokens[i + 1] as number)
      out.byte(0x3a)
    } else out.bytes(nameOf(id))
    writeValue(out, record, tokens, i)
  }
}

/** One decoded value: a string or null. */
export function writeValue(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number): void {
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const marks = tokens[index + 4] as number
  const first = record.body[start] as number
  // A value in quotes or one that can be neither `(null)` nor hex is written as it stands.
  const literal = (marks & (MARK.quoted | MARK.enriched)) !== 0
  if (end - start === 6 && first === 0x28 && (marks & MARK.quoted) === 0) writeText(out, record, tokens, index)
  else if (literal || !mayBeHex(record, tokens, index)) out.text(record.body, start, end)
  else writeEncoded(out, record, tokens, index)
}

/** The bytes a hex value stands for, as text. */
function writeEncoded(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number): void {
  const start = tokens[index + 2] as number
  const digits = (tokens[index + 3] as number) - start
  if (digits === 0 || digits % 2 === 1 || hexLength(record.body, start, start + digits, isUpperHex(record.type)) !== digits) {
    writeText(out, record, tokens, index)
    return
  }
  if (scratch.length < digits) scratch = Buffer.alloc(digits)
  out.text(scratch, 0, writeHex(record.body, start, digits, scratch, 0))
}

function writeText(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number): void {
  const text = tokenText(record, tokens, index)
  if (text === null) out.bytes(PIECES.nothing)
  else out.string(text)
}

function mayBeHex(record: AuditRecord, tokens: Int32Array, index: number): boolean {
  if (record.type.number !== TYPE.EXECVE) return isEncoded(record.type, tokenKey(tokens, index))
  return argumentIndex(record.body, tokens[index] as number, tokens[index + 1] as number) >= 0
}

/** The number in a field, as logged where that is how JSON writes it. */
export function writeNumber(out: JsonBytes, record: AuditRecord, index: number, value: number): void {
  const tokens = tokensOf(record)
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const first = record.body[start] as number
  if ((first === 0x30 && end - start > 1) || first === 0x2d) out.number(value === 0 ? 0 : value)
  else out.span(record.body, start, end)
}

function nameOf(id: number): Uint8Array {
  let name = names[id]
  if (name === undefined) {
    name = Buffer.from(`${JSON.stringify(keyText(id))}:`)
    names[id] = name
  }
  return name
}
