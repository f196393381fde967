import { child, lowerExpression } from '../lower.ts'
import { asColumn, type Operator, resultColumns, unnamed } from '../operator.ts'
import { computed } from '../relation.ts'
import { limited } from './sort.ts'

/** `sample-distinct n of a`: up to n distinct values, whichever they are. */
export const lowerSampleDistinct: Operator = (input, node, scope) => {
  const of = child(node, 'OfExpression', scope)
  const [column] = resultColumns(node, scope)
  const value = asColumn(lowerExpression(unnamed(of, scope), scope), column, scope, of)
  const { relation, columns } = computed(input, [value], scope.context)
  const kept = [...new Set([...(input.partition ?? []), ...columns.map(({ sql }) => sql)])]
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  const distinct = {
    sql: `SELECT DISTINCT ${kept.join(', ')} FROM (${relation.sql})`,
    columns,
    order: [],
    depth: relation.depth + 1,
    ...partition,
  }
  return limited(distinct, child(node, 'Expression', scope), scope)
}
