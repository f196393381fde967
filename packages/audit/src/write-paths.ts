import type { DecodedEvent } from './decoded-event.ts'
import { KEY, KEY_COUNT } from './field-dictionary.ts'
import { decimal } from './field-value.ts'
import type { JsonBytes } from './json-bytes.ts'
import { ownDirectory } from './own-directory.ts'
import { type PathBase, resolvePath } from './path-list.ts'
import { AT, FIELD } from './record-scan.ts'
import { TYPE } from './record-type.ts'
import { type RecordsJson, SPAN } from './records-json.ts'

/** JSON between the values, as bytes. */
const PIECES = {
  paths: Buffer.from(',"paths":['),
  item: Buffer.from('{"item":'),
  name: Buffer.from(',"name":'),
  nothing: Buffer.from('null'),
  path: Buffer.from(',"path":'),
  inode: Buffer.from(',"inode":'),
  dev: Buffer.from(',"dev":'),
  mode: Buffer.from(',"mode":'),
  nametype: Buffer.from(',"nametype":'),
  ouid: Buffer.from(',"ouid":'),
  ogid: Buffer.from(',"ogid":'),
}

/** Where the record being written has a field: its place by key id, −1 where absent. */
const places = new Int32Array(KEY_COUNT).fill(-1)
const indexes: number[] = []
const items: number[] = []

/** `,"paths":[…]`, by item, where the event has PATH records. */
export function writePaths(out: JsonBytes, event: DecodedEvent, json: RecordsJson): void {
  const { records } = event
  indexes.length = 0
  items.length = 0
  for (let i = 0; i < records.length; i++) {
    if (records[i]?.type.number !== TYPE.PATH) continue
    items.push(itemOf(out, json, i, indexes.length))
    indexes.push(i)
  }
  if (indexes.length === 0) return
  out.bytes(PIECES.paths)
  // Few records: taking the lowest that is left each time is cheaper than sorting pairs, and as stable.
  for (let i = 0; i < indexes.length; i++) {
    let lowest = 0
    for (let j = 1; j < items.length; j++) if ((items[j] as number) < (items[lowest] as number)) lowest = j
    if (i > 0) out.byte(0x2c)
    out.bytes(PIECES.item)
    out.number(items[lowest] as number)
    writePath(out, event, json, indexes[lowest] as number)
    out.byte(0x7d)
    items[lowest] = Number.POSITIVE_INFINITY
  }
  out.byte(0x5d)
}

/** `item` of a PATH record, its place among them where it has none. */
function itemOf(out: JsonBytes, json: RecordsJson, index: number, position: number): number {
  const at = json.find(index, KEY.item)
  return at < 0 ? position : (numberAt(out, json.fields, at) ?? position)
}

function numberAt(out: JsonBytes, fields: Int32Array, at: number): number | undefined {
  const value = decimal(out.buffer, (fields[at + AT.value] as number) + 1, (fields[at + AT.end] as number) - 1)
  return value === undefined || value < 0 ? undefined : value
}

function writePath(out: JsonBytes, event: DecodedEvent, json: RecordsJson, index: number): void {
  const { fields, spans } = json
  const from = spans[index * SPAN] as number
  const end = spans[index * SPAN + 1] as number
  for (let i = from; i < end; i += FIELD) places[fields[i] as number] = i
  writeName(out, event, fields)
  const type = (places[KEY.nametype] as number) < 0 ? KEY.objtype : KEY.nametype
  writeText(out, fields, KEY.inode, PIECES.inode)
  writeText(out, fields, KEY.dev, PIECES.dev)
  writeText(out, fields, KEY.mode, PIECES.mode)
  writeText(out, fields, type, PIECES.nametype)
  writeAccount(out, fields, KEY.ouid, PIECES.ouid)
  writeAccount(out, fields, KEY.ogid, PIECES.ogid)
  for (let i = from; i < end; i += FIELD) places[fields[i] as number] = -1
}

function writeName(out: JsonBytes, event: DecodedEvent, fields: Int32Array): void {
  out.bytes(PIECES.name)
  const at = places[KEY.name] as number
  if (at < 0) {
    out.bytes(PIECES.nothing)
    return
  }
  const value = fields[at + AT.value] as number
  const end = fields[at + AT.end] as number
  out.again(value, end)
  if (isClean(out.buffer, value, end)) {
    out.bytes(PIECES.path)
    out.again(value, end)
    return
  }
  const name: string | null = JSON.parse(out.buffer.toString('utf8', value, end))
  const path = name === null || name === '' ? undefined : resolvePath(name, baseOf(event, name))
  if (path === undefined) return
  out.bytes(PIECES.path)
  out.string(path)
}

const NO_BASE: PathBase = { cwd: undefined, ownDirectory: false }

/** What a name starts from; an absolute one from nothing. */
function baseOf(event: DecodedEvent, name: string): PathBase {
  return name.startsWith('/') ? NO_BASE : { cwd: event.cwd(), ownDirectory: ownDirectory(event) }
}

/** Fields that are `(null)` are left out. */
function writeText(out: JsonBytes, fields: Int32Array, id: number, name: Uint8Array): void {
  const at = places[id] as number
  if (at < 0) return
  const value = fields[at + AT.value] as number
  if (out.buffer[value] !== 0x22) return
  out.bytes(name)
  out.again(value, fields[at + AT.end] as number)
}

function writeAccount(out: JsonBytes, fields: Int32Array, id: number, name: Uint8Array): void {
  const at = places[id] as number
  const value = at < 0 ? undefined : numberAt(out, fields, at)
  if (value === undefined) return
  out.bytes(name)
  out.number(value)
}

/** A string that is an absolute path with nothing to normalise. */
function isClean(json: Uint8Array, start: number, end: number): boolean {
  if (json[start + 1] !== 0x2f) return false
  let before = 0x2f
  for (let i = start + 2; i < end - 1; i++) {
    const byte = json[i] as number
    if (byte >= 0x80 || byte === 0x5c) return false
    if (before === 0x2f && (byte === 0x2f || byte === 0x2e)) return false
    before = byte
  }
  return end - start === 3 || before !== 0x2f
}
