/**
 * Gives equal byte strings one small number and one JavaScript string, without making a string to ask.
 * Bounded: when full, `intern` answers 0 and the caller falls back or calls `clear`.
 */
export class ByteInterner {
  readonly #capacity: number
  readonly #table: Int32Array
  readonly #mask: number
  #strings: string[] = ['']
  #bytes: Uint8Array[] = [new Uint8Array(0)]

  /** @param capacity Most strings held; the table is four times as large. */
  constructor(capacity: number) {
    this.#capacity = capacity
    const size = 2 ** Math.ceil(Math.log2(capacity * 4))
    this.#table = new Int32Array(size)
    this.#mask = size - 1
  }

  /** Id of bytes `start` to `end`, from 1; 0 where they are new and there is no room. */
  intern(buffer: Uint8Array, start: number, end: number): number {
    const slot = this.#slot(buffer, start, end)
    const found = this.#table[slot] as number
    if (found !== 0 || this.#strings.length > this.#capacity) return found
    const copy = Uint8Array.prototype.slice.call(buffer, start, end)
    const id = this.#strings.length
    this.#strings.push(Buffer.from(copy.buffer, copy.byteOffset, copy.length).toString('utf8'))
    this.#bytes.push(copy)
    this.#table[slot] = id
    return id
  }

  /** Id of bytes interned before; 0 where they are unknown. Adds nothing. */
  find(buffer: Uint8Array, start: number, end: number): number {
    return this.#table[this.#slot(buffer, start, end)] as number
  }

  /** Interns a word that the code knows. */
  add(word: string): number {
    const bytes = Buffer.from(word)
    return this.intern(bytes, 0, bytes.length)
  }

  text(id: number): string {
    return this.#strings[id] as string
  }

  /** How many strings are held. */
  get size(): number {
    return this.#strings.length - 1
  }

  get full(): boolean {
    return this.#strings.length > this.#capacity
  }

  clear(): void {
    this.#table.fill(0)
    this.#strings = ['']
    this.#bytes = [new Uint8Array(0)]
  }

  #slot(buffer: Uint8Array, start: number, end: number): number {
    let hash = end - start
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] as number)) | 0
    let slot = (hash ^ (hash >>> 15)) & this.#mask
    for (;;) {
      const id = this.#table[slot] as number
      if (id === 0 || equal(this.#bytes[id] as Uint8Array, buffer, start, end)) return slot
      slot = (slot + 1) & this.#mask
    }
  }
}

function equal(known: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== buffer[start + i]) return false
  return true
}
