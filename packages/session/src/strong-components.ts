/**
 * The strongly connected component of every vertex of a directed graph, as a number (R. Tarjan, 1972), without
 * recursion: a chain may be as long as a day.
 */
export function strongComponents(successors: readonly (readonly number[])[]): number[] {
  const order = successors.map(() => -1)
  const low = successors.map(() => 0)
  const component = successors.map(() => -1)
  const open: number[] = []
  let visited = 0
  let components = 0
  const enter = (vertex: number): { vertex: number; next: number } => {
    order[vertex] = low[vertex] = visited++
    open.push(vertex)
    return { vertex, next: 0 }
  }
  const leave = (vertex: number, above: number | undefined): void => {
    if (low[vertex] === order[vertex]) {
      for (let member = -1; member !== vertex; ) {
        member = open.pop() ?? vertex
        component[member] = components
      }
      components++
    }
    if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[vertex] ?? 0)
  }
  for (let start = 0; start < successors.length; start++) {
    if (order[start] !== -1) continue
    const path = [enter(start)]
    for (let top = path[0]; top !== undefined; top = path.at(-1)) {
      const next = successors[top.vertex]?.[top.next++]
      if (next === undefined) {
        path.pop()
        leave(top.vertex, path.at(-1)?.vertex)
      } else if (order[next] === -1) path.push(enter(next))
      else if (component[next] === -1) low[top.vertex] = Math.min(low[top.vertex] ?? 0, order[next] ?? 0)
    }
  }
  return component
}
