import type { DecodedEvent } from './decoded-event.ts'
import { eventFlags, type FlagFacts, NO_FLAGS } from './event-flags.ts'
import type { JsonOptions } from './event-json.ts'
import { KEY, KEY_COUNT } from './field-dictionary.ts'
import { decimal } from './field-value.ts'
import { interpretEvent } from './interpret.ts'
import type { JsonBytes } from './json-bytes.ts'
import type { AuditRecord } from './record.ts'
import { AT, FIELD } from './record-scan.ts'
import { TYPE } from './record-type.ts'
import { RecordsJson, SPAN } from './records-json.ts'
import { writeArguments } from './write-arguments.ts'
import { writePaths } from './write-paths.ts'
import { writeProctitle } from './write-proctitle.ts'

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
  noFlags: Buffer.from('{}'),
  keys: Buffer.from(',"keys":['),
  success: Buffer.from(',"success":true'),
  failure: Buffer.from(',"success":false'),
  openRecords: Buffer.from(':[{'),
  nextRecord: Buffer.from('},{'),
  closeRecords: Buffer.from('}]'),
}

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

/** Where the naming record has a field: its place by key id, −1 where absent. */
const places = new Int32Array(KEY_COUNT).fill(-1)
/** 1 for a field that was promoted and is not said again under `fields`. */
const promoted = new Uint8Array(KEY_COUNT)
const json = new RecordsJson()
let second = { value: Number.NaN, bytes: Buffer.alloc(0) }

/**
 * Writes one event, for the common forms of records only: first the fields of all records, once, then what is made of
 * them from that JSON, then all of it into its place.
 *
 * @returns false where a record is not of common form: what was written then is to be thrown away.
 */
export function writeEvent(out: JsonBytes, event: DecodedEvent, options: JsonOptions): boolean {
  const { records, main } = event
  const start = out.length
  if (!json.write(out, records)) return false
  const head = out.length
  const index = records.indexOf(main)
  const { fields, spans } = json
  const first = spans[index * SPAN] as number
  const end = spans[index * SPAN + 1] as number
  for (let i = first; i < end; i += FIELD) places[fields[i] as number] = i
  const written = writeParts(out, event, index)
  if (written) writeTail(out, event, options, written)
  for (let i = first; i < end; i += FIELD) {
    places[fields[i] as number] = -1
    promoted[fields[i] as number] = 0
  }
  if (!written) return false
  out.moveDown(head, start)
  return true
}

/** Everything but flags and what follows; undefined where it cannot be written this way. */
function writeParts(out: JsonBytes, event: DecodedEvent, main: number): FlagFacts | undefined {
  const { records } = event
  writeHead(out, event)
  writePromoted(out)
  writeKeys(out, event)
  let argumentsIncomplete: boolean | undefined = false
  if (event.first(TYPE.EXECVE) !== undefined) argumentsIncomplete = writeArguments(out, event, json)
  if (argumentsIncomplete === undefined) return undefined
  writeCwd(out, indexOfType(records, TYPE.CWD))
  writePaths(out, event, json)
  const sockaddr = event.first(TYPE.SOCKADDR) === undefined ? undefined : event.sockaddr()
  if (sockaddr !== undefined) out.json(`,"sockaddr":${JSON.stringify(sockaddr)}`)
  const title = indexOfType(records, TYPE.PROCTITLE)
  if (title >= 0) writeProctitle(out, json, title)
  const items = event.main.type.number === TYPE.SYSCALL ? (promotedNumber(out, KEY.items) ?? -1) : 0
  out.bytes(PIECES.fields)
  writeRest(out, main)
  out.bytes(PIECES.records)
  writeRecords(out, event)
  return { damage: json.damage, items, argumentsIncomplete }
}

