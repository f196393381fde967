import { nullOf, type Scope } from '../context.ts'
import type { KqlColumn } from '../kql-type.ts'
import { child } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { allTables, type NamedRows, tablesOf } from '../named-tables.ts'
import { expressionsOf, resultColumns } from '../operator.ts'
import { type Column, filtered, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { searched } from './searched.ts'
import { stacked } from './union.ts'

const SENSITIVE: Readonly<Record<string, boolean>> = { case_sensitive: true, case_insensitive: false, default: false }

/**
 * `search …` over the rows before it, the tables it names, or all there are. The first column of the result names the
 * table; in a table that does not have a column of the predicate it is null.
 */
export function lowerSearch(input: Relation | undefined, node: SyntaxNode, scope: Scope): Relation {
  const kind = namedParameters(node, scope, ['kind']).get('kind')
  const caseSensitive = SENSITIVE[kind?.text ?? 'default']
  if (caseSensitive === undefined) throw scope.context.refuse(kind?.node ?? node, `The kind ${kind?.text} is not supported.`)
  const legs = input === undefined ? listedTables(node, scope) : [{ relation: input, name: input.source ?? 'search_arg0' }]
  const found = matchingRows(legs, (row) => searched(child(node, 'Condition', scope), { ...scope, row }, caseSensitive))
  return stacked(found, { result: resultColumns(node, scope), source: '$table' }, scope)
}

/** The tables of `in (…)`, or all. */
export function listedTables(node: SyntaxNode, scope: Scope): readonly NamedRows[] {
  const clause = node.fields.InClause
  return clause === undefined ? allTables(scope) : expressionsOf(clause).flatMap((item) => tablesOf(item, scope))
}

/** Each table with the rows that fulfil the condition, where columns of the others are null. */
export function matchingRows(legs: readonly NamedRows[], condition: (row: Relation) => string): readonly NamedRows[] {
  const all = new Map<string, KqlColumn>()
  for (const { relation } of legs) for (const column of relation.columns) if (!all.has(column.name)) all.set(column.name, column)
  return legs.map(({ relation, name }) => {
    const own = new Set(relation.columns.map((column) => column.name))
    const missing = [...all.values()].filter((column) => !own.has(column.name))
    const nulls = missing.map((column): Column => ({ name: column.name, type: column.type, sql: nullOf(column.type) }))
    const row = { ...relation, columns: [...relation.columns, ...nulls] }
    return { relation: filtered(relation, condition(row)), name }
  })
}
