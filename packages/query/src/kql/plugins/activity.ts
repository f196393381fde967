import type { Scope } from '../context.ts'
import { lowerExpression, lowerTable } from '../lower.ts'
import { computed, type Relation, wrap } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { fixedArgument, type Plugin, type PluginCall, rowArgument, shaped, wholeArgument } from './plugin.ts'
import { stepsBetween, type Timeline, timeline } from './timeline.ts'

/** Rows with the identity, the place on the timeline and the dimensions as columns of their own. */
interface Activity {
  readonly relation: Relation
  readonly id: string
  readonly place: string
  readonly dimensions: readonly string[]
  readonly line: Timeline
}

export function activity(input: Relation, call: PluginCall, dimensions: readonly SyntaxNode[]): Activity {
  const { scope } = call
  const line = timeline(rowArgument(call, 1), call)
  const values: Scalar[] = [
    rowArgument(call, 0),
    { sql: `assumeNotNull(${line.number})`, type: 'long' },
    ...dimensions.map((dimension) => lowerExpression(dimension, scope)),
  ]
  const known = wrap(input, `SELECT * FROM (${input.sql}) WHERE isNotNull(${line.number})`)
  const { relation, columns } = computed(
    known,
    values.map((value) => ({ name: '', value })),
    scope.context,
  )
  const [id, place, ...others] = columns.map(({ sql }) => sql)
  return { relation, id: id ?? '', place: `assumeNotNull(${place})`, dimensions: others, line }
}

const over = (dimensions: readonly string[], more: readonly string[] = []): string =>
  dimensions.length + more.length === 0 ? '' : `PARTITION BY ${[...dimensions, ...more].join(', ')}`
export const group = (...columns: readonly string[]): string => `GROUP BY ${columns.join(', ')}`
export const asc = (sql: string) => ({ sql, descending: false, nullsFirst: true })

