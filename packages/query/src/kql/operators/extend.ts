import type { KqlColumn } from '../kql-type.ts'
import { asColumn, expressionsOf, type Operator, resultColumns } from '../operator.ts'
import { type Column, computed } from '../relation.ts'
import { withHoisting } from './hoisting.ts'
import { type ListedValue, listedValues } from './listed-columns.ts'

/** `extend`: new columns go to the end, those of a known name change in place. */
export const lowerExtend: Operator = (input, node, scope) => {
  const result = resultColumns(node, scope)
  const { relation: rows, made: listed } = withHoisting(input, node, scope, (inner) =>
    expressionsOf(node).flatMap((expression) => listedValues(expression, inner)),
  )
  const names = namesOf(listed, result, input.columns)
  const values = listed.map((one, index) => {
    const column = result.find(({ name }) => name === names[index])
    return asColumn(one.value, column, scope, one.node)
  })
  const { relation, columns } = computed(rows, values, scope.context)
  // Where a name is given twice the later one counts.
  const byName = new Map<string, Column>([...input.columns, ...columns].map((column) => [column.name, column]))
  const made = result.flatMap((column) => byName.get(column.name) ?? [])
  if (made.length !== result.length)
    throw scope.context.refuse(node, 'Columns here would have the same name.', 'Give them names: (a, b) = ….')
  return { ...relation, columns: made }
}

/** Names written, or else the generated ones of the result that nothing else explains, in their order. */
function namesOf(
  listed: readonly ListedValue[],
  result: readonly KqlColumn[],
  input: readonly KqlColumn[],
): readonly (string | undefined)[] {
  const written = listed.map((one) => one.name)
  const taken = new Set([...written, ...input.map((column) => column.name)])
  const generated = result.filter((column) => !taken.has(column.name)).map((column) => column.name)
  if (generated.length !== written.filter((name) => name === undefined).length) return written
  return written.map((name) => name ?? generated.shift())
}
