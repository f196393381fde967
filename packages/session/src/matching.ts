import { strongComponents } from './strong-components.ts'

/** A bipartite graph: for every left vertex, the right vertices it may be matched with. */
export type Edges = readonly (readonly number[])[]

/** What all maximum matchings together say of one left vertex. */
export interface Possibilities {
  /** Right vertices it is matched with in at least one maximum matching. */
  readonly partners: readonly number[]
  /** Whether every maximum matching uses it. */
  readonly always: boolean
}

/**
 * For every left vertex: its partners over all maximum matchings, and whether it is matched in all
 * of them. Only what holds in every maximum matching is certain.
 *
 * One maximum matching tells all of them apart (A. L. Dulmage and N. S. Mendelsohn, 1958): an edge is in some maximum
 * matching exactly if it is in this one, on an alternating cycle, or on an even alternating path that begins at a free
 * vertex. Linear in the edges beyond the matching itself, so a script that does the same all day costs no more.
 *
 * @param edges Right vertices are numbered from 0 to `rightCount` − 1.
 */
export function allMaximumMatchings(edges: Edges, rightCount: number): Possibilities[] {
  const { rightOf, leftOf } = maximumMatching(edges, rightCount)
  const avoidable = fromFreeLefts(edges, rightOf, leftOf)
  const open = fromFreeRights(edges, rightOf, leftOf)
  const component = strongComponents(
    edges.map((rights) => rights.map((right) => leftOf[right] ?? -1).filter((left) => left >= 0)),
  )
  return edges.map((rights, left) => ({
    partners: rights.filter((right) => {
      if (rightOf[left] === right || avoidable[left] === true || open[right] === true) return true
      const mate = leftOf[right] ?? -1
      return mate >= 0 && component[mate] === component[left]
    }),
    always: (rightOf[left] ?? -1) >= 0 && avoidable[left] !== true,
  }))
}

interface Matching {
  /** The partner of each vertex, −1 where it has none. */
  readonly rightOf: number[]
  readonly leftOf: number[]
}

function maximumMatching(edges: Edges, rightCount: number): Matching {
  const matching = { rightOf: edges.map(() => -1), leftOf: Array.from({ length: rightCount }, () => -1) }
  // What a search without success has seen cannot help any later one either.
  const spent = Array.from({ length: rightCount }, () => false)
  edges.forEach((_, left) => {
    augment(edges, matching, left, spent)
  })
  return matching
}

/** Looks, breadth first, for a path from a free left vertex to a free right one, and swaps its edges. */
function augment(edges: Edges, { rightOf, leftOf }: Matching, start: number, spent: boolean[]): void {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (const left of queue) {
    for (const right of edges[left] ?? []) {
      if (spent[right] === true || cameFrom.has(right)) continue
      cameFrom.set(right, left)
      const mate = leftOf[right] ?? -1
      if (mate >= 0) queue.push(mate)
      else {
        for (let at = right; at >= 0; ) {
          const from = cameFrom.get(at) ?? start
          const before = rightOf[from] ?? -1
          rightOf[from] = at
          leftOf[at] = from
          at = from === start ? -1 : before
        }
        return
      }
    }
  }
  for (const right of cameFrom.keys()) spent[right] = true
}

/** Left vertices that some maximum matching leaves out. */
function fromFreeLefts(edges: Edges, rightOf: readonly number[], leftOf: readonly number[]): boolean[] {
  const reached = edges.map((_, left) => rightOf[left] === -1)
  const queue = edges.flatMap((_, left) => (reached[left] ? [left] : []))
  for (const left of queue) {
    for (const right of edges[left] ?? []) {
      const mate = leftOf[right] ?? -1
      if (mate < 0 || reached[mate]) continue
      reached[mate] = true
      queue.push(mate)
    }
  }
  return reached
}

/** Right vertices that some maximum matching leaves out. */
function fromFreeRights(edges: Edges, rightOf: readonly number[], leftOf: readonly number[]): boolean[] {
  const leftsOf: number[][] = leftOf.map(() => [])
  edges.forEach((rights, left) => {
    for (const right of rights) leftsOf[right]?.push(left)
  })
  const reached = leftOf.map((left) => left === -1)
  const queue = leftOf.flatMap((left, right) => (left === -1 ? [right] : []))
  for (const right of queue) {
    for (const left of leftsOf[right] ?? []) {
      const mate = rightOf[left] ?? -1
      if (mate < 0 || reached[mate]) continue
      reached[mate] = true
      queue.push(mate)
    }
  }
  return reached
}