/** `activity_counts_metrics(id, time, start, end, step, dimensions…)`: counts of each step, and of the identities new in it. */
export const activityCounts: Plugin = (input, call) => {
  const { id, place, dimensions, line, relation } = activity(input, call, call.args.slice(5))
  const [start, end, size] = [
    line.at(fixedArgument(call, 2)),
    line.at(fixedArgument(call, 3)),
    line.length(fixedArgument(call, 4)),
  ]
  const dims = dimensions.map((column) => `${column}, `).join('')
  const rows = `SELECT ${dims}${id} AS i, ${line.step(place, start, size)} AS b FROM (${relation.sql}) WHERE ${place} >= ${start} AND ${place} <= ${end}`
  const firsts = `SELECT *, min(b) OVER (${over(dimensions, ['i'])}) AS f FROM (${rows})`
  const counted = `SELECT ${dims}b, count() AS n, uniqExact(i) AS d, uniqExactIf(i, f = b) AS w FROM (${firsts}) ${group(...dimensions, 'b')}`
  const running = `sum(w) OVER (${over(dimensions)} ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
  const measures = ['n', 'd', 'w', running].map((sql) => `toNullable(toInt64(${sql}))`)
  const { list, columns } = shaped([line.shown('b'), ...dimensions, ...measures], call)
  const sql = `SELECT ${list} FROM (${counted})`
  return {
    sql,
    columns,
    order: columns.slice(0, 1 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 4,
  }
}

/** `activity_metrics(id, time, [start, end,] step, dimensions…)`: identities that came back from the step before, or did not. */
export const activityMetrics: Plugin = (input, call) => {
  const bounded = call.args.length > 3 && !isColumn(call.args[3], call.scope)
  const { id, place, dimensions, line, relation } = activity(input, call, call.args.slice(bounded ? 5 : 3))
  const size = line.length(fixedArgument(call, bounded ? 4 : 2))
  const first = bounded ? line.at(fixedArgument(call, 2)) : `(SELECT min(${place}) FROM (${relation.sql}))`
  const inside = bounded ? ` WHERE ${place} >= ${first} AND ${place} <= ${line.at(fixedArgument(call, 3))}` : ''
  const dims = dimensions.map((column) => `${column}, `).join('')
  const seen = `SELECT DISTINCT ${dims}${id} AS i, ${line.step(place, bounded ? first : '0', size)} AS b FROM (${relation.sql})${inside}`
  const before = `SELECT *, lagInFrame(toNullable(b)) OVER (${over(dimensions, ['i'])} ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS p FROM (${seen})`
  const counted = `SELECT ${dims}b, uniqExact(i) AS d, uniqExactIf(i, ifNull(p = b - ${size}, false)) AS r FROM (${before}) ${group(...dimensions, 'b')}`
  const window = `(${over(dimensions)} ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`
  const compared = `SELECT *, if(ifNull(lagInFrame(toNullable(b)) OVER ${window} = b - ${size}, false), lagInFrame(d) OVER ${window}, 0) AS q FROM (${counted})`
  const measures = ['toInt64(d)', 'toInt64(d - r)', 'r / q', '1 - r / q'].map((sql) => `toNullable(${sql})`)
  const { list, columns } = shaped([line.shown('b'), ...dimensions, ...measures], call)
  const sql = `SELECT ${list} FROM (${compared})`
  return {
    sql,
    columns,
    order: columns.slice(0, 1 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 6,
  }
}

export const isColumn = (node: SyntaxNode | undefined, { row }: Scope): boolean =>
  node?.kind === 'NameReference' && (row?.columns.some((column) => column.name === node.text) ?? false)

/** `new_activity_metrics(id, time, start, end, step, [cohort,] dimensions…, [lookback])`: what became of who was new in a step. */
export const newActivity: Plugin = (input, call) => {
  const { scope } = call
  const rest = call.args.slice(5)
  const table = rest.at(-1)?.columns === undefined ? undefined : rest.at(-1)
  const plain = table === undefined ? rest : rest.slice(0, -1)
  const cohort =
    plain[0] !== undefined && !isColumn(plain[0], scope) ? lowerExpression(plain[0], { ...scope, row: undefined }) : undefined
  const { id, place, dimensions, line, relation } = activity(input, call, cohort === undefined ? plain : plain.slice(1))
  const [start, end, size] = [
    line.at(fixedArgument(call, 2)),
    line.at(fixedArgument(call, 3)),
    line.length(fixedArgument(call, 4)),
  ]
  const dims = dimensions.map((column) => `${column}, `).join('')
  const rows = `SELECT DISTINCT ${dims}${id} AS i, ${line.step(place, start, size)} AS b FROM (${relation.sql}) WHERE ${place} >= ${start} AND ${place} <= ${end}`
  const first = `min(b) OVER (${over(dimensions, ['i'])})`
  const known = table === undefined ? 'false' : `i IN (${identities(table, call)})`
  const firsts = `SELECT *, if(${known}, ${start} - ${size}, ${first}) AS f FROM (${rows})`
  const steps = stepsBetween(start, end, size, call)
  const cohorts = cohort === undefined ? steps : `[${line.step(line.at(cohort), start, size)}]`
  // Two joins with equal arrays in one SELECT would be one to the engine.
  const pairs = `SELECT *, arrayJoin(${steps}) AS t FROM (SELECT *, arrayJoin(${cohorts}) AS c FROM (${firsts}))`
  const counted =
    `SELECT ${dims}c, t, uniqExactIf(i, f = c) AS m, uniqExactIf(i, f = c AND b = t) AS r, ` +
    `uniqExactIf(i, b = t AND if(t = c, f = c, f > c)) AS w FROM (${pairs}) WHERE t >= c ${group(...dimensions, 'c', 't')}`
  const measures = ['toInt64(w)', 'toInt64(r)', 'toInt64(m - r)', 'r / m', '(m - r) / m'].map((sql) => `toNullable(${sql})`)
  const { list, columns } = shaped([line.shown('c'), line.shown('t'), ...dimensions, ...measures], call)
  const sql = `SELECT ${list} FROM (${counted}) WHERE m > 0`
  return {
    sql,
    columns,
    order: columns.slice(0, 2 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 5,
  }
}

/** The identities of a table: its column of the name that the first argument has. */
function identities(table: SyntaxNode, call: PluginCall): string {
  const relation = lowerTable(table, call.scope)
  const wanted = call.args[0]?.text
  const column =
    relation.columns.find(({ name }) => name === wanted) ?? (relation.columns.length === 1 ? relation.columns[0] : undefined)
  if (column === undefined)
    throw call.scope.context.refuse(table, `This table has no column "${wanted}".`, undefined, 'PW-QY-002')
  return `SELECT ${column.sql} FROM (${relation.sql})`
}

/** `active_users_count(id, time, start, end, lookback, period, least, step, dimensions…)`. */
export const activeUsers: Plugin = (input, call) => {
  const { id, place, dimensions, line, relation } = activity(input, call, call.args.slice(8))
  const [start, end] = [line.at(fixedArgument(call, 2)), line.at(fixedArgument(call, 3))]
  const [back, period, size] = [4, 5, 7].map((at) => line.length(fixedArgument(call, at))) as [string, string, string]
  const least = wholeArgument(call, 6, 1)
  const dims = dimensions.map((column) => `${column}, `).join('')
  const by = [...dimensions, id]
  const times = `SELECT ${dims}${id}, arraySort(groupUniqArray(${place})) AS a FROM (${relation.sql}) WHERE ${place} > ${start} - ${back} AND ${place} <= ${end} ${group(...by)}`
  const periods = `arrayUniq(arrayMap(x -> floor(x / ${period}), arrayFilter(x -> x > t - ${back} AND x <= t, a)))`
  const active = `arrayFilter(t -> t >= ${start} AND ${periods} >= ${least}, a)`
  const rows = `SELECT ${dims}${id} AS i, arrayJoin(arrayDistinct(arrayMap(t -> ${line.step('t', start, size)}, ${active}))) AS b FROM (${times})`
  const { list, columns } = shaped([line.shown('b'), ...dimensions, 'toNullable(toInt64(uniqExact(i)))'], call)
  const sql = `SELECT ${list} FROM (${rows}) ${group(...dimensions, 'b')}`
  return {
    sql,
    columns,
    order: columns.slice(0, 1 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 3,
  }
}

/** `sliding_window_counts(id, time, start, end, lookback, step, dimensions…)`: counts of the window that ends with each step. */
export const slidingCounts: Plugin = (input, call) => {
  const { id, place, dimensions, line, relation } = activity(input, call, call.args.slice(6))
  const [start, end] = [line.at(fixedArgument(call, 2)), line.at(fixedArgument(call, 3))]
  const [back, size] = [line.length(fixedArgument(call, 4)), line.length(fixedArgument(call, 5))]
  const dims = dimensions.map((column) => `${column}, `).join('')
  const windows = `arrayMap(k -> ${line.step(place, start, size)} + k * ${size}, range(toUInt64(least(greatest(floor(${back} / ${size}), 1), 10000))))`
  const rows = `SELECT ${dims}${id} AS i, arrayJoin(arrayFilter(w -> w >= ${start} AND w <= ${end}, ${windows})) AS b FROM (${relation.sql})`
  const { list, columns } = shaped(
    [line.shown('b'), ...dimensions, 'toNullable(toInt64(count()))', 'toNullable(toInt64(uniqExact(i)))'],
    call,
  )
  const sql = `SELECT ${list} FROM (${rows}) ${group(...dimensions, 'b')}`
  return {
    sql,
    columns,
    order: columns.slice(0, 1 + dimensions.length).map((column) => asc(column.sql)),
    depth: relation.depth + 2,
  }
}

/** `rolling_percentile(value, percentile, index, step, steps, dimensions…)`: the nearest rank in the window that ends with each step. */
export const rollingPercentile: Plugin = (input, call) => {
  const { context } = call.scope
  const value = rowArgument(call, 0)
  const shifted: PluginCall = { ...call, args: [call.args[0], call.args[2]].filter((one) => one !== undefined) }
  const { id, place, dimensions, line, relation } = activity(input, shifted, call.args.slice(5))
  const share = fixedArgument(call, 1).constant
  if (share === undefined || !Number.isFinite(Number(share)))
    throw context.refuse(call.args[1] ?? call.node, 'The percentile must be a constant.', undefined, 'PW-QY-005')
  if (!['int', 'long', 'real', 'timespan'].includes(value.type))
    throw context.refuse(
      call.args[0] ?? call.node,
      `A column of type ${value.type} has no percentiles here.`,
      undefined,
      'PW-QY-005',
    )
  const size = line.length(fixedArgument(call, 3))
  const steps = wholeArgument(call, 4, 1)
  const dims = dimensions.map((column) => `${column}, `).join('')
  const last = `(SELECT max(${line.step(place, '0', size)}) FROM (${relation.sql}))`
  const windows = `arrayMap(k -> ${line.step(place, '0', size)} + k * ${size}, range(${steps}))`
  const rows = `SELECT ${dims}assumeNotNull(${id}) AS v, arrayJoin(arrayFilter(w -> w <= ${last}, ${windows})) AS b FROM (${relation.sql}) WHERE isNotNull(${id})`
  const rank = `arraySort(groupArray(v))[greatest(1, toUInt64(ceil(count() * ${Number(share)} / 100)))]`
  const { list, columns } = shaped([line.shown('b'), ...dimensions, `toNullable(${rank})`], call)
  const sql = `SELECT ${list} FROM (${rows}) ${group(...dimensions, 'b')}`
  return {
    sql,
    columns,
    order: [...columns.slice(1, 1 + dimensions.length), ...columns.slice(0, 1)].map((column) => asc(column.sql)),
    depth: relation.depth + 3,
  }
}
