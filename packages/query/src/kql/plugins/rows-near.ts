import { orderBy, wrap } from '../relation.ts'
import { convert } from '../values/convert.ts'
import { type Plugin, rowArgument, wholeArgument } from './plugin.ts'

/** `rows_near(condition, n, [after])`: the rows around those that fulfil the condition. */
export const rowsNear: Plugin = (input, call) => {
  const { context } = call.scope
  if (input.order.length === 0)
    throw context.refuse(call.node, 'The rows have no order here.', 'Put sort by … before.', 'PW-QY-005')
  const hit = `ifNull(${convert(rowArgument(call, 0), 'bool', context).sql}, false)`
  const before = wholeArgument(call, 1)
  const after = call.args.length > 2 ? wholeArgument(call, 2) : before
  const near = context.fresh('c')
  // A row is near when a hit stands at most `before` rows after it or `after` rows before it.
  const window = `max(${hit}) OVER (${orderBy(input.order).trim()} ROWS BETWEEN ${after} PRECEDING AND ${before} FOLLOWING)`
  const marked = wrap(input, `SELECT *, ${window} AS ${near} FROM (${input.sql})`)
  return wrap(marked, `SELECT * FROM (${marked.sql}) WHERE ${near}`)
}
