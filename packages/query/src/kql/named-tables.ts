import type { Scope } from './context.ts'
import { lowerTable } from './lower.ts'
import type { Relation } from './relation.ts'
import { scanTable } from './scan-table.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import { NO_ROWS } from './tables/kql-table.ts'

/** One of the tables that `union`, `search` and `find` put together, and the name they show for it. */
export interface NamedRows {
  readonly relation: Relation
  readonly name: string | undefined
  /** Whether it is a table that nothing fills. */
  readonly empty?: boolean
}

/** The tables an item of their lists stands for: several where its name has a wildcard. */
export function tablesOf(item: SyntaxNode, scope: Scope): NamedRows[] {
  const outside: Scope = { ...scope, row: undefined }
  if (item.kind === 'NameReference' && item.text.includes('*')) return matching(item, outside)
  const relation = lowerTable(item, outside)
  return [{ relation, name: item.kind === 'NameReference' ? writtenName(item, scope) : relation.source }]
}

const writtenName = (item: SyntaxNode, { context }: Scope): string =>
  context.text.workspaceTables.get(item.start)?.written ?? item.text

/** Every table of the catalog that may have rows. */
export const allTables = ({ context }: Scope): NamedRows[] =>
  [...context.tables.values()]
    .filter((table) => table.where !== NO_ROWS)
    .map((table) => ({ relation: scanTable(table, context), name: table.name }))

function matching(item: SyntaxNode, { context, lets }: Scope): NamedRows[] {
  const pattern = new RegExp(`^${item.text.split('*').map(quote).join('.*')}$`, 'i')
  // The binder does not know which views of the query a wildcard means, and so not their columns.
  const views = [...lets].filter(([name, { kind }]) => kind !== 'scalar' && pattern.test(name))
  if (views.length > 0) throw context.refuse(item, 'A wildcard for names of the query is not supported.', 'Name each of them.')
  const found = [...context.tables.values()].filter((table) => pattern.test(table.name))
  return found.map((table) => ({ relation: scanTable(table, context), name: table.name, empty: table.where === NO_ROWS }))
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
