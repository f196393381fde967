/** What two sides must have in common to be compared at all. */
export interface Likeness {
  readonly namespace: string
  readonly pod: string
  readonly tty: boolean
  readonly argv: readonly string[]
}

/**
 * Finds things that are alike and near in time without looking at all the others: a year of probes
 * costs each of them only its neighbours.
 */
export class NearIndex<T> {
  readonly #groups = new Map<string, { timeMs: number; item: T }[]>()

  constructor(items: readonly T[], likenessOf: (item: T) => Likeness, timeMsOf: (item: T) => number) {
    for (const item of items) {
      const key = keyOf(likenessOf(item))
      const group = this.#groups.get(key)
      const entry = { timeMs: timeMsOf(item), item }
      if (group === undefined) this.#groups.set(key, [entry])
      else group.push(entry)
    }
    for (const group of this.#groups.values()) group.sort((a, b) => a.timeMs - b.timeMs)
  }

  /** Everything alike between two moments, both included, in order of time. */
  near(like: Likeness, fromMs: number, toMs: number): T[] {
    const group = this.#groups.get(keyOf(like)) ?? []
    const found: T[] = []
    for (let at = firstAtLeast(group, fromMs); at < group.length; at++) {
      const entry = group[at]
      if (entry === undefined || entry.timeMs > toMs) break
      found.push(entry.item)
    }
    return found
  }
}

function keyOf({ namespace, pod, tty, argv }: Likeness): string {
  return JSON.stringify([namespace, pod, tty, argv])
}

function firstAtLeast(sorted: readonly { readonly timeMs: number }[], bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.timeMs ?? 0) < bound) low = middle + 1
    else high = middle
  }
  return low
}
