import { isUtf8 } from 'node:buffer'
import type { DecodedEvent } from '@podwitness/audit'

/** Room behind the records for boot, routes and marks, bytes: a boot id and the names of all routes fit twice. */
const TAIL_BYTES = 256
/** Lines are cut out of blocks of this size, bytes; a larger one gets its own. */
const BLOCK_BYTES = 128 * 1024

/** Bytes that a byte takes in a JSON string (RFC 8259 §7); 0 where it is no ASCII and the line must be looked at whole. */
const COST = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return 0
  if (byte === 0x22 || byte === 0x5c || (byte >= 0x08 && byte <= 0x0d && byte !== 0x0b)) return 2
  return byte < 0x20 ? 6 : 1
})
/** Second byte of the short escapes. */
const SHORT = new Map(Object.entries({ '"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' }))
const ESCAPE = Uint8Array.from({ length: 128 }, (_, byte) => SHORT.get(String.fromCharCode(byte))?.charCodeAt(0) ?? 0)
const HEAD = Buffer.from('{"kind":"audit","raw":"')
const HEX = Buffer.from('0123456789abcdef')
const BACKSLASH = 0x5c
const QUOTE = 0x22

/** A line for the server whose records are written and whose routes are not known yet. */
export interface OpenLine {
  readonly buffer: Buffer
  /** Bytes written. */
  readonly length: number
}

/** What is known of a line only when it goes out. */
export interface LineTail {
  readonly boot: string
  readonly via: readonly string[]
  /** The records came after their event had been given out. */
  readonly late?: boolean
  /** Where its process was, JSON; see `EventPlaces`. */
  readonly place?: string
}

/** Memory of many lines, used again when none of them is needed any more. */
interface Block {
  readonly buffer: Buffer
  used: number
  /** Lines cut out of it that were not given back. */
  lines: number
}

/** Most free blocks kept; more are left to the collector. */
const MAX_FREE_BLOCKS = 32
const free: Block[] = []
/** Weak: a block of which a line was forgotten is the collector's. */
const blockOf = new WeakMap<ArrayBufferLike, Block>()
let block: Block = newBlock()

function newBlock(): Block {
  const buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  const made = { buffer, used: 0, lines: 0 }
  blockOf.set(buffer.buffer, made)
  return made
}

/** Room in a block shared with other lines: an allocation for each would cost more than writing it. */
function room(bytes: number): Buffer {
  if (bytes > BLOCK_BYTES / 4) return Buffer.allocUnsafeSlow(bytes)
  if (block.used + bytes > BLOCK_BYTES) {
    const before = block
    block = free.pop() ?? newBlock()
    if (before.lines === 0) recycle(before)
  }
  block.lines++
  block.used += bytes
  return block.buffer.subarray(block.used - bytes, block.used)
}

/** Gives back what the line cut last did not use. */
function settle(line: Buffer, length: number): Buffer {
  if (line.buffer === block.buffer.buffer && line.byteOffset + line.length === block.used) block.used -= line.length - length
  return line.subarray(0, length)
}

/** Says that a line is not needed any more; once for each, as its memory is used again then. */
export function releaseLine(line: Buffer): void {
  const owner = blockOf.get(line.buffer)
  if (owner === undefined || --owner.lines > 0 || owner === block) return
  recycle(owner)
}

function recycle(before: Block): void {
  before.used = 0
  if (free.length < MAX_FREE_BLOCKS) free.push(before)
  else blockOf.delete(before.buffer.buffer)
}

/** Begins the line of an event: its records as received, straight from the bytes they came in. The event may go afterwards. */
export function openAuditLine(event: DecodedEvent): OpenLine {
  let size = HEAD.length + TAIL_BYTES
  for (const { line, lineStart, lineEnd } of event.records) {
    const cost = costOf(line, lineStart, lineEnd)
    if (cost < 0) return openRawLine(event.raw())
    size += cost + 2
  }
  const buffer = room(size)
  let at = HEAD.copy(buffer)
  let first = true
  for (const { line, lineStart, lineEnd } of event.records) {
    if (!first) {
      buffer[at++] = BACKSLASH
      buffer[at++] = 0x6e
    }
    first = false
    at = write(line, { start: lineStart, end: lineEnd }, buffer, at)
  }
  buffer[at++] = QUOTE
  return { buffer: settle(buffer, at + TAIL_BYTES), length: at }
}

/** Begins a line of given bytes; what is no UTF-8 goes as base64. */
export function openRawLine(raw: Buffer): OpenLine {
  const text = JSON.stringify(
    isUtf8(raw) ? { kind: 'audit', raw: raw.toString('utf8') } : { kind: 'audit', raw64: raw.toString('base64') },
  ).slice(0, -1)
  const length = Buffer.byteLength(text)
  const buffer = room(length + TAIL_BYTES)
  buffer.write(text)
  return { buffer, length }
}

/** Ends a line. */
export function closeAuditLine({ buffer, length }: OpenLine, { boot, via, late, place }: LineTail): Buffer {
  const marks = `${late === true ? ',"late":true' : ''}${place === undefined ? '' : `,"place":${place}`}`
  const tail = `,"boot":${JSON.stringify(boot)},"via":${JSON.stringify(via)}${marks}}`
  if (Buffer.byteLength(tail) > buffer.length - length) {
    const longer = Buffer.concat([buffer.subarray(0, length), Buffer.from(tail)])
    releaseLine(buffer)
    return longer
  }
  return buffer.subarray(0, length + buffer.write(tail, length))
}

function costOf(bytes: Buffer, start: number, end: number): number {
  let cost = 0
  for (let at = start; at < end; at++) {
    const one = COST[bytes[at] as number] as number
    if (one === 0) return -1
    cost += one
  }
  return cost
}

function write(from: Buffer, { start, end }: { start: number; end: number }, to: Buffer, begin: number): number {
  let at = begin
  for (let read = start; read < end; read++) {
    const byte = from[read] as number
    const cost = COST[byte] as number
    if (cost === 1) to[at++] = byte
    else {
      to[at++] = BACKSLASH
      const short = ESCAPE[byte] as number
      if (short !== 0) to[at++] = short
      else at = writeCode(to, at, byte)
    }
  }
  return at
}

/** `u00XX` behind the backslash. */
function writeCode(to: Buffer, at: number, byte: number): number {
  to[at] = 0x75
  to[at + 1] = 0x30
  to[at + 2] = 0x30
  to[at + 3] = HEX[byte >> 4] as number
  to[at + 4] = HEX[byte & 15] as number
  return at + 5
}
