import type { Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import { resultColumns } from '../operator.ts'
import type { Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'

/** Most rows that `range` makes. */
const MAX_STEPS = 1_000_000

/** `range x from a to b step c`, both ends included. */
export function lowerRange(node: SyntaxNode, scope: Scope): Relation {
  const { context } = scope
  const [column] = resultColumns(node, scope)
  if (column === undefined) throw context.refuse(node, 'This range has no column.', undefined, 'PW-QY-001')
  const { type } = column
  const part = (name: string) => lowerExpression(child(node, name, scope), { ...scope, row: undefined })
  const ends = [part('From'), part('To')].map((value) => convert(value, type, context))
  const stepType = type === 'datetime' ? 'timespan' : type
  const step = convert(part('Step'), stepType, context).sql
  const [from = '', to = ''] = ends.map((value) => (type === 'datetime' ? toTicks(value.sql) : value.sql))
  const count = `toInt64(floor((${to} - ${from}) / nullIf(${step}, 0)))`
  const steps = `greatest(ifNull(${count}, -1) + 1, 0)`
  const numbers = `range(toUInt64(${steps} + ${context.stopIf(`${steps} > ${MAX_STEPS}`, node, 'range makes a million rows at most.')}))`
  const [number, value] = [context.fresh('c'), context.fresh('c')]
  const made = `${from} + ${number} * ${step}`
  const sql = `SELECT ${number}, ${type === 'datetime' ? fromTicks(made) : `toNullable(${made})`} AS ${value} FROM (SELECT arrayJoin(${numbers}) AS ${number})`
  const order = [{ sql: number, descending: false, nullsFirst: true, unique: true as const }]
  return { sql, columns: [{ name: column.name, type, sql: value }], order, depth: 2 }
}
