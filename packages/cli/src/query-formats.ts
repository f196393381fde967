import type { QueryReply } from '@podwitness/api'
import { answerChart } from './query-chart.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'

export const QUERY_FORMATS = ['table', 'json', 'ndjson', 'csv', 'chart'] as const
export type QueryFormat = (typeof QUERY_FORMATS)[number]

/** Widest column of the table for people. */
const MAX_COLUMN = 60

/** An answer in one of the formats, ending with a newline; empty where the format has nothing to say. */
export function formatAnswer(answer: QueryReply, format: QueryFormat, columns = 100): string {
  const lines = FORMATTERS[format](answer, columns)
  return lines.map((line) => `${line}\n`).join('')
}

const table = ({ columns, rows }: QueryReply): string[] =>
  tableLines(
    columns.map(({ name, type }) => ({
      title: visibleText(name),
      max: MAX_COLUMN,
      right: /^(Nullable\()?(U?Int|Float|Decimal)|^(?:int|long|real|decimal)$/.test(type),
    })),
    rows.map((row) => row.map((value) => visibleText(plainText(value)))),
  )

const FORMATTERS: Readonly<Record<QueryFormat, (answer: QueryReply, columns: number) => string[]>> = {
  table,
  // What cannot be drawn is shown as a table.
  chart: (answer, columns) => answerChart(answer, columns) ?? table(answer),
  json: (answer) => [JSON.stringify(answer)],
  ndjson: ({ columns, rows }) =>
    rows.map((row) => JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))),
  csv: ({ columns, rows }) => [columns.map(({ name }) => name), ...rows].map((row) => row.map(csvField).join(',')),
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A field as RFC 4180 wants it: quoted where it holds a quote, a comma or a line end. */
function csvField(value: unknown): string {
  const text = plainText(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
