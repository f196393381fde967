import type { QueryReply } from '@podwitness/api'
import { type Chart, chartLines } from './text/chart.ts'

const NUMBER = /^(?:int|long|real|decimal)$|^(?:Nullable\(|LowCardinality\()*(?:U?Int|Float|Decimal)/

/**
 * An answer as a chart: numbers are drawn, everything else is their label. `render` says which columns where it names
 * them (`xcolumn`, `ycolumns`).
 *
 * @returns undefined where there is nothing to draw.
 */
export function answerChart(answer: QueryReply, columns: number): string[] | undefined {
  const properties = answer.render?.properties ?? {}
  const wanted = new Set([properties.ycolumns ?? []].flat())
  const places = answer.columns.map(({ name, type }, index) => ({
    name,
    index,
    number: NUMBER.test(type),
    drawn: NUMBER.test(type) && (wanted.size === 0 || wanted.has(name)),
  }))
  const across = typeof properties.xcolumn === 'string' ? properties.xcolumn : undefined
  const drawn = places.filter((one) => one.drawn && one.name !== across)
  const labels = places.filter((one) => (across === undefined ? !one.number : one.name === across))
  if (drawn.length === 0 || answer.rows.length === 0) return undefined
  const chart: Chart = {
    ...(typeof properties.title === 'string' ? { title: properties.title } : {}),
    labels: answer.rows.map((row, index) => labels.map((one) => labelText(row[one.index])).join(' ') || String(index + 1)),
    series: drawn.map(({ name, index }) => ({ name, values: answer.rows.map((row) => numberOf(row[index])) })),
  }
  return chartLines(chart, columns)
}

function numberOf(value: unknown): number | null {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : null
}

/** Times lose what is zero at their end: a day is a day. */
function labelText(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? text.replace(/\.0+(?=Z?$)/, '').replace(/[T ]00:00:00Z?$/, '') : text
}
