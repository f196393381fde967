/** Longest message taken, bytes; more of it is cut. Kernel audit records are at most 8,970 bytes, syslog adds a little. */
const MAX_MESSAGE_BYTES = 65_536

/** A longer count is no message of anybody's: the stream cannot be trusted any further. */
const MAX_COUNT_BYTES = 16 * 1024 * 1024

/**
 * Cuts a TCP stream into messages: octet counting where a message begins with its length, else line ends; a sender may
 * use both. Source: RFC 6587, 3.4.1 and 3.4.2.
 */
export class SyslogFrames {
  /** Bytes that are no message yet: the first `#length` of the buffer, the first `#scanned` of them without line end. */
  #buffer: Buffer = Buffer.allocUnsafeSlow(4096)
  #length = 0
  #scanned = 0
  /** Bytes of an overlong message still to be passed over. */
  #skip = 0
  /** Whether a line that was cut is passed over up to its end. */
  #skipLine = false
  #cut = 0
  #fault: 'bad_count' | undefined

  /** Messages of which only the beginning was taken. */
  get cut(): number {
    return this.#cut
  }

  /** Why nothing more can be read. */
  get fault(): 'bad_count' | undefined {
    return this.#fault
  }

  /** Bytes that are no message yet. */
  get heldBytes(): number {
    return this.#length
  }

  /** @returns The messages that are complete with these bytes. */
  push(bytes: Buffer): Buffer[] {
    if (this.#fault !== undefined) return []
    this.#append(bytes)
    const messages: Buffer[] = []
    let at = 0
    while (at < this.#length) {
      const data = this.#buffer.subarray(at, this.#length)
      const passed = data.length - this.#passOver(data).length
      const end = passed < data.length ? this.#frame(data.subarray(passed), messages) : 0
      at += passed
      if (end < 0) break
      at += end
      this.#scanned = 0
    }
    if (at > 0) {
      // The messages point into the buffer: what is left goes to a fresh one.
      const rest = this.#buffer.subarray(at, this.#length)
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(4096, rest.length))
      rest.copy(this.#buffer)
      this.#length = rest.length
    }
    return messages
  }

  /** What stands at the end of a stream without line end. */
  end(): Buffer[] {
    const rest = this.#buffer.subarray(0, this.#length)
    this.#length = 0
    return rest.length === 0 || this.#skipLine || this.#skip > 0 ? [] : [rest]
  }

  #append(bytes: Buffer): void {
    const needed = this.#length + bytes.length
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
    }
    bytes.copy(this.#buffer, this.#length)
    this.#length = needed
  }

  #passOver(data: Buffer): Buffer {
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, data.length)
      this.#skip -= passed
      return data.subarray(passed)
    }
    if (!this.#skipLine) return data
    const newline = data.indexOf(10)
    if (newline < 0) return data.subarray(data.length)
    this.#skipLine = false
    return data.subarray(newline + 1)
  }

  /** @returns Where the next message begins; −1 where this one is not complete. */
  #frame(data: Buffer, messages: Buffer[]): number {
    const counted = /^(\d{1,9}) /.exec(data.subarray(0, 11).toString('latin1'))
    if (counted !== null) {
      const begin = counted[0].length
      const length = Number(counted[1])
      if (length > MAX_COUNT_BYTES) {
        this.#fault = 'bad_count'
        return -1
      }
      const kept = Math.min(length, MAX_MESSAGE_BYTES)
      if (data.length < begin + kept) return -1
      messages.push(data.subarray(begin, begin + kept))
      this.#skip = length - kept
      if (this.#skip > 0) this.#cut++
      return begin + kept
    }
    const newline = data.indexOf(10, this.#scanned)
    if (newline < 0 && data.length < MAX_MESSAGE_BYTES) {
      this.#scanned = data.length
      return -1
    }
    const end = newline < 0 ? MAX_MESSAGE_BYTES : Math.min(newline, MAX_MESSAGE_BYTES)
    if (end > 0) messages.push(data.subarray(0, end))
    this.#skipLine = newline < 0 || newline > end
    if (this.#skipLine) this.#cut++
    return this.#skipLine ? end : newline + 1
  }
}
