import { lowerExpression } from '../lower.ts'
import { computed } from '../relation.ts'
import { asColumn, expressionsOf, mustFind, type Operator, resultColumns, unnamed } from './operator.ts'

/** `project`: the expressions, in their order. */
export const lowerProject: Operator = (input, node, scope) => {
  const result = resultColumns(node, scope)
  const expressions = expressionsOf(node)
  if (expressions.length !== result.length)
    throw scope.context.refuse(node, 'An expression with several columns is not supported here.')
  const values = expressions.map((expression, index) =>
    asColumn(lowerExpression(unnamed(expression, scope), scope), result[index], scope, expression),
  )
  const { relation, columns } = computed(input, values, scope.context)
  return { ...relation, columns }
}

/** `project-away`, `project-keep`, `project-reorder`: which columns stay, and where, is the binder's answer. */
export const lowerPick: Operator = (input, node, scope) => ({
  ...input,
  columns: resultColumns(node, scope).map((column) => mustFind(input.columns, column.name, node, scope)),
})

/** `project-rename`: same places, other names. */
export const lowerRename: Operator = (input, node, scope) => {
  const names = new Map(expressionsOf(node).map((item) => [unnamed(item, scope).text, item.fields.Name?.text ?? '']))
  return { ...input, columns: input.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name })) }
}
