import { isUtf8 } from 'node:buffer'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** How a byte is written in a JSON string: 0 as it is, 1 by an escape, 2 as part of a longer character. */
export const JSON_CLASS = new Uint8Array(256)
for (let i = 0; i < 256; i++) JSON_CLASS[i] = i >= 0x80 ? 2 : i < 0x20 || i === QUOTE || i === BACKSLASH ? 1 : 0

const ESCAPES = Array.from({ length: 128 }, (_, i) => Buffer.from(JSON.stringify(String.fromCharCode(i)).slice(1, -1)))
/** What bytes that are no UTF-8 became, and rarely what a program wrote. */
const REPLACEMENT = '\ufffd'
/** Bytes from which on a call of `copyWithin` is cheaper than a loop. */
const LONG = 96
/** Every whole number of so many digits is below 2^53. */
const MAX_DIGITS = 15
const fragments = new Map<string, Uint8Array>()
const words = new Map<string, Uint8Array>()

/** A growing buffer of JSON. Strings are written from bytes where they can be, without a JavaScript string in between. */
export class JsonBytes {
  buffer: Buffer = Buffer.allocUnsafe(1 << 18)
  length = 0
  /** Bytes that are no UTF-8 may have been written as U+FFFD since this was last reset. */
  replaced = false

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size))
    larger.set(this.buffer.subarray(0, this.length))
    this.buffer = larger
  }

  byte(value: number): void {
    if (this.length >= this.buffer.length) this.reserve(1)
    this.buffer[this.length++] = value
  }

  /** Bytes that are JSON already. */
  bytes(source: Uint8Array): void {
    const { length } = source
    this.reserve(length)
    const out = this.buffer
    const at = this.length
    if (length > LONG) out.set(source, at)
    else for (let i = 0; i < length; i++) out[at + i] = source[i] as number
    this.length = at + length
  }

  /** Bytes `start` to `end` of what was written before, again. */
  again(start: number, end: number): void {
    const length = end - start
    this.reserve(length)
    const out = this.buffer
    const at = this.length
    if (length > LONG) out.copyWithin(at, start, end)
    else for (let i = 0; i < length; i++) out[at + i] = out[start + i] as number
    this.length = at + length
  }

  /**
   * Bytes `start` to `end` of what was written before, again, where they are a whole number as JSON writes it.
   *
   * @returns false, with nothing written, where they are none, or so long that a double may not hold it.
   */
  digits(start: number, end: number): boolean {
    const length = end - start
    this.reserve(length)
    const out = this.buffer
    const at = this.length
    if (length === 0 || length > MAX_DIGITS || (out[start] === 0x30 && length > 1)) return false
    for (let i = 0; i < length; i++) {
      const byte = out[start + i] as number
      if (byte < 0x30 || byte > 0x39) return false
      out[at + i] = byte
    }
    this.length = at + length
    return true
  }

  /** Moves what was written from `start` on to `to`, over what stands there. */
  moveDown(start: number, to: number): void {
    this.buffer.copyWithin(to, start, this.length)
    this.length -= start - to
  }

  /** JSON that is in a string. */
  json(text: string): void {
    if (text.includes(REPLACEMENT)) this.replaced = true
    this.reserve(text.length * 3)
    this.length += this.buffer.write(text, this.length)
  }

  /** A piece of JSON that comes again and again. */
  fragment(text: string): void {
    let bytes = fragments.get(text)
    if (bytes === undefined) {
      bytes = Buffer.from(text)
      if (fragments.size < 8192) fragments.set(text, bytes)
    }
    this.bytes(bytes)
  }

  /** A string, quoted. */
  string(text: string): void {
    this.json(JSON.stringify(text))
  }

  /** A string that comes again and again, quoted. */
  word(text: string): void {
    let bytes = words.get(text)
    if (bytes === undefined) {
      bytes = Buffer.from(JSON.stringify(text))
      if (text.includes(REPLACEMENT)) this.replaced = true
      else if (words.size < 8192 && text.length <= 64) words.set(text, bytes)
    }
    this.bytes(bytes)
  }

  /** A whole number. */
  number(value: number): void {
    if (value < 0 || value > 9_007_199_254_740_991) {
      this.json(String(value))
      return
    }
    this.reserve(16)
    let digits = 1
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
    let left = value
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const next = Math.floor(left / 10)
      this.buffer[at] = 48 + left - next * 10
      left = next
    }
    this.length += digits
  }

  /** Bytes of text as a quoted string; what is not UTF-8 becomes U+FFFD. */
  text(source: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 6 + 2)
    const out = this.buffer
    let at = this.length
    out[at++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = source[i] as number
      const kind = JSON_CLASS[byte] as number
      if (kind === 0) out[at++] = byte
      else if (kind === 1) at = escapeByte(out, at, byte)
      else {
        this.#wide(source, start, end)
        return
      }
    }
    out[at++] = QUOTE
    this.length = at
  }

  /** Text with bytes above 0x7F. */
  #wide(source: Uint8Array, start: number, end: number): void {
    const span = source.subarray(start, end)
    if (!isUtf8(span)) {
      this.replaced = true
      this.string(Buffer.from(span).toString('utf8'))
      return
    }
    const out = this.buffer
    let at = this.length
    out[at++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = source[i] as number
      if (JSON_CLASS[byte] === 1) at = escapeByte(out, at, byte)
      else out[at++] = byte
    }
    out[at++] = QUOTE
    this.length = at
  }
}

/** Writes a byte that needs an escape; answers the position behind it. */
export function escapeByte(out: Buffer, start: number, byte: number): number {
  const bytes = ESCAPES[byte] as Buffer
  for (let i = 0; i < bytes.length; i++) out[start + i] = bytes[i] as number
  return start + bytes.length
}
