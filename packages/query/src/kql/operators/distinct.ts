import { lowerExpression } from '../lower.ts'
import { asColumn, expressionsOf, type Operator, resultColumns, unnamed } from '../operator.ts'
import { computed } from '../relation.ts'

/** `distinct a, b` and `distinct *`. */
export const lowerDistinct: Operator = (input, node, scope) => {
  const result = resultColumns(node, scope)
  const expressions = expressionsOf(node)
  const all = expressions.some((item) => item.kind === 'StarExpression')
  const values = all
    ? input.columns.map((column) => ({ name: column.name, value: { sql: column.sql, type: column.type } }))
    : expressions.map((item, index) => asColumn(lowerExpression(unnamed(item, scope), scope), result[index], scope, item))
  const { relation, columns } = computed(input, values, scope.context)
  const kept = [...new Set([...(input.partition ?? []), ...columns.map((column) => column.sql)])]
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  const sql = `SELECT DISTINCT ${kept.join(', ')} FROM (${relation.sql})`
  return { sql, columns, order: [], depth: relation.depth + 1, ...partition }
}
