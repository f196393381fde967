import type { Scope } from '../context.ts'
import { nullOf } from '../context.ts'
import { convert } from '../expressions/convert.ts'
import type { KqlColumn } from '../kql-type.ts'
import { lowerTable } from '../lower.ts'
import { findColumn, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { namedParameters } from './named-parameters.ts'
import { expressionsOf, resultColumns } from './operator.ts'

/** `union`: columns by name; a name with two types becomes two columns, `name_type`. */
export function lowerUnion(input: Relation | undefined, node: SyntaxNode, scope: Scope): Relation {
  const { context } = scope
  const parameters = namedParameters(node, scope, ['kind', 'withsource', 'isfuzzy'])
  const outside: Scope = { ...scope, row: undefined }
  const fuzzy = parameters.get('isfuzzy')?.text.toLowerCase() === 'true'
  const there = expressionsOf(node).filter((item) => !(fuzzy && isMissing(item, scope)))
  const tables = there.map((item) => {
    const relation = lowerTable(item, outside)
    return { relation, source: item.kind === 'NameReference' ? item.text : relation.source }
  })
  const legs = input === undefined ? tables : [{ relation: input, source: input.source }, ...tables]
  const source = parameters.get('withsource')?.text
  const result = resultColumns(node, scope)
  const columns = result.map((column) => ({ ...column, sql: context.fresh('c') }))
  const selects = legs.map(({ relation, source: given }, index) => {
    const list = columns.map((column) => {
      const sql =
        column.name === source ? context.string(given ?? `union_arg${index}`) : legValue(relation, column, result, scope)
      return `${sql} AS ${column.sql}`
    })
    return `SELECT ${list.join(', ')} FROM (${relation.sql})`
  })
  const sql = `SELECT * FROM (${selects.join(' UNION ALL ')})`
  return { sql, columns, order: [], depth: Math.max(0, ...legs.map((leg) => leg.relation.depth)) + 2 }
}

function legValue(relation: Relation, column: KqlColumn, result: readonly KqlColumn[], { context }: Scope): string {
  const direct = findColumn(relation, column.name)
  if (direct !== undefined && direct.type === column.type) return stored(direct)
  const suffix = `_${column.type}`
  const base = column.name.endsWith(suffix) ? findColumn(relation, column.name.slice(0, -suffix.length)) : undefined
  if (base !== undefined && base.type === column.type && !result.some((one) => one.name === base.name)) return stored(base)
  return direct === undefined ? nullOf(column.type) : stored(convert(direct, column.type, context))
}

/** `isfuzzy=true` leaves out tables that do not exist. */
function isMissing(item: SyntaxNode, { lets, context }: Scope): boolean {
  return item.kind === 'NameReference' && !lets.has(item.text) && !context.tables.has(item.text)
}
