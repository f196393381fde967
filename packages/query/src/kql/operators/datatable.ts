import type { Scope } from '../context.ts'
import { ENGINE_TYPES } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import { expressionsOf, resultColumns } from '../operator.ts'
import { type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/** `datatable(a:long, …)[…]`: rows written in the query, in their order. */
export function lowerDataTable(node: SyntaxNode, scope: Scope): Relation {
  const { context } = scope
  const result = resultColumns(node, scope)
  const cells = expressionsOf(node, 'Values')
  const rows: string[] = []
  for (let at = 0; at < cells.length; at += result.length) {
    const row = result.map(({ type }, index) => {
      const cell = cells[at + index]
      if (cell === undefined) throw context.refuse(node, 'The last row of this table is not complete.', undefined, 'PW-QY-005')
      return stored(convert(lowerExpression(cell, { ...scope, row: undefined }), type, context))
    })
    rows.push(`(${rows.length}, ${row.join(', ')})`)
  }
  const types = ['Int64', ...result.map(({ type }) => ENGINE_TYPES[type])].join(', ').replaceAll("'", "\\'")
  const [row, number] = [context.fresh('r'), context.fresh('c')]
  const columns = result.map((column) => ({ ...column, sql: context.fresh('c') }))
  const list = [
    `tupleElement(${row}, 1) AS ${number}`,
    ...columns.map((column, index) => `tupleElement(${row}, ${index + 2}) AS ${column.sql}`),
  ]
  const sql = `SELECT ${list.join(', ')} FROM (SELECT arrayJoin(CAST([${rows.join(', ')}], 'Array(Tuple(${types}))')) AS ${row})`
  return { sql, columns, order: [{ sql: number, descending: false, nullsFirst: true, unique: true as const }], depth: 2 }
}
