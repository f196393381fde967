import { isPerRow, type ResultRow, type Rule, valueText } from '@podwitness/alert'
import type { Store } from '@podwitness/store'
import { compileQuestion } from '../query/run-query.ts'
import { MAX_DEPTH, queryRows, questionOf } from './query-rows.ts'

/** Groups and steps that one count may have; a rule that makes more alerts in a week needs no exact number. */
const MAX_COUNTS = 100_000
/** No limit of rows inside: they are counted by the engine and never leave it. */
const EVERY_ROW = 1_000_000_000
/** Columns that say when a row was, the first that is there. */
const TIME_COLUMNS = ['time', 'timegenerated', 'start', '__time__'] as const

interface StepCount {
  readonly timeMs: number
  readonly group: string
  readonly count: number
}

export interface Counted {
  readonly counts: readonly StepCount[]
  /** Some of the first rows, without regard to exceptions. */
  readonly samples: readonly ResultRow[]
  /** There were more groups than could be read. */
  readonly truncated: boolean
}

/**
 * How many rows a rule finds in each of its runs and groups, counted where they are: in one pass over the history,
 * however many there are. Undefined where rows have neither an id nor a time: then they are a condition over a window.
 *
 * @throws QueryError, StoreError.
 */
export async function previewCounts(store: Store, rule: Rule, span: Span, samples: number): Promise<Counted | undefined> {
  const question = { ...questionOf(rule, span.fromMs, span.toMs), limit: EVERY_ROW, defaultLimit: EVERY_ROW }
  const { sql, params, columns: compiled } = await compileQuestion(store, question)
  const columns = compiled?.map(({ name }) => name) ?? (await columnsOf(store, sql, params))
  const time = TIME_COLUMNS.map((name) => found(columns, name)).find((name) => name !== undefined)
  if (time === undefined && !isPerRow(rule, columns)) return undefined
  const except = exceptions(rule, columns)
  // Only the columns that place a row are asked for: the engine then leaves out the work that the others are.
  const statement = `SELECT ${stepOf(time, span)} AS step, ${groupOf(rule, columns)} AS named, count() AS n
    FROM (${sql}) WHERE ${except.sql} GROUP BY step, named ORDER BY step, named`
  const answer = await store.reader.query({
    ...{ sql: statement, params: { ...params, ...except.params }, profile: 'hunt', maxRows: MAX_COUNTS },
  })
  const counts = answer.rows.map(([step, named, n]) => ({ timeMs: Number(step), group: valueText(named), count: Number(n) }))
  // Rows that have no time may lie anywhere.
  const stepMs = time === undefined ? span.toMs - span.fromMs + span.stepMs : span.stepMs
  return {
    counts,
    samples: await firstRows(store, rule, { ...span, stepMs, counts }, samples),
    truncated: answer.stats.truncated,
  }
}

/** Rows of the first runs that found some: a question about their time alone is a small one. */
async function firstRows(
  store: Store,
  rule: Rule,
  { fromMs, toMs, stepMs, counts }: Span & { counts: readonly StepCount[] },
  many: number,
) {
  let sum = 0
  let untilMs = 0
  for (const { timeMs, count } of counts) {
    if (sum >= many) break
    sum += count
    untilMs = timeMs + stepMs
  }
  if (counts[0] === undefined) return []
  const { rows } = await queryRows(store, rule, Math.max(fromMs, counts[0].timeMs), Math.min(toMs, untilMs), MAX_DEPTH)
  return rows.slice(0, many * 10)
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
  /** Length of a run, milliseconds. */
  readonly stepMs: number
}

/** Columns of SQL that somebody typed: only the engine knows them. */
async function columnsOf(store: Store, sql: string, params: Readonly<Record<string, unknown>>): Promise<string[]> {
  const { rows } = await store.reader.query({ sql: `DESCRIBE TABLE (${sql})`, params, profile: 'hunt' })
  return rows.map(([name]) => String(name))
}

function stepOf(time: string | undefined, { fromMs, stepMs }: Span): string {
  if (time === undefined) return `toInt64(${fromMs})`
  const moment =
    time.toLowerCase() === '__time__'
      ? `toInt64OrZero(toString(${quoted(time)})) * 1000`
      : `toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(toString(${quoted(time)}), 3, 'UTC'))`
  return `intDiv(ifNull(${moment}, ${fromMs}), ${stepMs}) * ${stepMs}`
}

/** A row's group, as the evaluation names it. */
function groupOf({ groupBy }: Rule, columns: readonly string[]): string {
  const parts = groupBy.map((name) => found(columns, name)).map((name) => (name === undefined ? "''" : textOf(name)))
  return parts.length === 0 ? "''" : `arrayStringConcat([${parts.join(', ')}], ' · ')`
}

const found = (columns: readonly string[], wanted: string): string | undefined =>
  columns.find((name) => name === wanted) ?? columns.find((name) => name.toLowerCase() === wanted.toLowerCase())

const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
const textOf = (name: string): string => `ifNull(toString(${quoted(name)}), '')`

function exceptions({ except }: Rule, columns: readonly string[]): { sql: string; params: Record<string, string> } {
  const params: Record<string, string> = {}
  const each = except.flatMap((one, index) => {
    const names = Object.entries(one).map(([name, value], at) => {
      const column = found(columns, name)
      const parameter = `except_${index}_${at}`
      params[parameter] = value
      return `${column === undefined ? "''" : textOf(column)} = {${parameter}:String}`
    })
    return names.length === 0 ? [] : [`NOT (${names.join(' AND ')})`]
  })
  return { sql: each.length === 0 ? '1' : each.join(' AND '), params }
}
