/**
 * Values in the engine's binary form of rows, one after another in one piece of memory that grows.
 * Source: https://clickhouse.com/docs/interfaces/formats/RowBinary
 */
export class RowBytes {
  #bytes: Buffer
  #at = 0

  /** @param sizeBytes Memory to begin with. */
  constructor(sizeBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(sizeBytes)
  }

  get length(): number {
    return this.#at
  }

  /** What was written; shares the memory. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  /** A length or count: seven bits a byte, the lowest first, the eighth bit where more follow. */
  count(value: number): void {
    this.#room(5)
    this.#count(value)
  }

  /** String, LowCardinality(String): its length in bytes, then UTF-8; half a surrogate pair becomes U+FFFD. */
  text(value = ''): void {
    const length = value.length
    if (length === 0) {
      this.#room(1)
      this.#bytes[this.#at++] = 0
      return
    }
    this.#room(length * 3 + 5)
    if (length <= SHORT && this.#short(value, length)) return
    const size = Buffer.byteLength(value)
    this.#count(size)
    this.#bytes.write(value, this.#at, size, 'utf8')
    this.#at += size
  }

  /** Array(String). */
  texts(values: readonly string[] = NONE): void {
    this.count(values.length)
    for (const value of values) this.text(value)
  }

  /** Map(String, String). */
  map(values: Readonly<Record<string, string>> = {}): void {
    const names = Object.keys(values)
    this.count(names.length)
    for (const name of names) {
      this.text(name)
      this.text(values[name])
    }
  }

  /** Int32 and UInt32; what is no number is 0. */
  int32(value = 0): void {
    this.#room(4)
    this.#int32(value | 0)
  }

  /** Int64; whole numbers up to 2^53. */
  int64(value = 0): void {
    this.#room(8)
    const whole = Number.isFinite(value) ? Math.trunc(value) : 0
    const high = Math.floor(whole / 2 ** 32)
    this.#int32((whole - high * 2 ** 32) | 0)
    this.#int32(high | 0)
  }

  #int32(value: number): void {
    const bytes = this.#bytes
    bytes[this.#at++] = value
    bytes[this.#at++] = value >> 8
    bytes[this.#at++] = value >> 16
    bytes[this.#at++] = value >> 24
  }

  #count(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
  }

  /** Most texts are short and ASCII: byte by byte they take less time than a call out of the language. */
  #short(value: string, length: number): boolean {
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = length
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #room(sizeBytes: number): void {
    if (this.#at + sizeBytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + sizeBytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

const NONE: readonly string[] = []
/** Characters, below 128 so that the length is one byte. */
const SHORT = 48
