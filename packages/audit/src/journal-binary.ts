const LENGTH_BYTES = 8
/** Longest value taken for one, bytes: no audit message is near it, and a damaged length must not swallow the input. */
const MAX_VALUE = 16 << 20

/**
 * A field of the journal's export format whose value is not plain text: the name on a line of its own, the length as
 * 64 bits little endian, the bytes, a newline. Source: systemd.io/JOURNAL_EXPORT_FORMATS.
 */
export class JournalBinary {
  readonly name: string
  readonly #keep: number
  readonly #head = Buffer.alloc(LENGTH_BYTES)
  #headLength = 0
  /** Bytes of the value and its newline still to come. */
  #left = 0
  #parts: Buffer[] = []
  #kept = 0
  #done = false

  /** @param keep Most bytes of the value that are kept. */
  constructor(name: string, keep: number) {
    this.name = name
    this.#keep = keep
  }

  get done(): boolean {
    return this.#done
  }

  /** Undefined where its length cannot be. */
  get value(): Buffer | undefined {
    return this.#left < 0 ? undefined : Buffer.concat(this.#parts)
  }

  /** Takes what belongs to the value from `start` on; answers the position behind it. A length over the bound ends it at once. */
  take(buffer: Buffer, start: number, end: number): number {
    let at = start
    while (this.#headLength < LENGTH_BYTES && at < end) this.#head[this.#headLength++] = buffer[at++] as number
    if (this.#headLength < LENGTH_BYTES) return at
    if (this.#left === 0) {
      const length = this.#head.readUInt32LE(0) + this.#head.readUInt32LE(4) * 0x1_0000_0000
      if (length > MAX_VALUE) {
        this.#left = -1
        this.#done = true
        return at
      }
      this.#left = length + 1
    }
    const taken = Math.min(this.#left, end - at)
    this.#append(buffer.subarray(at, at + Math.min(taken, this.#left - 1)))
    this.#left -= taken
    this.#done = this.#left === 0
    return at + taken
  }

  #append(bytes: Buffer): void {
    const room = this.#keep - this.#kept
    if (room <= 0 || bytes.length === 0) return
    this.#parts.push(Buffer.from(bytes.subarray(0, room)))
    this.#kept += Math.min(room, bytes.length)
  }
}
