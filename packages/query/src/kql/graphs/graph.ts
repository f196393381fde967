import type { Scope } from '../context.ts'
import type { KqlType } from '../kql-type.ts'
import type { Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/**
 * Nodes and edges as tables that a statement computes once. They stand in joins only: where subqueries for one value read such
 * tables, the engine finds some of them empty (26.7).
 */
export interface Graph {
  /** `SELECT n, ins, outs, …`: the number of a node, of the edges that lead to it and from it, and its properties. */
  readonly nodes: Relation
  /** `SELECT e, s, d, …`: numbers of an edge, its source and its target, and its properties. */
  readonly edges: Relation
  /** Property that holds the id of a node; undefined where none does. */
  readonly id: string | undefined
  readonly idType: KqlType
}

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

export function graphOf(input: Relation, node: SyntaxNode, { context }: Scope): Graph {
  if (input.graph === undefined) throw context.refuse(node, 'This step needs a graph.', 'Put make-graph before it.', 'PW-QY-005')
  return input.graph
}

/** Rows that are a graph: only the steps of graphs take them. */
export const graphRelation = (graph: Graph): Relation => ({ sql: 'SELECT 1 AS none', columns: [], order: [], depth: 1, graph })
