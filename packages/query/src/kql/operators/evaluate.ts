import { nearestName } from '../../nearest-name.ts'
import { argumentsOf, child } from '../lower.ts'
import type { Operator } from '../operator.ts'
import { PLUGINS } from '../plugins/index.ts'
import { REFUSED_PLUGINS, reasonFor } from '../refused.ts'

/** `evaluate plugin(…)`. Plugins that are not in the table, all that run code or reach out among them, are refused. */
export const lowerEvaluate: Operator = (input, node, scope) => {
  const call = child(node, 'FunctionCall', scope)
  const name = call.fields.Name?.text ?? ''
  const plugin = Object.hasOwn(PLUGINS, name) ? PLUGINS[name] : undefined
  if (plugin === undefined) {
    const nearest = nearestName(name, Object.keys(PLUGINS))
    throw scope.context.refuse(
      node,
      `The plugin ${name} is not supported${reasonFor(REFUSED_PLUGINS, name)}.`,
      nearest === undefined ? undefined : `There is ${nearest}.`,
    )
  }
  return plugin(input, { name, node, args: argumentsOf(call), scope, result: node.columns ?? [] })
}
