import { convert } from '../expressions/convert.ts'
import { followPath } from '../expressions/path.ts'
import { argumentsOf, child, lowerExpression } from '../lower.ts'
import { computed, findColumn } from '../relation.ts'
import { type Operator, resultColumns } from './operator.ts'

/** `evaluate bag_unpack(bag) : (name:type, …)`. Other plugins, and bags whose members only the data name, are refused. */
export const lowerEvaluate: Operator = (input, node, scope) => {
  const { context } = scope
  const call = child(node, 'FunctionCall', scope)
  const name = call.fields.Name?.text ?? ''
  const [bag, ...rest] = argumentsOf(call)
  if (name !== 'bag_unpack' || bag === undefined || rest.length > 0)
    throw context.refuse(node, `The plugin ${name} is not supported in this form.`)
  if (node.fields.Schema === undefined)
    throw context.refuse(
      node,
      'The columns of bag_unpack() are not known before it runs.',
      'Name them: evaluate bag_unpack(d) : (a:string, b:long).',
    )
  const value = lowerExpression(bag, scope)
  const values = resultColumns(node, scope).map((column) => {
    const given = bag.text === column.name ? undefined : findColumn(input, column.name)
    return {
      name: column.name,
      value: convert(given ?? followPath(value, [{ key: column.name }], context), column.type, context),
    }
  })
  const { relation, columns } = computed(input, values, context)
  return { ...relation, columns }
}
