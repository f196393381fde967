import { lowerExpression } from '../lower.ts'
import { type Plugin, type PluginCall, shaped } from './plugin.ts'

const NEEDED = ['ColumnName', 'ColumnOrdinal', 'DataType', 'ColumnType'] as const

/**
 * `schema_merge([PreserveOrder])`: one schema of several that `getschema` gave. A column that stands at different places is an
 * error of that column where the order is to be kept. Which types have a common one is not documented, so columns whose
 * types differ end the query. Source: Kusto documentation, schema_merge plugin.
 */
export const schemaMerge: Plugin = (input, call) => {
  const { context } = call.scope
  const [name, place, type, shortType] = NEEDED.map((wanted) => {
    const found = input.columns.find((column) => column.name === wanted)
    if (found === undefined)
      throw context.refuse(call.node, `schema_merge() needs a column ${wanted}.`, 'Use it behind getschema.', 'PW-QY-002')
    return found.sql
  }) as [string, string, string, string]
  const kept = keepsOrder(call)
  const differ = context.stopIf(`uniqExact(${shortType}) > 1`, call.node, 'schema_merge meets a column with several types.')
  const merged =
    `SELECT ${name} AS n, max(ifNull(${place}, 0)) AS o, any(${type}) AS t, any(${shortType}) AS s, ` +
    `${kept ? `uniqExact(ifNull(${place}, 0)) > 1` : 'false'} AS e, ${differ} AS d FROM (${input.sql}) GROUP BY n`
  const numbered = `SELECT *, row_number() OVER (PARTITION BY e ORDER BY o, n) - 1 AS p FROM (${merged}) WHERE d = 0`
  const text = "'ERROR(columns are out of order)'"
  const { list, columns } = shaped(
    [
      'n',
      'toNullable(if(e, toInt64(-1), toInt64(p)))',
      `if(e, concat('ERROR(unknown CSL type:', ${text}, ')'), t)`,
      `if(e, ${text}, s)`,
    ],
    call,
  )
  const order = context.fresh('c')
  return {
    sql: `SELECT ${list}, o * 2 + e AS ${order} FROM (${numbered})`,
    columns,
    order: [order, columns[0]?.sql ?? '0'].map((sql) => ({ sql, descending: false, nullsFirst: true })),
    depth: input.depth + 3,
  }
}

function keepsOrder({ args, scope }: PluginCall): boolean {
  const [given] = args
  if (given === undefined) return true
  const value = given.kind === 'SimpleNamedExpression' ? (given.fields.Expression ?? given) : given
  const { constant } = lowerExpression(value, { ...scope, row: undefined })
  if (constant !== 'true' && constant !== 'false')
    throw scope.context.refuse(given, 'PreserveOrder must be true or false.', undefined, 'PW-QY-005')
  return constant === 'true'
}
