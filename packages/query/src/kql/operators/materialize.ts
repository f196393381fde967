import type { Scope } from '../context.ts'
import { child, lowerTable } from '../lower.ts'
import { type Relation, renewed } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** What may differ from one time it is computed to the next. */
const CHANGING = /\brand|UUID|\bLIMIT\b|\bany\w*\(/

/** `materialize(table)`: computed once for the query, where computing it again could give other rows. */
export function lowerMaterialize(node: SyntaxNode, scope: Scope): Relation {
  const { context } = scope
  const before = context.materialized.get(node)
  if (before !== undefined) return renewed(before, context)
  const inside = lowerTable(child(node, 'Expression', scope), scope)
  if (!CHANGING.test(inside.sql)) return inside
  const { raws: _, ...named } = renewed(inside, context)
  const name = context.fresh('shared')
  context.shared.set(name, named.sql)
  const relation: Relation = { ...named, sql: `SELECT * FROM ${name}`, depth: 1 }
  context.materialized.set(node, relation)
  return renewed(relation, context)
}

/** The statement with the tables it shares in front; the reader of the store allows it. Source: ClickHouse, SELECT, "WITH … AS MATERIALIZED". */
export function withShared(sql: string, shared: ReadonlyMap<string, string>): string {
  if (shared.size === 0) return sql
  const list = [...shared].map(([name, body]) => `${name} AS MATERIALIZED (${body})`)
  return `WITH ${list.join(', ')} ${sql}`
}
