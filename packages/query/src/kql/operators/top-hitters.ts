import { child, lowerExpression } from '../lower.ts'
import { asColumn, type Operator, resultColumns, unnamed } from '../operator.ts'
import { type Column, computed } from '../relation.ts'
import { limited } from './sort.ts'

/** `top-hitters n of a by b`: the values of the greatest counts or sums. Ours are exact where the service estimates. */
export const lowerTopHitters: Operator = (input, node, scope) => {
  const { context } = scope
  const [first, second] = resultColumns(node, scope)
  const of = child(node, 'OfExpression', scope)
  const value = asColumn(lowerExpression(unnamed(of, scope), scope), first, scope, of)
  const { relation, columns } = computed(input, [value], context)
  const summed = node.fields.ByClause?.fields.Expression
  const rows = { ...relation, columns: input.columns }
  const measure = summed === undefined ? undefined : lowerExpression(unnamed(summed, scope), { ...scope, row: rows })
  const weight = context.fresh('c')
  const kept = [...new Set([...(input.partition ?? []), ...columns.map(({ sql }) => sql)])].join(', ')
  const amount = measure === undefined ? 'toInt64(count())' : `ifNull(sum(${measure.sql}), 0)`
  const shown: Column = { name: second?.name ?? '', type: second?.type ?? 'long', sql: weight }
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  const counted = {
    sql: `SELECT ${kept}, toNullable(${amount}) AS ${weight} FROM (${relation.sql}) GROUP BY ${kept}`,
    columns: [...columns, shown],
    order: [{ sql: weight, descending: true, nullsFirst: false }],
    depth: relation.depth + 1,
    ...partition,
  }
  return limited(counted, child(node, 'Expression', scope), scope)
}
