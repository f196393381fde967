/** A bipartite graph: for every left vertex, the right vertices it may be matched with. */
export type Edges = readonly (readonly number[])[]

/** What all maximum matchings together say of one left vertex. */
export interface Possibilities {
  /** Right vertices it is matched with in at least one maximum matching. */
  readonly partners: readonly number[]
  /** Whether every maximum matching uses it. */
  readonly always: boolean
}

/** Components with more vertices than this are not examined: everything in them stays possible. */
const MAX_COMPONENT = 256

/**
 * For every left vertex: its partners over all maximum matchings, and whether it is matched in all
 * of them. Only what holds in every maximum matching is certain.
 *
 * @param edges Right vertices are numbered from 0 to `rightCount` − 1.
 */
export function allMaximumMatchings(edges: Edges, rightCount: number): Possibilities[] {
  const result: Possibilities[] = edges.map(() => ({ partners: [], always: false }))
  for (const component of components(edges, rightCount)) {
    if (component.length > MAX_COMPONENT)
      for (const left of component) result[left] = { partners: edges[left] ?? [], always: false }
    else for (const [left, found] of examine(edges, component)) result[left] = found
  }
  return result
}

function examine(edges: Edges, component: readonly number[]): Map<number, Possibilities> {
  const best = matchingSize(edges, component, -1, -1)
  const found = new Map<number, Possibilities>()
  for (const left of component) {
    const partners = (edges[left] ?? []).filter((right) => matchingSize(edges, component, left, right) === best - 1)
    found.set(left, { partners, always: matchingSize(edges, component, left, -1) === best - 1 })
  }
  return found
}

/** Size of a maximum matching (augmenting paths) of a component without one left and one right vertex. */
function matchingSize(edges: Edges, component: readonly number[], withoutLeft: number, withoutRight: number): number {
  const leftOf = new Map<number, number>()
  const augment = (left: number, visited: Set<number>): boolean => {
    for (const right of edges[left] ?? []) {
      if (right === withoutRight || visited.has(right)) continue
      visited.add(right)
      const taken = leftOf.get(right)
      if (taken === undefined || augment(taken, visited)) {
        leftOf.set(right, left)
        return true
      }
    }
    return false
  }
  let size = 0
  for (const left of component) if (left !== withoutLeft && augment(left, new Set())) size++
  return size
}

/** Left vertices grouped by connected component; a vertex without edges is in none. */
function components(edges: Edges, rightCount: number): number[][] {
  const leftsOf: number[][] = Array.from({ length: rightCount }, () => [])
  edges.forEach((rights, left) => {
    for (const right of rights) leftsOf[right]?.push(left)
  })
  const seen = new Set<number>()
  const found: number[][] = []
  edges.forEach((rights, start) => {
    if (seen.has(start) || rights.length === 0) return
    seen.add(start)
    const component = [start]
    for (const left of component) {
      for (const right of edges[left] ?? []) {
        for (const next of leftsOf[right] ?? []) {
          if (seen.has(next)) continue
          seen.add(next)
          component.push(next)
        }
      }
    }
    found.push(component)
  })
  return found
}
