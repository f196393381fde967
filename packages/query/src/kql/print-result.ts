import { identifier } from '../clickhouse/identifier.ts'
import type { KqlContext } from './context.ts'
import { withShared } from './operators/materialize.ts'
import { type Column, orderBy, type Relation } from './relation.ts'
import { withoutUnused } from './unused-columns.ts'
import { datetimeText, timespanText } from './values/ticks.ts'

/** The outermost SELECT: the user's names, and values as they leave us. */
export function printResult(relation: Relation, context: KqlContext): string {
  if (relation.columns.length === 0)
    return withoutUnused(withShared(`SELECT 1 AS none FROM (${relation.sql}) WHERE false`, context.shared))
  const inner = relation.columns.map((column) => ({ value: edge(column, context), sql: context.fresh('o') }))
  const outer = relation.columns.map((column, index) => `${inner[index]?.sql} AS ${identifier(column.name)}`)
  // Names of the user stand only where nothing inside can mean them.
  const list = inner.map(({ value, sql }) => `${value} AS ${sql}`).join(', ')
  const rows = `SELECT ${list} FROM (${relation.sql})${orderBy(relation.order)}`
  return withoutUnused(withShared(`SELECT ${outer.join(', ')} FROM (${rows})`, context.shared))
}

function edge({ sql, type }: Column, context: KqlContext): string {
  if (type === 'datetime') return datetimeText(sql)
  if (type === 'timespan') return context.once(sql, timespanText)
  // A comparison is a number to the engine.
  if (type === 'bool') return `CAST(${sql}, 'Nullable(Bool)')`
  if (type === 'decimal') return `toString(${sql})`
  return sql
}
