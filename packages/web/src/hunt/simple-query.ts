import { kqlName, kqlText } from './kql-literal.ts'

/** Operators of a condition, as KQL writes them. */
export const OPERATORS = [
  ...['==', '!=', '=~', '!~', 'in', '!in', 'in~', '!in~', 'has', '!has', 'contains', '!contains', 'startswith', '!startswith'],
  ...['endswith', '!endswith', 'matches regex', '<', '<=', '>', '>=', 'isempty', 'isnotempty', 'isnull', 'isnotnull'],
] as const satisfies readonly string[]
export type Operator = (typeof OPERATORS)[number]

/** A value of a condition: a text, or what KQL writes without quotes (`5`, `true`, `1h`, `datetime(2026-01-01)`, `ago(1h)`). */
export interface SimpleValue {
  readonly kind: 'text' | 'bare'
  readonly text: string
}

export interface Condition {
  readonly column: string
  readonly operator: Operator
  /** One, or any number for `in`, or none for `isempty` and its like. */
  readonly values: readonly SimpleValue[]
}

/** A query of the kind that needs no language: rows of a table that meet all conditions. */
export interface SimpleQuery {
  readonly table: string
  readonly conditions: readonly Condition[]
  /** Rows counted by these columns instead of listed; the count goes by `name`. */
  readonly counted: { readonly name: string; readonly by: readonly string[] } | undefined
  /** Columns shown; all where empty. */
  readonly columns: readonly string[]
  readonly order: { readonly column: string; readonly descending: boolean } | undefined
  readonly take: number | undefined
}

/** What KQL takes as a value without quotes. */
export const BARE =
  /^(?:-?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?:d|h|m|s|ms)|true|false|datetime\([\d\-:.TZ +]+\)|ago\(\d+(?:\.\d+)?(?:d|h|m|s|ms)\))$/

const NO_VALUE: ReadonlySet<Operator> = new Set(['isempty', 'isnotempty', 'isnull', 'isnotnull'])
const MANY_VALUES: ReadonlySet<Operator> = new Set(['in', '!in', 'in~', '!in~'])

/** How many values an operator takes. */
export function valuesOf(operator: Operator): 'none' | 'one' | 'many' {
  return NO_VALUE.has(operator) ? 'none' : MANY_VALUES.has(operator) ? 'many' : 'one'
}

/** Whether a condition says something yet. */
function isWhole({ column, operator, values }: Condition): boolean {
  const needed = valuesOf(operator)
  if (column === '') return false
  return needed === 'none' ? values.length === 0 : needed === 'one' ? values.length === 1 : values.length > 0
}

/** A query as KQL, a step a line. Conditions that say nothing yet are left out. */
export function printSimpleQuery({ table, conditions, counted, columns, order, take }: SimpleQuery): string {
  const steps = [kqlName(table), ...conditions.filter(isWhole).map((one) => `where ${conditionText(one)}`)]
  if (counted !== undefined) steps.push(`summarize ${countText(counted)}`)
  if (order !== undefined) steps.push(`order by ${kqlName(order.column)} ${order.descending ? 'desc' : 'asc'}`)
  if (take !== undefined) steps.push(`take ${take}`)
  // Last: what is sorted by need not be shown.
  if (columns.length > 0) steps.push(`project ${columns.map(kqlName).join(', ')}`)
  return steps.join('\n| ')
}

function conditionText({ column, operator, values }: Condition): string {
  const name = kqlName(column)
  if (NO_VALUE.has(operator)) return `${operator}(${name})`
  const list = values.map(valueText).join(', ')
  return `${name} ${operator} ${MANY_VALUES.has(operator) ? `(${list})` : list}`
}

function countText({ name, by }: NonNullable<SimpleQuery['counted']>): string {
  return `${kqlName(name)} = count()${by.length === 0 ? '' : ` by ${by.map(kqlName).join(', ')}`}`
}

function valueText({ kind, text }: SimpleValue): string {
  return kind === 'text' ? kqlText(text) : text
}
