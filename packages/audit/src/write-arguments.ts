import { LENGTH_PART, WHOLE_PART } from './argument-name.ts'
import type { DecodedEvent } from './decoded-event.ts'
import { KEY } from './field-dictionary.ts'
import { decimal } from './field-value.ts'
import type { JsonBytes } from './json-bytes.ts'
import { AT, FIELD } from './record-scan.ts'
import { TYPE } from './record-type.ts'
import { type RecordsJson, SPAN } from './records-json.ts'

const ARGV = Buffer.from(',"argv":[')
const NOTHING = Buffer.from('null')
const COMMA_NOTHING = Buffer.from(',null')
/** Missing arguments written at a time where there are many. */
const BLOCK = 256
const NOTHINGS = Buffer.from(',null'.repeat(BLOCK))
/** Most missing arguments that are written out as `null`, as `argumentsOf` does. */
const MAX_MISSING = 65_536

/** Where in the arguments the writer is. */
interface Place {
  /** Arguments written. */
  count: number
  missing: number
  /** N of the argument whose chunks are being written, −1 outside of one. */
  open: number
  /** Characters of its chunks so far, and as announced (−1: not announced). */
  characters: number
  announced: number
  chunks: number
  incomplete: boolean
}

/**
 * `,"argv":[…]` of an event with EXECVE, from the JSON of its records' fields: as `argumentsOf` joins them.
 * Chunks are joined as JSON: the scan has seen that each of them is whole UTF-8.
 *
 * @returns whether arguments are missing; undefined where they come in an order that `argumentsOf` must sort out, and
 *   what was written is to be thrown away.
 */
export function writeArguments(out: JsonBytes, event: DecodedEvent, { fields, spans }: RecordsJson): boolean | undefined {
  const place: Place = { count: 0, missing: 0, open: -1, characters: 0, announced: -1, chunks: 0, incomplete: false }
  let argc: number | undefined
  out.bytes(ARGV)
  let last = -1
  for (let r = 0; r < event.records.length; r++) {
    if (event.records[r]?.type.number !== TYPE.EXECVE) continue
    const end = spans[r * SPAN + 1] as number
    let own: number | undefined
    for (let i = spans[r * SPAN] as number; i < end; i += FIELD) {
      const argument = fields[i + AT.argument] as number
      if (fields[i] === KEY.argc)
        own = decimal(out.buffer, (fields[i + AT.value] as number) + 1, (fields[i + AT.end] as number) - 1)
      if (argument < 0) continue
      // An argument that comes twice: the first one counts, which is not known any more here.
      if (argument < last || (argument === last && argument !== place.open)) return undefined
      if (!writePart(out, fields, i, place)) return undefined
      last = argument
    }
    if (argc === undefined || argc < 0) argc = own ?? -1
  }
  if (!closeChunks(out, place)) return undefined
  writeMissing(out, place, argc ?? -1)
  out.byte(0x5d)
  return place.incomplete || place.missing > 0 || place.count < (argc ?? -1)
}

/** One `aN`, `aN_len` or `aN[i]`. */
function writePart(out: JsonBytes, fields: Int32Array, at: number, place: Place): boolean {
  const argument = fields[at + AT.argument] as number
  const part = fields[at + AT.part] as number
  const value = fields[at + AT.value] as number
  const end = fields[at + AT.end] as number
  if (out.buffer[value] !== 0x22) return false // `(null)`
  if (argument !== place.open && !closeChunks(out, place)) return false
  if (part === WHOLE_PART) {
    begin(out, place, argument)
    out.again(value, end)
    place.count++
    return true
  }
  if (part === LENGTH_PART) {
    if (place.open >= 0) return false
    openChunks(out, place, argument)
    place.announced = decimal(out.buffer, value + 1, end - 1) ?? -1
    return true
  }
  if (place.open < 0) openChunks(out, place, argument)
  if (part !== place.chunks) return false
  place.chunks++
  place.characters += fields[at + AT.length] as number
  out.again(value + 1, end - 1)
  return true
}

function openChunks(out: JsonBytes, place: Place, argument: number): void {
  begin(out, place, argument)
  out.byte(0x22)
  place.open = argument
  place.announced = -1
  place.characters = 0
  place.chunks = 0
}

/** Ends a chunked argument; false where none of its chunks came. */
function closeChunks(out: JsonBytes, place: Place): boolean {
  if (place.open < 0) return true
  if (place.chunks === 0) return false
  out.byte(0x22)
  place.count++
  place.open = -1
  if (place.announced >= 0 && place.announced !== place.characters) place.incomplete = true
  return true
}

/** The comma before an argument, and `null` for those that the kernel did not log before it. */
function begin(out: JsonBytes, place: Place, argument: number): void {
  writeMissing(out, place, argument)
  if (place.count > 0) out.byte(0x2c)
}

/** `null` for each argument up to `count`, as far as they may cost memory. */
function writeMissing(out: JsonBytes, place: Place, count: number): void {
  const end = Math.min(count, place.count + MAX_MISSING - place.missing)
  if (place.count === 0 && end > 0) {
    out.bytes(NOTHING)
    place.count++
    place.missing++
  }
  while (place.count < end) {
    const block = end - place.count >= BLOCK ? BLOCK : 1
    out.bytes(block === BLOCK ? NOTHINGS : COMMA_NOTHING)
    place.count += block
    place.missing += block
  }
}
