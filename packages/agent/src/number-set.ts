const LEAST_PLACES = 1024

/**
 * A set of numbers from 0 on, without an object for each: a Set of numbers above 2^30 takes four times the memory, all of
 * which the garbage collector has to walk through.
 */
export class NumberSet {
  /** Numbers plus one; 0 is a free place. At most half of the places are taken. */
  #places = new Float64Array(LEAST_PLACES)
  #size = 0

  get size(): number {
    return this.#size
  }

  has(value: number): boolean {
    return this.#places[this.#find(value)] !== 0
  }

  add(value: number): void {
    const place = this.#find(value)
    if (this.#places[place] !== 0) return
    this.#places[place] = value + 1
    this.#size++
    if (this.#size * 2 > this.#places.length) this.#grow()
  }

  /** Forgets all numbers; keeps the memory. */
  clear(): void {
    this.#places.fill(0)
    this.#size = 0
  }

  /** Where the number is, or the free place where it would be. */
  #find(value: number): number {
    const places = this.#places
    const mask = places.length - 1
    let at = Math.imul((value % 0x1_0000_0000) ^ (value / 0x1_0000_0000), 0x9e3779b1) >>> 8
    for (at &= mask; places[at] !== 0 && places[at] !== value + 1; at = (at + 1) & mask) {
      // The next place.
    }
    return at
  }

  #grow(): void {
    const before = this.#places
    this.#places = new Float64Array(before.length * 2)
    for (const value of before) if (value !== 0) this.#places[this.#find(value - 1)] = value
  }
}