function writeTail(out: JsonBytes, event: DecodedEvent, options: JsonOptions, facts: FlagFacts): void {
  if (options.interpret === true) {
    out.bytes(PIECES.interpreted)
    out.json(JSON.stringify(interpretEvent(event)))
    out.bytes(PIECES.flagsAfter)
  } else out.bytes(PIECES.flags)
  const flags = eventFlags(event, facts)
  if (flags === NO_FLAGS) out.bytes(PIECES.noFlags)
  else out.fragment(JSON.stringify(flags))
  if (options.raw === true) writeRaw(out, event)
  out.byte(0x7d)
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
function writePromoted(out: JsonBytes): void {
  const { fields } = json
  promoted[KEY.key] = 1
  for (let i = 0; i < NUMBERS.length; i++) {
    const { id, json: name } = NUMBERS[i] as Promoted
    const at = places[id] as number
    if (at < 0 || isNothing(out, at)) continue
    const start = out.length
    out.bytes(name)
    if (!out.digits((fields[at + AT.value] as number) + 1, (fields[at + AT.end] as number) - 1) && !writeOddNumber(out, id)) {
      out.length = start
      continue
    }
    promoted[id] = 1
  }
  for (const { id, json: name } of TEXTS) {
    const at = places[id] as number
    if (at < 0 || isNothing(out, at)) continue
    out.bytes(name)
    out.again(fields[at + AT.value] as number, fields[at + AT.end] as number)
    promoted[id] = 1
  }
  const success = places[KEY.success] as number
  const word = success < 0 ? undefined : wordAt(out, success)
  if (word === undefined) return
  out.bytes(word ? PIECES.success : PIECES.failure)
  promoted[KEY.success] = 1
}

function promotedNumber(out: JsonBytes, id: number): number | undefined {
  const at = places[id] as number
  if (at < 0) return undefined
  return decimal(out.buffer, (json.fields[at + AT.value] as number) + 1, (json.fields[at + AT.end] as number) - 1)
}

/** A number that JSON writes in another way than the log; false where it is none that can be said. */
function writeOddNumber(out: JsonBytes, id: number): boolean {
  const value = promotedNumber(out, id)
  if (value === undefined && id !== KEY.exit) return false
  const at = places[id] as number
  if (value === undefined) out.again(json.fields[at + AT.value] as number, json.fields[at + AT.end] as number)
  else out.number(value === 0 ? 0 : value)
  return true
}

/** true for `"yes"`, false for `"no"`. */
function wordAt(out: JsonBytes, at: number): boolean | undefined {
  const start = json.fields[at + AT.value] as number
  const length = (json.fields[at + AT.end] as number) - start
  const { buffer } = out
  if (length === 5 && buffer[start + 1] === 0x79 && buffer[start + 2] === 0x65 && buffer[start + 3] === 0x73) return true
  return length === 4 && buffer[start + 1] === 0x6e && buffer[start + 2] === 0x6f ? false : undefined
}

/** `(null)`. */
function isNothing(out: JsonBytes, at: number): boolean {
  return out.buffer[json.fields[at + AT.value] as number] !== 0x22
}

/** `,"keys":[…]`. */
function writeKeys(out: JsonBytes, event: DecodedEvent): void {
  const { fields } = json
  const at = places[KEY.key] as number
  const value = at < 0 ? 0 : (fields[at + AT.value] as number)
  const end = at < 0 ? 0 : (fields[at + AT.end] as number)
  const plain = at < 0 ? !othersHaveKey(event) : isNothing(out, at) || !hasEscape(out.buffer, value, end)
  if (!plain) {
    out.fragment(`,"keys":${JSON.stringify(event.keys)}`)
    return
  }
  out.bytes(PIECES.keys)
  if (at >= 0 && !isNothing(out, at) && end - value > 2) out.again(value, end)
  out.byte(0x5d)
}

function hasEscape(json: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (json[i] === 0x5c) return true
  return false
}

function othersHaveKey({ records }: DecodedEvent): boolean {
  for (let i = 0; i < records.length; i++) if (json.find(i, KEY.key) >= 0) return true
  return false
}

function writeCwd(out: JsonBytes, index: number): void {
  const at = index < 0 ? -1 : json.find(index, KEY.cwd)
  if (at < 0 || isNothing(out, at)) return
  out.bytes(PIECES.cwd)
  out.again(json.fields[at + AT.value] as number, json.fields[at + AT.end] as number)
}

/** The naming record's fields that were not promoted, in runs of neighbours. */
function writeRest(out: JsonBytes, main: number): void {
  const { fields, spans } = json
  const end = spans[main * SPAN + 1] as number
  let from = -1
  let to = -1
  let any = false
  for (let i = spans[main * SPAN] as number; i <= end; i += FIELD) {
    if (i < end && promoted[fields[i] as number] === 0) {
      if (from < 0) from = fields[i + AT.name] as number
      to = fields[i + AT.end] as number
    } else if (from >= 0) {
      if (any) out.byte(0x2c)
      out.again(from, to)
      any = true
      from = -1
    }
  }
}

function indexOfType(records: readonly AuditRecord[], type: number): number {
  for (let i = 0; i < records.length; i++) if (records[i]?.type.number === type) return i
  return -1
}

/** Records by type: types in order of their first record, records of a type in order of arrival. */
function writeRecords(out: JsonBytes, { records }: DecodedEvent): void {
  const { spans } = json
  for (let i = 0; i < records.length; i++) {
    const { type } = records[i] as AuditRecord
    let seen = false
    for (let j = 0; j < i && !seen; j++) seen = records[j]?.type.name === type.name
    if (seen) continue
    if (i > 0) out.byte(0x2c)
    out.word(type.name)
    out.bytes(PIECES.openRecords)
    out.again(spans[i * SPAN + 2] as number, spans[i * SPAN + 3] as number)
    for (let j = i + 1; j < records.length; j++) {
      if (records[j]?.type.name !== type.name) continue
      out.bytes(PIECES.nextRecord)
      out.again(spans[j * SPAN + 2] as number, spans[j * SPAN + 3] as number)
    }
    out.bytes(PIECES.closeRecords)
  }
}
