import type { Scope } from '../context.ts'
import type { Operator } from '../operator.ts'
import { mustFind, resultColumns } from '../operator.ts'
import type { Graph } from '../relation.ts'
import { type Column, type Relation, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { graphOf } from './graph.ts'

/** `graph-to-table nodes` and `graph-to-table edges`: properties, and hashes of ids where the query names columns for them. */
export const lowerGraphToTable: Operator = (input, node, scope) => {
  const { context } = scope
  const graph = graphOf(input, node, scope)
  const [clause, ...others] = node.fields.OutputClause?.items ?? []
  if (clause === undefined || others.length > 0)
    throw context.refuse(
      others[0] ?? node,
      'Nodes and edges at once are two results, and one query gives one here.',
      'Ask for one of them.',
    )
  const edges = clause.fields.EntityKeyword?.text.toLowerCase() === 'edges'
  const relation = edges ? graph.edges : graph.nodes
  let rows = relation
  const hashes = new Map<string, string>()
  for (const item of clause.fields.Parameters?.items ?? []) {
    const end = ENDS[item.fields.Name?.text ?? '']
    if (end === undefined) throw context.refuse(item, `The option ${item.fields.Name?.text} is not supported here.`)
    const { relation: wider, hash } = withHash(rows, graph, end, item, scope)
    rows = wider
    hashes.set(item.fields.Expression?.text ?? '', hash)
  }
  const columns = resultColumns(node, scope).map((column): Column => {
    const hash = hashes.get(column.name)
    return hash === undefined ? mustFind(relation.columns, column.name, node, scope) : { ...column, sql: hash }
  })
  return { ...rows, columns }
}

const ENDS: Readonly<Record<string, string>> = { with_node_id: 'n', with_source_id: 's', with_target_id: 'd' }

/** The hash of the id of the node with a number: what hash() gives of a text. Of ids of other types it is not documented. */
function withHash(rows: Relation, { nodes, idType }: Graph, number: string, node: SyntaxNode, { context }: Scope) {
  if (idType !== 'string')
    throw context.refuse(node, `Hashes of ids of type ${idType} are not documented.`, 'Make the ids texts: tostring().')
  const [hash, of] = [context.fresh('c'), context.fresh('c')]
  const hashed = `SELECT toNullable(reinterpretAsInt64(xxHash64(key))) AS ${hash}, n AS ${of} FROM (${nodes.sql})`
  const sql = `SELECT * FROM (${rows.sql}) AS a INNER JOIN (${hashed}) AS b ON a.${number} = b.${of}`
  return { relation: wrap(rows, sql), hash }
}
