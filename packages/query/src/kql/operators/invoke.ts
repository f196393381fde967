import { child } from '../lower.ts'
import { lowerBody } from '../lower-body.ts'
import type { Operator } from '../operator.ts'

/** `invoke f(…)`: a function of the query whose first parameter is the rows before it. */
export const lowerInvoke: Operator = (input, node, scope) => {
  const call = child(node, 'Function', scope)
  const name = call.fields.Name?.text ?? ''
  const declared = scope.lets.get(name)
  if (declared?.kind !== 'function') throw scope.context.refuse(call, `The function ${name}() is not supported.`)
  const result = lowerBody(call, declared, { ...scope, row: undefined }, input)
  if (result.kind === 'table') return result.make()
  throw scope.context.refuse(call, `${name}() gives a value, not a table.`, undefined, 'PW-QY-005')
}
