import type { DecodedEvent } from './decoded-event.ts'
import { isUpperHex, KEY, KEY_COUNT } from './field-dictionary.ts'
import { decimal, fieldText, textOf } from './field-value.ts'
import { hexLength, writeHex } from './hex.ts'
import type { JsonBytes } from './json-bytes.ts'
import { ownDirectory } from './own-directory.ts'
import { type PathBase, resolvePath } from './path-list.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'
import { argumentIndex, writeNumber, writeValue } from './write-record.ts'

/** JSON between the values, as bytes. */
const PIECES = {
  keys: Buffer.from(',"keys":['),
  argv: Buffer.from(',"argv":['),
  paths: Buffer.from(',"paths":['),
  item: Buffer.from('{"item":'),
  name: Buffer.from(',"name":'),
  nothing: Buffer.from('null'),
  path: Buffer.from(',"path":'),
  proctitle: Buffer.from(',"proctitle":'),
  inode: Buffer.from(',"inode":'),
  dev: Buffer.from(',"dev":'),
  mode: Buffer.from(',"mode":'),
  nametype: Buffer.from(',"nametype":'),
  ouid: Buffer.from(',"ouid":'),
  ogid: Buffer.from(',"ogid":'),
}

const places = new Int32Array(KEY_COUNT)
const scratch = Buffer.alloc(512)

/** `,"keys":[…]`. */
export function writeKeys(out: JsonBytes, event: DecodedEvent, index: number): void {
  const tokens = tokensOf(event.main)
  if (index >= 0 && (tokens[index + 4] as number) & MARK.quoted) {
    const key = textOf(event.main.body, tokens[index + 2] as number, tokens[index + 3] as number)
    if (key !== '' && !key.includes('\x01')) {
      out.bytes(PIECES.keys)
      out.word(key)
      out.byte(0x5d)
      return
    }
  }
  out.fragment(`,"keys":${JSON.stringify(event.keys)}`)
}

/**
 * `,"argv":[…]` where the event has EXECVE.
 *
 * @returns false where arguments are missing.
 */
export function writeArguments(out: JsonBytes, event: DecodedEvent): boolean {
  const record = event.first(TYPE.EXECVE)
  if (record === undefined) return true
  if (!isWhole(event, record)) {
    const list = event.argumentList()
    out.json(`,"argv":${JSON.stringify(list?.argv)}`)
    return list?.incomplete !== true
  }
  const tokens = tokensOf(record)
  out.bytes(PIECES.argv)
  for (let i = TOKEN; i < tokens.length; i += TOKEN) {
    if ((tokens[i + 4] as number) & MARK.enriched) break
    if (i > TOKEN) out.byte(0x2c)
    writeValue(out, record, tokens, i)
  }
  out.byte(0x5d)
  return true
}

/** One record, `argc` first, then exactly a0 to a(argc−1), none `(null)`. */
function isWhole(event: DecodedEvent, record: AuditRecord): boolean {
  let count = 0
  for (const each of event.records) if (each.type.number === TYPE.EXECVE) count++
  const tokens = tokensOf(record)
  if (count !== 1 || tokens.length === 0 || tokenKey(tokens, 0) !== KEY.argc) return false
  const argc = decimal(record.body, tokens[2] as number, tokens[3] as number)
  let next = 0
  for (let i = TOKEN; i < tokens.length; i += TOKEN, next++) {
    if ((tokens[i + 4] as number) & MARK.enriched) break
    if (argumentIndex(record.body, tokens[i] as number, tokens[i + 1] as number) !== next) return false
    if (record.body[tokens[i + 2] as number] === 0x28 && !((tokens[i + 4] as number) & MARK.quoted)) return false
  }
  return argc === next
}

/** `,"paths":[…]`, by item. */
export function writePaths(out: JsonBytes, event: DecodedEvent): void {
  let base: PathBase | undefined
  const lazyBase = () => {
    base ??= { cwd: event.cwd(), ownDirectory: ownDirectory(event) }
    return base
  }
  const records = event.records.filter((record) => record.type.number === TYPE.PATH)
  const items = records.map(itemOf)
  out.bytes(PIECES.paths)
  // Few records: taking the lowest that is left each time is cheaper than sorting pairs, and as stable.
  for (let i = 0; i < records.length; i++) {
    let lowest = 0
    for (let j = 1; j < items.length; j++) if ((items[j] as number) < (items[lowest] as number)) lowest = j
    if (i > 0) out.byte(0x2c)
    out.bytes(PIECES.item)
    out.number(items[lowest] as number)
    writePath(out, records[lowest] as AuditRecord, lazyBase)
    out.byte(0x7d)
    items[lowest] = Number.POSITIVE_INFINITY
  }
  out.byte(0x5d)
}

