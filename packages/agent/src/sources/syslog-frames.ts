/** Longest message taken, bytes; RFC 5425 §4.3.1 asks for at least 8192. */
export const MAX_MESSAGE_BYTES = 65_536

const NEWLINE = 10
const SPACE = 32

/**
 * Splits a syslog stream into messages, whichever framing the sender uses for each: a length before it (octet counting,
 * RFC 5425 §4.3) or a line end behind it (RFC 6587 §3.4.2). Line ends inside of a counted message become blanks.
 */
export class SyslogFrames {
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of a message over the bound that are still to be skipped; −1: to the next line end. */
  #skip = 0
  /** Messages cut at the bound. */
  cut = 0

  /** Takes bytes; returns whole messages, each ended by a line end. */
  push(chunk: Buffer): Buffer {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    for (;;) {
      bytes = this.#skipped(bytes)
      if (bytes.length === 0 || this.#skip !== 0) break
      const taken = this.#take(bytes, messages)
      if (taken === 0) break
      bytes = bytes.subarray(taken)
    }
    this.#rest = Buffer.from(bytes)
    return Buffer.concat(messages)
  }

  /** What is left when the sender is gone: a last message without an end. */
  end(): Buffer {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return rest.length === 0 ? rest : Buffer.concat([rest, END])
  }

  /** Bytes used up; 0 where a message is not whole yet. */
  #take(bytes: Buffer, messages: Buffer[]): number {
    const count = countOf(bytes)
    if (count === 'more') return 0
    if (count !== undefined) {
      const { length, start } = count
      if (length > MAX_MESSAGE_BYTES) {
        if (bytes.length < start + MAX_MESSAGE_BYTES) return 0
        this.cut++
        this.#skip = length - MAX_MESSAGE_BYTES
        messages.push(oneLine(bytes.subarray(start, start + MAX_MESSAGE_BYTES)), END)
        return start + MAX_MESSAGE_BYTES
      }
      if (bytes.length < start + length) return 0
      messages.push(oneLine(bytes.subarray(start, start + length)), END)
      return start + length
    }
    const end = bytes.indexOf(NEWLINE)
    if (end >= 0 && end <= MAX_MESSAGE_BYTES) {
      messages.push(bytes.subarray(0, end + 1))
      return end + 1
    }
    if (bytes.length <= MAX_MESSAGE_BYTES) return 0
    this.cut++
    this.#skip = -1
    messages.push(bytes.subarray(0, MAX_MESSAGE_BYTES), END)
    return MAX_MESSAGE_BYTES
  }

  #skipped(bytes: Buffer): Buffer {
    if (this.#skip === 0) return bytes
    if (this.#skip > 0) {
      const taken = Math.min(this.#skip, bytes.length)
      this.#skip -= taken
      return bytes.subarray(taken)
    }
    const end = bytes.indexOf(NEWLINE)
    if (end < 0) return bytes.subarray(bytes.length)
    this.#skip = 0
    return bytes.subarray(end + 1)
  }
}

const END = Buffer.from('\n')

/** `LENGTH ` at the beginning; `more` where it may still become one; undefined where the message begins at once. */
function countOf(bytes: Buffer): { length: number; start: number } | 'more' | undefined {
  let length = 0
  for (let at = 0; at < 10; at++) {
    const byte = bytes[at]
    if (byte === undefined) return at === 0 ? undefined : 'more'
    if (byte === SPACE && at > 0) return { length, start: at + 1 }
    if (byte < 48 || byte > 57 || (at === 0 && byte === 48)) return undefined
    length = length * 10 + byte - 48
  }
  return undefined
}

function oneLine(message: Buffer): Buffer {
  let end = message.length
  while (end > 0 && (message[end - 1] === NEWLINE || message[end - 1] === 0)) end--
  const line = message.subarray(0, end)
  if (!line.includes(NEWLINE)) return line
  const copy = Buffer.from(line)
  for (let at = copy.indexOf(NEWLINE); at >= 0; at = copy.indexOf(NEWLINE, at)) copy[at] = SPACE
  return copy
}
