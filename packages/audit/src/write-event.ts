import { type DecodedEvent, NO_FLAGS } from './decoded-event.ts'
import type { JsonOptions } from './event-json.ts'
import { KEY, KEY_COUNT } from './field-dictionary.ts'
import { decimal, textOf } from './field-value.ts'
import { interpretEvent } from './interpret.ts'
import type { JsonBytes } from './json-bytes.ts'
import { isCutTitle } from './proctitle.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'
import { writeArguments, writeKeys, writePaths, writeProctitle } from './write-lists.ts'
import { isPlain, writeFields, writeNumber, writeValue } from './write-record.ts'

/** JSON between the values, as bytes. */
const PIECES = {
  fields: Buffer.from(',"fields":{'),
  records: Buffer.from('},"records":{'),
  flags: Buffer.from('},"flags":'),
  flagsAfter: Buffer.from(',"flags":'),
  interpreted: Buffer.from('},"interpreted":'),
  raw: Buffer.from(',"raw":['),
  timeMs: Buffer.from('Z","timeMs":'),
  seq: Buffer.from(',"seq":'),
  node: Buffer.from(',"node":'),
  nothing: Buffer.from('null'),
  type: Buffer.from(',"type":'),
  recordTypes: Buffer.from(',"recordTypes":['),
  cwd: Buffer.from(',"cwd":'),
  proctitleCut: Buffer.from(',"proctitleCut":true'),
  openRecords: Buffer.from(':[{'),
  nextRecord: Buffer.from('},{'),
  closeRecords: Buffer.from('}]'),
}

/** Records more than this go the long way, which is linear where this one is not. */
const MAX_RECORDS = 64

interface Promoted {
  readonly id: number
  /** `,"name":` */
  readonly json: Uint8Array
}

const promotedField = (name: keyof typeof KEY): Promoted => ({ id: KEY[name], json: Buffer.from(`,"${name}":`) })

/** Promoted fields in the order of the event model. */
const NUMBERS = (
  ['syscall', 'exit', 'pid', 'ppid', 'auid', 'uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid', 'ses'] as const
).map(promotedField)
const TEXTS = (['arch', 'tty', 'comm', 'exe', 'subj'] as const).map(promotedField)

/** Where the naming record has a field: token index by key id, −1 where absent. */
const places = new Int32Array(KEY_COUNT)
/** 1 for a field that was promoted and is not said again under `fields`. */
const promoted = new Uint8Array(KEY_COUNT)
let second = { value: Number.NaN, bytes: Buffer.alloc(0) }

/**
 * Writes one event, for the common forms of records only.
 *
 * @returns false where a record has repeated or unknown names or loose words: what was written then is to be thrown away.
 */
export function writeEvent(out: JsonBytes, event: DecodedEvent, options: JsonOptions): boolean {
  const { records, main } = event
  if (records.length > MAX_RECORDS) return false
  for (const record of records) if (!isPlain(record)) return false
  const tokens = tokensOf(main)
  places.fill(-1)
  promoted.fill(0)
  for (let i = 0; i < tokens.length; i += TOKEN) places[tokenKey(tokens, i)] = i
  writeHead(out, event)
  writePromoted(out, event)
  writeKeys(out, event, places[KEY.key] as number)
  const complete = writeArguments(out, event)
  const cwd = event.first(TYPE.CWD)
  if (cwd !== undefined) writeCwd(out, event)
  if (event.first(TYPE.PATH) !== undefined) writePaths(out, event)
  const sockaddr = event.first(TYPE.SOCKADDR) === undefined ? undefined : event.sockaddr()
  if (sockaddr !== undefined) out.json(`,"sockaddr":${JSON.stringify(sockaddr)}`)
  const title = event.first(TYPE.PROCTITLE)
  if (title !== undefined) writeProctitle(out, title)
  if (title !== undefined && isCutTitle(title)) out.bytes(PIECES.proctitleCut)
  out.bytes(PIECES.fields)
  writeFields(out, main, promoted)
  out.bytes(PIECES.records)
  writeRecords(out, event)
  if (options.interpret === true) {
    out.bytes(PIECES.interpreted)
    out.json(JSON.stringify(interpretEvent(event)))
    out.bytes(PIECES.flagsAfter)
  } else out.bytes(PIECES.flags)
  const flags = event.flagsGiven(!complete)
  out.fragment(flags === NO_FLAGS ? '{}' : JSON.stringify(flags))
  if (options.raw === true) writeRaw(out, event)
  out.byte(0x7d)
  return true
}

