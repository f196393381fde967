const NEWLINE = 10
const MAX_KEPT_BYTES = 4 * 1024 * 1024
const STEP_BYTES = 256 * 1024

/** Lines as one piece, in memory that is used again for the next ones. */
export class LineBlock {
  #buffer = Buffer.alloc(0)

  /** The lines, each ended by a line end; valid until the next call. */
  join(lines: readonly Buffer[]): Buffer {
    let bytes = lines.length
    for (const line of lines) bytes += line.length
    const buffer = this.#room(bytes)
    let at = 0
    for (const line of lines) {
      at += line.copy(buffer, at)
      buffer[at++] = NEWLINE
    }
    return buffer.subarray(0, bytes)
  }

  #room(bytes: number): Buffer {
    if (bytes > MAX_KEPT_BYTES) return Buffer.allocUnsafeSlow(bytes)
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES)
    return this.#buffer
  }
}
