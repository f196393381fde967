import { child, lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import type { Operator } from '../operator.ts'
import { computed } from '../relation.ts'
import { applySubquery } from './subquery.ts'

/**
 * `partition by key (…)`: the pipeline is applied to the rows of each key by themselves. Its strategies differ in how
 * the work is spread, not in the answer. A subquery with a source of its own is refused.
 */
export const lowerPartition: Operator = (input, node, scope) => {
  namedParameters(node, scope, [])
  const operand = child(node, 'Operand', scope)
  const subquery = operand.fields.Subquery
  if (subquery === undefined)
    throw scope.context.refuse(operand, 'A subquery with a table of its own is not supported here.', 'Use join on the key.')
  const key = lowerExpression(child(node, 'ByExpression', scope), scope)
  const { relation, columns } = computed(input, [{ name: '', value: key }], scope.context)
  const partition = columns.map((column) => column.sql)
  const applied = applySubquery({ ...relation, columns: input.columns, partition }, subquery, scope)
  const { partition: _, ...rest } = applied
  return { ...rest, order: [] }
}
