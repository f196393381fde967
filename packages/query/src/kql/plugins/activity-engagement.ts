import { activity, asc, group, isColumn } from './activity.ts'
import { fixedArgument, type Plugin, shaped } from './plugin.ts'

/**
 * `activity_engagement(id, time, [start, end,] inner, outer, dimensions…)`: identities of each inner step, and of the outer window
 * that ends with it.
 */
export const activityEngagement: Plugin = (input, call) => {
  const bounded = call.args.length > 4 && !isColumn(call.args[4], call.scope)
  const { id, place, dimensions, line, relation } = activity(input, call, call.args.slice(bounded ? 6 : 4))
  const [size, outer] = [bounded ? 4 : 2, bounded ? 5 : 3].map((at) => line.length(fixedArgument(call, at))) as [string, string]
  const [start, end] = bounded
    ? [line.at(fixedArgument(call, 2)), line.at(fixedArgument(call, 3))]
    : ['min', 'max'].map((name) => `(SELECT ${name}(${place}) FROM (${relation.sql}))`)
  const dims = dimensions.map((column) => `${column}, `).join('')
  const own = line.step(place, bounded ? `${start}` : '0', size)
  const steps = `range(toUInt64(least(greatest(floor(${outer} / ${size}), 1), 10000)))`
  const rows = `SELECT ${dims}${id} AS i, arrayJoin(${steps}) AS k, ${own} + k * ${size} AS b FROM (${relation.sql}) WHERE ${place} >= ${start} AND ${place} <= ${end}`
  const counted = `SELECT ${dims}b, uniqExactIf(i, k = 0) AS n, uniqExact(i) AS m FROM (${rows}) WHERE b <= ${end} ${group(...dimensions, 'b')}`
  const { list, columns } = shaped(
    [line.shown('b'), ...dimensions, 'toNullable(toInt64(n))', 'toNullable(toInt64(m))', 'toNullable(n / m)'],
    call,
  )
  return {
    sql: `SELECT ${list} FROM (${counted})`,
    columns,
    order: columns.slice(0, 1 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 3,
  }
}
