import { lowerMultiple, MEMBER, plainName } from '../aggregates/several-columns.ts'
import type { Scope } from '../context.ts'
import { lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { asColumn, expressionsOf, type Operator, resultColumns, unnamed } from '../operator.ts'
import { type Column, computed, orderBy, type Relation, stored, wrap } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** `summarize … by …`: one row a group; without groups exactly one row. */
export const lowerSummarize: Operator = (input, node, scope) => {
  const { context } = scope
  namedParameters(node, scope, [])
  const result = resultColumns(node, scope)
  const groups = node.fields.ByClause === undefined ? [] : expressionsOf(node.fields.ByClause)
  const numbered = numberedRows(input, node, scope)
  const keys = computed(
    numbered.relation,
    groups.map((group, index) =>
      asColumn(lowerExpression(unnamed(group, scope), { ...scope, row: numbered.relation }), result[index], scope, group),
    ),
    context,
  )
  const rows: Scope = {
    ...scope,
    row: { ...keys.relation, columns: input.columns },
    aggregating: { place: numbered.place },
    groupColumns: groups.flatMap((group) => plainName(unnamed(group, scope)) ?? []),
  }
  const wanted = result.slice(groups.length)
  const shared: string[] = []
  const values: Scalar[] = expressionsOf(node, 'Aggregates').flatMap((item) => aggregates(item, rows, shared))
  if (values.length !== wanted.length)
    throw context.refuse(node, 'An aggregation here gives another number of columns than expected.')
  const columns: Column[] = wanted.map((column) => ({ ...column, sql: context.fresh('c') }))
  const list = values.map((value, index) => {
    const column = columns[index]
    return {
      of: value.sql,
      sql: `${stored(asColumn(value, column, scope, node).value)} AS ${column?.sql}`,
      name: column?.sql ?? '',
    }
  })
  const raws = rawTexts(keys)
  const by = [...new Set([...(input.partition ?? []), ...keys.columns.map((column) => column.sql)])]
  const shown = by.map((key) => (raws.has(key) ? `toString(${raws.get(key)}) AS ${key}` : key))
  // Members of one row stand around the SELECT that makes it: beside it, each would be a row of its own to the engine.
  const isMember = ({ of }: { of: string }): boolean => MEMBER.test(of)
  const select = [...shown, ...shared, ...list.filter((one) => !isMember(one)).map(({ sql }) => sql)].join(', ') || '1'
  const grouped = by.length === 0 ? '' : ` GROUP BY ${by.map((key) => raws.get(key) ?? key).join(', ')}`
  const groupedRows = `SELECT ${select} FROM (${keys.relation.sql})${grouped}`
  const around = [...by, ...list.map((one) => (isMember(one) ? one.sql : one.name))].join(', ')
  const sql = shared.length === 0 ? groupedRows : `SELECT ${around} FROM (${groupedRows})`
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  return {
    sql,
    columns: [...keys.columns, ...columns],
    order: [],
    depth: keys.relation.depth + (shared.length === 0 ? 1 : 2),
    ...partition,
  }
}

/** Keys that are the store's own texts: the engine groups those by number where it keeps them in a dictionary. */
function rawTexts({ relation, columns }: { relation: Relation; columns: readonly Column[] }): ReadonlyMap<string, string> {
  const found = columns.flatMap(({ sql, type }): [string, string][] => {
    const raw = type === 'string' ? relation.raws?.get(sql) : undefined
    return raw === undefined ? [] : [[sql, raw]]
  })
  return new Map(found)
}

function aggregates(item: SyntaxNode, rows: Scope, shared: string[]): Scalar[] {
  const several = lowerMultiple(unnamed(item, rows), rows, shared)
  return several ?? [lowerExpression(unnamed(item, rows), rows)]
}

/** Lists keep the order of the rows, where they have one. */
function numberedRows(input: Relation, node: SyntaxNode, { context }: Scope): { relation: Relation; place: string | undefined } {
  if (input.order.length === 0 || !/"text":"(?:make_|make(?:list|set)|take_any|any)/.test(JSON.stringify(node)))
    return { relation: input, place: undefined }
  const place = context.fresh('c')
  return {
    relation: wrap(input, `SELECT *, row_number() OVER (${orderBy(input.order).trim()}) AS ${place} FROM (${input.sql})`),
    place,
  }
}
