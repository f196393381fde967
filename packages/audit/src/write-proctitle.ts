import { KEY } from './field-dictionary.ts'
import type { JsonBytes } from './json-bytes.ts'
import { isCutLength } from './proctitle.ts'
import { AT } from './record-scan.ts'
import type { RecordsJson } from './records-json.ts'

const PROCTITLE = Buffer.from(',"proctitle":')
const CUT = Buffer.from(',"proctitleCut":true')
const BACKSLASH = 0x5c
const ZERO = 0x30

/** `,"proctitle":"…"` of record `index`: NULs as blanks, those at the end dropped. */
export function writeProctitle(out: JsonBytes, json: RecordsJson, index: number): void {
  const { fields } = json
  const at = json.find(index, KEY.proctitle)
  if (at < 0) return
  const value = fields[at + AT.value] as number
  if (out.buffer[value] === 0x22) {
    out.bytes(PROCTITLE)
    writeTitle(out, value, fields[at + AT.end] as number)
  }
  if (isCutLength(fields[at + AT.length] as number, fields[at + AT.quoted] === 1)) out.bytes(CUT)
}

function writeTitle(out: JsonBytes, start: number, end: number): void {
  out.reserve(end - start)
  const { buffer } = out
  let to = out.length
  let kept = to + 1 // Behind the last byte that is no NUL; behind the opening quote at least.
  buffer[to++] = 0x22
  for (let i = start + 1; i < end - 1; i++) {
    const byte = buffer[i] as number
    if (byte === BACKSLASH && isNul(buffer, i)) {
      buffer[to++] = 0x20
      i += 5
      continue
    }
    buffer[to++] = byte
    if (byte === BACKSLASH) buffer[to++] = buffer[++i] as number
    kept = to
  }
  buffer[kept] = 0x22
  out.length = kept + 1
}

/** The escape `\u0000`. */
function isNul(json: Uint8Array, at: number): boolean {
  return json[at + 1] === 0x75 && json[at + 2] === ZERO && json[at + 3] === ZERO && json[at + 4] === ZERO && json[at + 5] === ZERO
}
