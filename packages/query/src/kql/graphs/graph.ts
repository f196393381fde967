import type { Scope } from '../context.ts'
import type { Graph, Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

export function graphOf(input: Relation, node: SyntaxNode, { context }: Scope): Graph {
  if (input.graph === undefined) throw context.refuse(node, 'This step needs a graph.', 'Put make-graph before it.', 'PW-QY-005')
  return input.graph
}

/** Rows that are a graph: only the steps of graphs take them. */
export const graphRelation = (graph: Graph): Relation => ({ sql: 'SELECT 1 AS none', columns: [], order: [], depth: 1, graph })
