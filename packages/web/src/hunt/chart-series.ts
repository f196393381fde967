import type { QueryReply } from '@podwitness/api'

/** A line or a set of bars. */
interface ChartSeries {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** What a chart shows: positions are times in milliseconds, or places in `labels`. */
export interface ChartData {
  readonly kind: 'line' | 'bar'
  readonly labels: readonly string[] | undefined
  readonly series: readonly ChartSeries[]
}

const NUMBERS = /^(int|long|real|decimal|U?Int\d+|Float\d+|Decimal.*|Nullable\((U?Int|Float|Decimal).*)$/
const TIMES = /^(datetime|DateTime.*|Date.*)$/
const LINES = new Set(['timechart', 'linechart', 'areachart', 'scatterchart', 'anomalychart', 'timepivot'])
const MOST_SERIES = 12

/**
 * Reads an answer as a chart: the first time (or first column) is the axis, numbers are values, a text column splits
 * into series. Undefined where there is nothing to draw.
 */
export function chartOf({ columns, rows, render }: QueryReply, wanted?: ChartData['kind']): ChartData | undefined {
  const visualization = render?.visualization ?? ''
  const time = columns.findIndex(({ type }) => TIMES.test(type))
  const axis = time >= 0 ? time : 0
  const values = columns.flatMap(({ type }, at) => (at !== axis && NUMBERS.test(type) ? [at] : []))
  const split = columns.findIndex(({ type }, at) => at !== axis && !NUMBERS.test(type) && !TIMES.test(type))
  if (rows.length === 0 || values.length === 0) return undefined
  const labels = time >= 0 ? undefined : [...new Set(rows.map((row) => String(row[axis])))]
  const place = (row: readonly unknown[]): number =>
    labels === undefined ? Date.parse(String(row[axis]).replace(' ', 'T').replace(/Z?$/, 'Z')) : labels.indexOf(String(row[axis]))
  const found = new Map<string, { x: number; y: number }[]>()
  for (const row of rows) {
    for (const at of values) {
      const name = [split >= 0 ? String(row[split]) : '', values.length > 1 || split < 0 ? (columns[at]?.name ?? '') : '']
        .filter(Boolean)
        .join(' · ')
      const point = { x: place(row), y: Number(row[at]) }
      if (Number.isNaN(point.x) || !Number.isFinite(point.y)) continue
      const known = found.get(name)
      if (known === undefined) found.set(name, [point])
      else known.push(point)
    }
  }
  const series = [...found].slice(0, MOST_SERIES).map(([name, points]) => ({ name, points: points.sort((a, b) => a.x - b.x) }))
  return series.length === 0 ? undefined : { kind: wanted ?? (LINES.has(visualization) ? 'line' : 'bar'), labels, series }
}
