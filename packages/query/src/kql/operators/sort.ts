import type { Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import { expressionsOf, type Operator, unnamed } from '../operator.ts'
import { computed, filtered, type OrderKey, orderBy, type Relation, rowMark, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** `sort by`: descending unless told otherwise; null is the smallest value. */
export const lowerSort: Operator = (input, node, scope) => ordered(input, expressionsOf(node), scope)

function ordered(input: Relation, items: readonly SyntaxNode[], scope: Scope): Relation {
  const directions = items.map((item) => direction(item))
  const values = items.map((item) => {
    const expression = item.kind === 'OrderedExpression' ? child(item, 'Expression', scope) : item
    const value = lowerExpression(unnamed(expression, scope), scope)
    if (value.type === 'dynamic')
      throw scope.context.refuse(item, 'Dynamic values have no order.', 'Convert it, e.g. with tostring().', 'PW-QY-005')
    return { name: '', value }
  })
  const { relation, columns } = computed(input, values, scope.context)
  const order = columns.map(
    (column, index): OrderKey => ({
      // The engine's own column has the same order, and may be stored in it.
      sql: relation.raws?.get(column.sql) ?? column.sql,
      ...(directions[index] ?? { descending: true, nullsFirst: false }),
    }),
  )
  return { ...relation, columns: input.columns, order }
}

function direction(item: SyntaxNode): { descending: boolean; nullsFirst: boolean } {
  const clause = item.fields.Ordering
  const words = clause === undefined ? '' : JSON.stringify(clause)
  const descending = !words.includes('"AscKeyword"')
  const nullsFirst = words.includes('"NullsKeyword"') ? words.includes('"FirstKeyword"') : !descending
  return { descending, nullsFirst }
}

/** `take n` / `limit n`. */
export const lowerTake: Operator = (input, node, scope) => limited(input, child(node, 'Expression', scope), scope)

/** `sample n`: rows at random. */
export const lowerSample: Operator = (input, node, scope) => {
  const mixed = { ...input, order: [{ sql: `rand(${rowMark(input)})`, descending: false, nullsFirst: true }] }
  return { ...limited(mixed, child(node, 'Expression', scope), scope), order: [] }
}

/** `top n by …`. */
export const lowerTop: Operator = (input, node, scope) => {
  const sorted = ordered(input, [child(node, 'ByExpression', scope)], scope)
  return limited(sorted, child(node, 'Expression', scope), { ...scope, row: sorted })
}

export function limited(input: Relation, count: SyntaxNode, scope: Scope): Relation {
  const value = lowerExpression(count, { ...scope, row: undefined })
  if (value.constant === undefined || !/^\d+$/.test(value.constant))
    throw scope.context.refuse(count, 'The number of rows must be a constant, 0 or more.', undefined, 'PW-QY-005')
  if (value.constant === '0') return filtered(input, 'false')
  const limit = scope.context.parameters.bind(value.constant, 'UInt64')
  const by = input.partition === undefined ? '' : ` BY ${input.partition.join(', ')}`
  return wrap(input, `SELECT * FROM (${input.sql})${orderBy(input.order)} LIMIT ${limit}${by}`)
}
