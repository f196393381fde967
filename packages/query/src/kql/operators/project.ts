import { expressionsOf, mustFind, type Operator, resultColumns, unnamed } from '../operator.ts'
import { selected } from './print.ts'

/** `project`: the expressions, in their order. */
export const lowerProject: Operator = (input, node, scope) => selected(input, node, scope)

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
