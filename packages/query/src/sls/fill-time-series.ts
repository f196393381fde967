import type { Value } from '../functions/query-function.ts'
import type { AnalysisContext, TimeSeries } from './analysis-context.ts'
import type { Select } from './statement.ts'

type Output = Value & { readonly name: string }
interface Filling {
  readonly select: Select
  readonly series: TimeSeries
  readonly outputs: readonly Output[]
  readonly groups: readonly Value[]
  readonly analysis: AnalysisContext
  body(list: string, end: string): string
  tail(rows: readonly Output[]): string
}

/** A grouping by `time_series`: buckets without rows are added, over the time range if there is one; then they are formatted. */
export function fillTimeSeries({ select, series, outputs, groups, analysis, body, tail }: Filling): string {
  const place = outputs.findIndex((_, index) => {
    const expression = select.items[index]?.expression
    return expression?.type === 'call' && expression.name === 'time_series'
  })
  const bucket = outputs[place]
  if (bucket === undefined || groups.length !== 1 || groups[0]?.sql !== bucket.sql || select.items.length !== outputs.length)
    throw analysis.error('PW-QY-004', 'time_series must be a column of its own and the only thing grouped by.', select.offset)
  const { from, to } = analysis.range
  const { stepSeconds, write, padding } = series
  const start = from === undefined ? '' : ` FROM toInt64(${Math.floor(from / stepSeconds) * stepSeconds})`
  const end = to === undefined ? '' : ` TO toInt64(${Math.ceil(to / stepSeconds) * stepSeconds})`
  const inner = outputs.map(({ sql, type }, index) =>
    index === place || type === 'array' || type === 'map' ? `${sql} AS f${index + 1}` : `toNullable(${sql}) AS f${index + 1}`,
  )
  const id = analysis.id('r')
  const filled = body(inner.join(', '), ` ORDER BY f${place + 1} ASC WITH FILL${start}${end} STEP ${stepSeconds}`)
  const rows = outputs.map(({ name, type }, index) => {
    const column = `${id}.f${index + 1}`
    if (index === place) return { name, type: 'string' as const, sql: write(`toDateTime(${column}, 'UTC')`) }
    return { name, type, sql: padding === '0' && (type === 'int' || type === 'float') ? `ifNull(${column}, 0)` : column }
  })
  // In the order of time unless asked otherwise: a format may not sort like what it shows.
  const sorted = select.orderBy.length === 0 ? ` ORDER BY ${id}.f${place + 1}` : ''
  const list = rows.map(({ sql }, index) => `${sql} AS o${index + 1}`).join(', ')
  return `SELECT ${list} FROM (${filled}) AS ${id}${sorted}${tail(rows)}`
}
