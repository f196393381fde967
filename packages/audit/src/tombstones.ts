const SIZE = 65_536

/**
 * Remembers which events were given out lately, so that a record that comes too late is known as such.
 * One place per (serial mod 65,536): a newer event takes the place of an older one.
 */
export class Tombstones {
  readonly #times = new Float64Array(SIZE)
  readonly #seqs = new Float64Array(SIZE)
  readonly #nodes: (string | null | undefined)[] = new Array(SIZE)

  add(node: string | null, timeMs: number, seq: number): void {
    const place = placeOf(node, seq)
    this.#times[place] = timeMs
    this.#seqs[place] = seq
    this.#nodes[place] = node
  }

  has(node: string | null, timeMs: number, seq: number): boolean {
    const place = placeOf(node, seq)
    return this.#nodes[place] === node && this.#seqs[place] === seq && this.#times[place] === timeMs
  }
}

function placeOf(node: string | null, seq: number): number {
  const length = node?.length ?? 0
  const last = length > 0 ? (node as string).charCodeAt(length - 1) : 0
  return (seq + last * 4099 + length * 65_537) % SIZE
}