/** `,"raw":[…]`: the lines as received. */
function writeRaw(out: JsonBytes, { records }: DecodedEvent): void {
  out.bytes(PIECES.raw)
  for (const [i, { line, lineStart, lineEnd }] of records.entries()) {
    if (i > 0) out.byte(0x2c)
    out.text(line, lineStart, lineEnd)
  }
  out.byte(0x5d)
}

function writeHead(out: JsonBytes, event: DecodedEvent): void {
  const { timeMs, seq, node, records } = event
  const seconds = Math.floor(timeMs / 1000)
  if (second.value !== seconds)
    second = { value: seconds, bytes: Buffer.from(`{"time":"${new Date(seconds * 1000).toISOString().slice(0, -4)}`) }
  const millis = timeMs - seconds * 1000
  out.bytes(second.bytes)
  out.byte(48 + Math.floor(millis / 100))
  out.byte(48 + (Math.floor(millis / 10) % 10))
  out.byte(48 + (millis % 10))
  out.bytes(PIECES.timeMs)
  out.number(timeMs)
  out.bytes(PIECES.seq)
  out.number(seq)
  out.bytes(PIECES.node)
  if (node === null) out.bytes(PIECES.nothing)
  else out.word(node)
  out.bytes(PIECES.type)
  out.word(event.type)
  out.bytes(PIECES.recordTypes)
  for (let i = 0; i < records.length; i++) {
    if (i > 0) out.byte(0x2c)
    out.word((records[i] as (typeof records)[0]).type.name)
  }
  out.byte(0x5d)
}

/** The system call's own fields, under their names, typed. */
function writePromoted(out: JsonBytes, { main }: DecodedEvent): void {
  const tokens = tokensOf(main)
  promoted[KEY.key] = 1
  for (const { id, json } of NUMBERS) {
    const index = places[id] as number
    if (index < 0 || isNothing(tokens, index, main.body)) continue
    const value = decimal(main.body, tokens[index + 2] as number, tokens[index + 3] as number)
    if (value === undefined && id !== KEY.exit) continue
    out.bytes(json)
    if (value === undefined) writeValue(out, main, tokens, index)
    else writeNumber(out, main, index, value)
    promoted[id] = 1
  }
  for (const { id, json } of TEXTS) {
    const index = places[id] as number
    if (index < 0 || isNothing(tokens, index, main.body)) continue
    out.bytes(json)
    writeValue(out, main, tokens, index)
    promoted[id] = 1
  }
  const success = places[KEY.success] as number
  if (success < 0) return
  const text = textOf(main.body, tokens[success + 2] as number, tokens[success + 3] as number)
  if (text !== 'yes' && text !== 'no') return
  out.fragment(text === 'yes' ? ',"success":true' : ',"success":false')
  promoted[KEY.success] = 1
}

/** An unquoted `(null)`. */
function isNothing(tokens: Int32Array, index: number, body: Buffer): boolean {
  const start = tokens[index + 2] as number
  if (body[start] !== 0x28 || (tokens[index + 4] as number) & MARK.quoted) return false
  return textOf(body, start, tokens[index + 3] as number) === '(null)'
}

function writeCwd(out: JsonBytes, event: DecodedEvent): void {
  const cwd = event.cwd()
  if (cwd === undefined) return
  out.bytes(PIECES.cwd)
  out.word(cwd)
}

/** Records by type: types in order of their first record, records of a type in order of arrival. */
function writeRecords(out: JsonBytes, { records }: DecodedEvent): void {
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as (typeof records)[0]
    let seen = false
    for (let j = 0; j < i && !seen; j++) seen = records[j]?.type.name === record.type.name
    if (seen) continue
    if (i > 0) out.byte(0x2c)
    out.word(record.type.name)
    out.bytes(PIECES.openRecords)
    writeFields(out, record, undefined)
    for (let j = i + 1; j < records.length; j++) {
      const other = records[j] as (typeof records)[0]
      if (other.type.name !== record.type.name) continue
      out.bytes(PIECES.nextRecord)
      writeFields(out, other, undefined)
    }
    out.bytes(PIECES.closeRecords)
  }
}
