import type { KqlColumn } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import { type Column, computed } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { asColumn, expressionsOf, type Operator, resultColumns, unnamed } from './operator.ts'

/** `extend`: new columns go to the end, those of a known name change in place. */
export const lowerExtend: Operator = (input, node, scope) => {
  const result = resultColumns(node, scope)
  const expressions = expressionsOf(node)
  const names = namesOf(expressions, result, input.columns)
  const values = expressions.map((expression, index) => {
    const column = result.find((one) => one.name === names[index])
    return asColumn(lowerExpression(unnamed(expression, scope), scope), column, scope, expression)
  })
  const { relation, columns } = computed(input, values, scope.context)
  // Where a name is given twice the later one counts.
  const byName = new Map<string, Column>([...input.columns, ...columns].map((column) => [column.name, column]))
  return { ...relation, columns: result.flatMap((column) => byName.get(column.name) ?? []) }
}

/** Names written, or else the generated ones of the result that nothing else explains, in their order. */
function namesOf(
  expressions: readonly SyntaxNode[],
  result: readonly KqlColumn[],
  input: readonly KqlColumn[],
): readonly (string | undefined)[] {
  const written = expressions.map((expression) => {
    if (expression.kind === 'SimpleNamedExpression') return expression.fields.Name?.text
    return expression.kind === 'NameReference' ? expression.text : undefined
  })
  const taken = new Set([...written, ...input.map((column) => column.name)])
  const generated = result.filter((column) => !taken.has(column.name)).map((column) => column.name)
  if (generated.length !== written.filter((name) => name === undefined).length) return written
  return written.map((name) => name ?? generated.shift())
}