/** `item` of a PATH record, its place in the event where it has none. */
function itemOf(record: AuditRecord, position: number): number {
  const tokens = tokensOf(record)
  const index = indexOf(tokens, KEY.item)
  const item = index < 0 ? undefined : decimal(record.body, tokens[index + 2] as number, tokens[index + 3] as number)
  return item === undefined || item < 0 ? position : item
}

function writePath(out: JsonBytes, record: AuditRecord, base: () => PathBase): void {
  const tokens = tokensOf(record)
  places.fill(-1)
  for (let i = 0; i < tokens.length; i += TOKEN) places[tokenKey(tokens, i)] = i
  out.bytes(PIECES.name)
  const name = places[KEY.name] as number
  if (name < 0) out.bytes(PIECES.nothing)
  else writeValue(out, record, tokens, name)
  if (name >= 0) {
    const start = tokens[name + 2] as number
    const end = tokens[name + 3] as number
    if ((tokens[name + 4] as number) & MARK.quoted && isClean(record.body, start, end)) {
      out.bytes(PIECES.path)
      out.text(record.body, start, end)
    } else {
      const path = resolvePath(fieldText(record, KEY.name) ?? null, base())
      if (path !== undefined) {
        out.bytes(PIECES.path)
        out.string(path)
      }
    }
  }
  writeTexts(out, record, tokens)
}

function writeTexts(out: JsonBytes, record: AuditRecord, tokens: Int32Array): void {
  const type = (places[KEY.nametype] as number) < 0 ? KEY.objtype : KEY.nametype
  writeText(out, record, tokens, places[KEY.inode] as number, PIECES.inode)
  writeText(out, record, tokens, places[KEY.dev] as number, PIECES.dev)
  writeText(out, record, tokens, places[KEY.mode] as number, PIECES.mode)
  writeText(out, record, tokens, places[type] as number, PIECES.nametype)
  writeAccount(out, record, tokens, places[KEY.ouid] as number, PIECES.ouid)
  writeAccount(out, record, tokens, places[KEY.ogid] as number, PIECES.ogid)
}

function writeText(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number, name: Uint8Array): void {
  if (index < 0) return
  const start = out.length
  out.bytes(name)
  const value = out.length
  writeValue(out, record, tokens, index)
  if (out.buffer[value] === 0x6e) out.length = start // null: the field is left out
}

function writeAccount(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number, name: Uint8Array): void {
  if (index < 0) return
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const value = decimal(record.body, start, end)
  if (value === undefined || value < 0) return
  out.bytes(name)
  writeNumber(out, record, index, value)
}

/** An absolute path with nothing to normalise. */
function isClean(buffer: Buffer, start: number, end: number): boolean {
  if (buffer[start] !== 0x2f) return false
  for (let i = start + 1; i < end; i++) {
    const byte = buffer[i]
    if (byte !== undefined && byte >= 0x80) return false
    if (buffer[i - 1] === 0x2f && (byte === 0x2f || byte === 0x2e)) return false
  }
  return end - start === 1 || buffer[end - 1] !== 0x2f
}

/** `,"proctitle":"…"`: NULs as blanks, those at the end dropped. */
export function writeProctitle(out: JsonBytes, record: AuditRecord): void {
  const tokens = tokensOf(record)
  const index = indexOf(tokens, KEY.proctitle)
  if (index < 0) return
  const start = tokens[index + 2] as number
  const digits = (tokens[index + 3] as number) - start
  const quoted = (tokens[index + 4] as number) & (MARK.quoted | MARK.enriched)
  if (
    quoted ||
    digits === 0 ||
    digits % 2 === 1 ||
    digits > scratch.length * 2 ||
    hexLength(record.body, start, start + digits, isUpperHex(record.type)) !== digits
  ) {
    const text = fieldText(record, KEY.proctitle)
    if (typeof text !== 'string') return
    out.bytes(PIECES.proctitle)
    out.string(text.replace(/\0+$/, '').replaceAll('\0', ' '))
    return
  }
  let length = writeHex(record.body, start, digits, scratch, 0)
  while (length > 0 && scratch[length - 1] === 0) length--
  for (let i = 0; i < length; i++) if (scratch[i] === 0) scratch[i] = 0x20
  out.bytes(PIECES.proctitle)
  out.text(scratch, 0, length)
}

function indexOf(tokens: Int32Array, id: number): number {
  for (let i = 0; i < tokens.length; i += TOKEN) if (tokenKey(tokens, i) === id) return i
  return -1
}
