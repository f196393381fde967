import type { DecodedEvent } from './decoded-event.ts'
import { KEY, KEY_COUNT } from './field-dictionary.ts'
import { decimal, fieldText, textOf } from './field-value.ts'
import { hexLength, writeHex } from './hex.ts'
import type { JsonBytes } from './json-bytes.ts'
import { ownDirectory } from './own-directory.ts'
import { type PathBase, resolvePath } from './path-list.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'
import { argumentIndex, writeNumber, writeValue } from './write-record.ts'

const places = new Int32Array(KEY_COUNT)
const scratch = Buffer.alloc(512)

/** `,"keys":[…]`. */
export function writeKeys(out: JsonBytes, event: DecodedEvent, index: number): void {
  const tokens = tokensOf(event.main)
  if (index >= 0 && (tokens[index + 4] as number) & MARK.quoted) {
    const key = textOf(event.main.body, tokens[index + 2] as number, tokens[index + 3] as number)
    if (key !== '' && !key.includes('\x01')) {
      out.fragment(',"keys":[')
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
  out.fragment(',"argv":[')
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
  const items: { item: number; record: AuditRecord }[] = []
  for (const record of event.records) {
    if (record.type.number !== TYPE.PATH) continue
    const tokens = tokensOf(record)
    const index = indexOf(tokens, KEY.item)
    const item = index < 0 ? -1 : (decimal(record.body, tokens[index + 2] as number, tokens[index + 3] as number) ?? -1)
    items.push({ item: item < 0 ? items.length : item, record })
  }
  items.sort((a, b) => a.item - b.item)
  out.fragment(',"paths":[')
  for (const [i, { item, record }] of items.entries()) {
    if (i > 0) out.byte(0x2c)
    out.fragment('{"item":')
    out.number(item)
    writePath(out, record, lazyBase)
    out.byte(0x7d)
  }
  out.byte(0x5d)
}

function writePath(out: JsonBytes, record: AuditRecord, base: () => PathBase): void {
  const tokens = tokensOf(record)
  places.fill(-1)
  for (let i = 0; i < tokens.length; i += TOKEN) places[tokenKey(tokens, i)] = i
  out.fragment(',"name":')
  const name = places[KEY.name] as number
  if (name < 0) out.fragment('null')
  else writeValue(out, record, tokens, name)
  if (name >= 0) {
    const start = tokens[name + 2] as number
    const end = tokens[name + 3] as number
    if ((tokens[name + 4] as number) & MARK.quoted && isClean(record.body, start, end)) {
      out.fragment(',"path":')
      out.text(record.body, start, end)
    } else {
      const path = resolvePath(fieldText(record, KEY.name) ?? null, base())
      if (path !== undefined) {
        out.fragment(',"path":')
        out.string(path)
      }
    }
  }
  writeTexts(out, record, tokens)
}

function writeTexts(out: JsonBytes, record: AuditRecord, tokens: Int32Array): void {
  const type = (places[KEY.nametype] as number) < 0 ? KEY.objtype : KEY.nametype
  writeText(out, record, tokens, places[KEY.inode] as number, ',"inode":')
  writeText(out, record, tokens, places[KEY.dev] as number, ',"dev":')
  writeText(out, record, tokens, places[KEY.mode] as number, ',"mode":')
  writeText(out, record, tokens, places[type] as number, ',"nametype":')
  writeAccount(out, record, tokens, places[KEY.ouid] as number, ',"ouid":')
  writeAccount(out, record, tokens, places[KEY.ogid] as number, ',"ogid":')
}

function writeText(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number, name: string): void {
  if (index < 0) return
  const start = out.length
  out.fragment(name)
  const value = out.length
  writeValue(out, record, tokens, index)
  if (out.buffer[value] === 0x6e) out.length = start // null: the field is left out
}

function writeAccount(out: JsonBytes, record: AuditRecord, tokens: Int32Array, index: number, name: string): void {
  if (index < 0) return
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  const value = decimal(record.body, start, end)
  if (value === undefined || value < 0) return
  out.fragment(name)
  writeNumber(out, record.body, { start, end, value })
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
  const quoted = (tokens[index + 4] as number) & MARK.quoted
  if (
    quoted ||
    digits === 0 ||
    digits % 2 === 1 ||
    digits > scratch.length * 2 ||
    hexLength(record.body, start, start + digits) !== digits
  ) {
    const text = fieldText(record, KEY.proctitle)
    if (typeof text !== 'string') return
    out.fragment(',"proctitle":')
    out.string(text.replace(/\0+$/, '').replaceAll('\0', ' '))
    return
  }
  let length = writeHex(record.body, start, digits, scratch, 0)
  while (length > 0 && scratch[length - 1] === 0) length--
  for (let i = 0; i < length; i++) if (scratch[i] === 0) scratch[i] = 0x20
  out.fragment(',"proctitle":')
  out.text(scratch, 0, length)
}

function indexOf(tokens: Int32Array, id: number): number {
  for (let i = 0; i < tokens.length; i += TOKEN) if (tokenKey(tokens, i) === id) return i
  return -1
}
