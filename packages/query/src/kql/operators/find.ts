import type { Scope } from '../context.ts'
import { bagJson } from '../functions/json-values.ts'
import { child } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import type { NamedRows } from '../named-tables.ts'
import { resultColumns } from '../operator.ts'
import { computed, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { toJson } from '../values/convert.ts'
import { listedTables, matchingRows } from './search.ts'
import { searched } from './searched.ts'
import { stacked } from './union.ts'

/** `find [in (…)] where … [project …]`: rows of several tables; columns that are not shown are packed together. */
export function lowerFind(node: SyntaxNode, scope: Scope): Relation {
  const source = namedParameters(node, scope, ['withsource', 'datascope']).get('withsource')?.text ?? 'source_'
  const result = resultColumns(node, scope)
  const found = matchingRows(listedTables(node, scope), (row) => searched(child(node, 'Condition', scope), { ...scope, row }))
  const packs = result.some((column) => column.name === 'pack_')
  const shown = new Set(result.map((column) => column.name))
  const legs = packs ? found.map((leg) => withPack(leg, shown, scope)) : found
  return stacked(legs, { result, source }, scope)
}

function withPack({ relation, name }: NamedRows, shown: ReadonlySet<string>, { context }: Scope): NamedRows {
  const members = relation.columns
    .filter((column) => !shown.has(column.name))
    .map((column) => `(${context.string(column.name)}, ifNull(${toJson(column, context)}, 'null'))`)
  const sql = members.length === 0 ? "toNullable('{}')" : `toNullable(${bagJson(`[${members.join(', ')}]`)})`
  const packed = computed(relation, [{ name: 'pack_', value: { sql, type: 'dynamic' } }], context)
  return { relation: { ...packed.relation, columns: [...relation.columns, ...packed.columns] }, name }
}
