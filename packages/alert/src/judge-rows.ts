import { createHash } from 'node:crypto'
import type { Rule } from './rule.ts'

/** A row of a query's answer, by column. */
export type ResultRow = Readonly<Record<string, unknown>>

/** Rows that make one alert. */
export interface FoundGroup {
  readonly group: string
  readonly rows: readonly ResultRow[]
  /** A key for each row; none of them alerts twice. For a condition, none: its group is its identity. */
  readonly keys: readonly string[]
}

/** Columns that name the event a row is about, in lower case; the first that a row has is its key. */
const KEY_COLUMNS = ['eventid', 'event_id', 'alert_key', 'traceid', 'trace_id']

/** Whether a rule alerts on single rows, each once, or on a condition that holds for a while. */
export function isPerRow(rule: Rule, columns: readonly string[]): boolean {
  return rule.trigger.kind === 'hasData' && columns.some((name) => KEY_COLUMNS.includes(name.toLowerCase()))
}

/** What a row is known by: the event it names, or its content. */
export function rowKey(row: ResultRow): string {
  for (const wanted of KEY_COLUMNS) {
    const found = Object.entries(row).find(([name, value]) => name.toLowerCase() === wanted && value !== null && value !== '')
    if (found !== undefined) return String(found[1])
  }
  return createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 32)
}

/** The groups of rows that fulfil a rule's trigger, in the order of their first row. */
export function judgeRows(rule: Rule, all: readonly ResultRow[], perRow: boolean): FoundGroup[] {
  const rows = all.filter((row) => !rule.except.some((one) => matches(one, row)))
  if (rule.trigger.kind === 'noData') return rows.length === 0 ? [{ group: '', rows: [], keys: [] }] : []
  const groups = new Map<string, ResultRow[]>()
  for (const row of rows) {
    const group = rule.groupBy.map((name) => valueText(columnValue(row, name))).join(' · ')
    const known = groups.get(group)
    if (known === undefined) groups.set(group, [row])
    else known.push(row)
  }
  return [...groups].flatMap(([group, found]) => {
    const counted = countedRows(rule, found)
    return counted.length === 0 ? [] : [{ group, rows: counted, keys: perRow ? counted.map(rowKey) : [] }]
  })
}

function countedRows({ trigger }: Rule, rows: readonly ResultRow[]): readonly ResultRow[] {
  if (trigger.kind === 'count') return rows.length >= trigger.atLeast ? rows : []
  if (trigger.kind === 'change')
    return new Set(rows.map((row) => valueText(columnValue(row, trigger.column)))).size > 1 ? rows : []
  if (trigger.kind !== 'threshold') return rows
  return rows.filter((row) => {
    const value = columnValue(row, trigger.column)
    return value !== null && value !== '' && compared(Number(value), trigger.compare, trigger.value)
  })
}

function compared(value: number, compare: '>' | '>=' | '<' | '<=', limit: number): boolean {
  if (compare === '>') return value > limit
  if (compare === '>=') return value >= limit
  return compare === '<' ? value < limit : value <= limit
}

/** A column's value whatever the case of its name, as SLS has it. */
export function columnValue(row: ResultRow, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name]
  const wanted = name.toLowerCase()
  return Object.entries(row).find(([key]) => key.toLowerCase() === wanted)?.[1] ?? null
}

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function matches(wanted: Readonly<Record<string, string>>, row: ResultRow): boolean {
  const entries = Object.entries(wanted)
  return entries.length > 0 && entries.every(([name, value]) => valueText(columnValue(row, name)) === value)
}
