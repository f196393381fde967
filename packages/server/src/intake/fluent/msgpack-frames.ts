/** How deep values may hold values. */
const MAX_DEPTH = 32

/** What a stream of MessagePack may hold. */
export interface MsgpackBounds {
  /** The longest value, bytes. */
  readonly bytes: number
  /** Values that may be complete at once. */
  readonly values?: number
  /** Items that a value may hold: an item of one byte becomes an object of fifty. */
  readonly items?: number
  /** Whether `items` is for all values together. */
  readonly together?: boolean
}

/** A message of 16 MiB has some 8 bytes an item. */
const MAX_ITEMS = 2_000_000
/** One piece of a stream holds a handful of messages. */
const MAX_VALUES = 1_000

/** Why a stream of MessagePack cannot be cut any further. */
export type FrameFault = 'too_long' | 'too_deep' | 'too_many' | 'no_msgpack'

/**
 * Cuts a stream of MessagePack into its values without building them: what claims to be larger or deeper than the
 * bounds is refused before it costs memory. Source: github.com/msgpack/msgpack, spec.md, "Formats".
 */
export class MsgpackFrames {
  /** May be changed between two values. */
  bounds: MsgpackBounds
  #buffer: Buffer = Buffer.alloc(0)
  #length = 0
  /** Where the value at hand begins, and where it is read on. */
  #begin = 0
  #at = 0
  /** Values still missing at each depth of the value at hand. */
  #open: number[] = []
  #items = 0

  constructor(bounds: MsgpackBounds) {
    this.bounds = bounds
  }

  /** Bytes that wait for the rest of their value. */
  get heldBytes(): number {
    return this.#length - this.#begin
  }

  /** The values that are complete now; after a fault nothing more can be read. */
  push(bytes: Buffer): { readonly values: Buffer[]; readonly fault?: FrameFault } {
    this.#append(bytes)
    const { bytes: longest, values: most = MAX_VALUES } = this.bounds
    const values: Buffer[] = []
    for (;;) {
      const end = this.#scan()
      if (end === 'more') break
      if (typeof end === 'string') return { values, fault: end }
      if (values.length >= most) return { values, fault: 'too_many' }
      if (this.bounds.together !== true) this.#items = 0
      values.push(this.#buffer.subarray(this.#begin, end))
      this.#begin = end
    }
    return this.heldBytes > longest ? { values, fault: 'too_long' } : { values }
  }

  /** Values point into the buffer: what is left of one that held any goes to a fresh one. */
  #append(bytes: Buffer): void {
    const held = this.heldBytes
    if (held === 0) {
      this.#buffer = bytes
      this.#begin = 0
      this.#at = 0
      this.#length = bytes.length
      return
    }
    const needed = held + bytes.length
    if (this.#begin > 0 || needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * held))
      this.#buffer.copy(larger, 0, this.#begin, this.#length)
      this.#buffer = larger
      this.#at -= this.#begin
      this.#begin = 0
    }
    bytes.copy(this.#buffer, held)
    this.#length = needed
  }

  /** @returns Where the value ends. */
  #scan(): number | 'more' | FrameFault {
    const { bytes: longest, items: most = MAX_ITEMS } = this.bounds
    while (this.#at < this.#length) {
      const item = itemAt(this.#buffer, this.#at, this.#length)
      if (typeof item === 'string') return item
      if (this.#at - this.#begin + item.bytes > longest) return 'too_long'
      if (this.#at + item.bytes > this.#length) return 'more'
      if (++this.#items > most) return 'too_many'
      this.#at += item.bytes
      if (item.children > 0) {
        if (this.#open.length >= MAX_DEPTH) return 'too_deep'
        this.#open.push(item.children)
        continue
      }
      while (this.#open.length > 0) {
        const left = (this.#open.pop() ?? 1) - 1
        if (left === 0) continue
        this.#open.push(left)
        break
      }
      if (this.#open.length === 0) return this.#at
    }
    return 'more'
  }
}

/** One item: its bytes without what it holds, and how many values it holds. */
interface Item {
  readonly bytes: number
  readonly children: number
}

/** Whole lengths of the items from 0xc0 on that hold no values and have no length of their own; 0 for the others. */
const FIXED = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18]

function itemAt(bytes: Buffer, at: number, end: number): Item | 'more' | 'no_msgpack' {
  const first = bytes[at] ?? 0
  if (first < 0x80 || first >= 0xe0) return { bytes: 1, children: 0 }
  if (first < 0x90) return { bytes: 1, children: 2 * (first & 0x0f) }
  if (first < 0xa0) return { bytes: 1, children: first & 0x0f }
  if (first < 0xc0) return { bytes: 1 + (first & 0x1f), children: 0 }
  if (first === 0xc1) return 'no_msgpack'
  const fixed = FIXED[first - 0xc0] ?? 0
  if (fixed > 0) return { bytes: fixed, children: 0 }
  const { width, extra } = lengthOf(first)
  if (at + 1 + width > end) return 'more'
  const length = bytes.readUIntBE(at + 1, width)
  if (first >= 0xdc) return { bytes: 1 + width, children: first >= 0xde ? 2 * length : length }
  return { bytes: 1 + width + extra + length, children: 0 }
}

/** Bytes of the length behind a first byte, and of the type of an extension. */
function lengthOf(first: number): { readonly width: number; readonly extra: number } {
  if (first >= 0xdc) return { width: first % 2 === 0 ? 2 : 4, extra: 0 }
  const step = first >= 0xd9 ? first - 0xd9 : (first - 0xc4) % 3
  return { width: 2 ** step, extra: first >= 0xc7 && first <= 0xc9 ? 1 : 0 }
}
