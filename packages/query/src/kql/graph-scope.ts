import type { Graph } from './relation.ts'

/** A variable length edge of a match: lists of the numbers of its edges, and of the nodes that they lead to. */
export interface Path {
  readonly edges: string
  readonly nodes: string
}

/** What the functions of graphs mean at a place of the query. */
export interface GraphScope {
  readonly graph: Graph
  readonly paths: ReadonlyMap<string, Path>
  /** Numbers of edges to and from the nodes, by the names of their variables; of the node inside a path by `''`. */
  readonly degrees: ReadonlyMap<string, Degrees>
  /** Makes the values of all edges of a path, or of the nodes inside it, a column of the match. */
  readonly list?: ((path: string, value: string, of: 'nodes' | 'edges') => string) | undefined
}

export interface Degrees {
  readonly ins: string
  readonly outs: string
}

/** Of a row of the nodes. */
export const OWN_DEGREES: Degrees = { ins: 'ins', outs: 'outs' }
