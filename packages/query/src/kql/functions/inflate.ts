/** Most bytes a compressed constant may grow to. */
const MAX_BYTES = 1_048_576

const LENGTH_BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
  16385, 24577,
]
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** A canonical Huffman code: how many codes of each length there are, and their symbols in order. */
interface Code {
  readonly counts: readonly number[]
  readonly symbols: readonly number[]
}

/** Bits of the stream, lowest first; undefined past its end or over the limit, which ends the whole. */
class Bits {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(count: number): number {
    let value = 0
    for (let bit = 0; bit < count; bit += 1) {
      const byte = this.#bytes[this.#at >> 3]
      if (byte === undefined) throw new RangeError('The stream ends early.')
      value |= ((byte >> (this.#at & 7)) & 1) << bit
      this.#at += 1
    }
    return value
  }

  symbol({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0]
    for (let length = 1; length <= 15; length += 1) {
      code |= this.take(1)
      const count = counts[length] ?? 0
      if (code - first < count) return symbols[index + code - first] ?? 0
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new RangeError('No such code.')
  }

  align(): void {
    this.#at = (this.#at + 7) & ~7
  }
}

function codeOf(lengths: readonly number[]): Code {
  const counts = Array.from({ length: 16 }, (_, length) => lengths.filter((one) => one === length && one > 0).length)
  const symbols = lengths.flatMap((length, symbol) => (length > 0 ? [symbol] : []))
  symbols.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  return { counts, symbols }
}

const fixedLengths = Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8))
const FIXED: readonly [Code, Code] = [codeOf(fixedLengths), codeOf(new Array<number>(30).fill(5))]

/** The codes that a block brings with it, RFC 1951 §3.2.7. */
function ownCodes(bits: Bits): readonly [Code, Code] {
  const [literals, distances, count] = [bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4]
  const order = new Array<number>(19).fill(0)
  for (const at of CODE_ORDER.slice(0, count)) order[at] = bits.take(3)
  const code = codeOf(order)
  const lengths: number[] = []
  while (lengths.length < literals + distances) {
    const symbol = bits.symbol(code)
    if (symbol < 16) lengths.push(symbol)
    else if (symbol === 16) lengths.push(...new Array<number>(3 + bits.take(2)).fill(lengths.at(-1) ?? 0))
    else lengths.push(...new Array<number>(symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7)).fill(0))
  }
  return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals, literals + distances))]
}

function readBlock(bits: Bits, out: number[], [literals, distances]: readonly [Code, Code]): void {
  for (;;) {
    const symbol = bits.symbol(literals)
    if (symbol === 256) return
    if (out.length >= MAX_BYTES) throw new RangeError('Too long.')
    if (symbol < 256) {
      out.push(symbol)
      continue
    }
    const length = (LENGTH_BASES[symbol - 257] ?? 0) + bits.take(LENGTH_BITS[symbol - 257] ?? 0)
    const far = bits.symbol(distances)
    const distance = (DISTANCE_BASES[far] ?? 0) + bits.take(far < 4 ? 0 : (far >> 1) - 1)
    if (distance > out.length) throw new RangeError('Nothing there yet.')
    for (let copied = 0; copied < length; copied += 1) out.push(out[out.length - distance] ?? 0)
  }
}

/**
 * The bytes of a raw deflate stream; undefined where it is none or grows beyond 1 MiB. Written here because the package
 * runs where there is no zlib. Source: RFC 1951.
 */
export function inflate(bytes: Uint8Array): Uint8Array | undefined {
  const bits = new Bits(bytes)
  const out: number[] = []
  try {
    for (let last = 0; last === 0; ) {
      last = bits.take(1)
      const kind = bits.take(2)
      if (kind === 3) return undefined
      if (kind !== 0) readBlock(bits, out, kind === 1 ? FIXED : ownCodes(bits))
      else {
        bits.align()
        const [length, check] = [bits.take(16), bits.take(16)]
        if (length !== (~check & 0xffff) || out.length + length > MAX_BYTES) return undefined
        for (let copied = 0; copied < length; copied += 1) out.push(bits.take(8))
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  return Uint8Array.from(out)
}
