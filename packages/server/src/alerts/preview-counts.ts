import { type Rule, valueText } from '@podwitness/alert'
import type { Store } from '@podwitness/store'
import { compileQuestion } from '../run-query.ts'
import { questionOf } from './query-rows.ts'

/** Groups and steps that one count may have; a rule that makes more alerts in a week needs no exact number. */
const MAX_COUNTS = 100_000
/** No limit of rows inside: they are counted by the engine and never leave it. */
const EVERY_ROW = 1_000_000_000

export interface StepCount {
  readonly timeMs: number
  readonly group: string
  readonly count: number
}

/**
 * How many rows a rule finds in each run and group, counted where they are: for rules that find more than is read.
 * Undefined where the rows have no time to put them into runs by.
 *
 * @param columns Names of the query's columns, as the answer has them.
 * @throws QueryError, StoreError.
 */
export async function previewCounts(
  store: Store,
  rule: Rule,
  span: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
  columns: readonly string[],
): Promise<{ counts: StepCount[]; truncated: boolean } | undefined> {
  const time = TIME_COLUMNS.map((name) => found(columns, name)).find((name) => name !== undefined)
  const groups = rule.groupBy.map((name) => found(columns, name))
  if (time === undefined) return undefined
  const { sql, params } = await compileQuestion(store, { ...questionOf(rule, span.fromMs, span.toMs), limit: EVERY_ROW })
  const group = groups.map((name) => (name === undefined ? "''" : `ifNull(toString(${quoted(name)}), '')`))
  const except = exceptions(rule, columns)
  const statement = `SELECT intDiv(toUnixTimestamp64Milli(ifNull(${momentOf(time)}, toDateTime64(0, 3, 'UTC'))), ${span.stepMs}) * ${span.stepMs} AS step,
    ${group.length === 0 ? "''" : `arrayStringConcat([${group.join(', ')}], ' · ')`} AS named, count() AS n
    FROM (${sql}) WHERE ${except.sql} GROUP BY step, named ORDER BY step, named`
  const answer = await store.reader.query({
    sql: statement,
    params: { ...params, ...except.params },
    profile: 'hunt',
    maxRows: MAX_COUNTS,
  })
  const counts = answer.rows.map(([step, named, n]) => ({ timeMs: Number(step), group: valueText(named), count: Number(n) }))
  return { counts, truncated: answer.stats.truncated }
}

/** Columns that say when a row was, the first that is there. */
export const TIME_COLUMNS = ['time', 'timegenerated', 'start', '__time__'] as const

const momentOf = (name: string): string =>
  name.toLowerCase() === '__time__'
    ? `toDateTime64(toInt64OrZero(toString(${quoted(name)})), 3, 'UTC')`
    : `parseDateTime64BestEffortOrNull(toString(${quoted(name)}), 3, 'UTC')`

const found = (columns: readonly string[], wanted: string): string | undefined =>
  columns.find((name) => name === wanted) ?? columns.find((name) => name.toLowerCase() === wanted.toLowerCase())

const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``

function exceptions({ except }: Rule, columns: readonly string[]): { sql: string; params: Record<string, string> } {
  const params: Record<string, string> = {}
  const each = except.flatMap((one, index) => {
    const names = Object.entries(one).map(([name, value], at) => {
      const column = found(columns, name)
      const parameter = `except_${index}_${at}`
      params[parameter] = value
      return `${column === undefined ? "''" : `ifNull(toString(${quoted(column)}), '')`} = {${parameter}:String}`
    })
    return names.length === 0 ? [] : [`NOT (${names.join(' AND ')})`]
  })
  return { sql: each.length === 0 ? '1' : each.join(' AND '), params }
}
