import { AZURE_TABLES, diagnosticsWith, isServiceColumn } from './azure-tables.ts'
import { INVENTORY_TABLES } from './inventory-tables.ts'
import { KNOWN_NAMES, knownTable } from './known-tables.ts'
import type { KqlSchema, KqlTable, KqlTables } from './kql-table.ts'
import { OWN_TABLES } from './own-tables.ts'

const ALL: readonly KqlTable[] = [...OWN_TABLES, ...AZURE_TABLES, ...INVENTORY_TABLES]

/** The tables that are listed and searched. */
export const KQL_TABLES: KqlTables = new Map(ALL.map((table) => [table.name, table]))

/** Names of all tables a query may read. */
export const KQL_TABLE_NAMES: ReadonlySet<string> = new Set([...KQL_TABLES.keys(), ...KNOWN_NAMES])

/** Sets of tables that were put together; the oldest goes when there are more. */
const MAX_SETS = 64
const sets = new Map<string, KqlTables>()

/**
 * The tables for a query: those that are listed, and of the others those it names, if need be with a wildcard; likewise
 * the columns that only services other than a cluster fill.
 */
export function tablesFor(text: string): KqlTables {
  const named = new Set<string>()
  const service = new Set<string>()
  for (const [word] of text.matchAll(/[A-Za-z_*][\w*]*/g)) {
    if (KNOWN_NAMES.has(word)) named.add(word)
    else if (isServiceColumn(word)) service.add(word)
    else if (/^[^*]*\*[^*]*\*?$/.test(word) && word.length > 2) for (const name of matching(word)) named.add(name)
  }
  if (!text.includes('AzureDiagnostics')) service.clear()
  if (named.size + service.size === 0) return KQL_TABLES
  const [names, columns] = [[...named].sort(), [...service].sort()]
  const key = `${names.join(' ')}|${columns.join(' ')}`
  let tables = sets.get(key)
  if (tables === undefined) {
    const diagnostics = diagnosticsWith(columns)
    tables = new Map([...KQL_TABLES, [diagnostics.name, diagnostics], ...names.flatMap((name) => pair(name))])
    if (sets.size >= MAX_SETS) for (const oldest of [...sets.keys()].slice(0, 1)) sets.delete(oldest)
    sets.set(key, tables)
  }
  return tables
}

function pair(name: string): (readonly [string, KqlTable])[] {
  const table = knownTable(name)
  return table === undefined ? [] : [[name, table]]
}

function matching(wildcard: string): string[] {
  const pattern = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`, 'i')
  return [...KNOWN_NAMES].filter((name) => pattern.test(name))
}

const schemas = new WeakMap<KqlTables, KqlSchema>()

/** The catalog as the binder takes it; the same object for the same tables, since binding it costs time. */
export function kqlSchema(tables: KqlTables): KqlSchema {
  let schema = schemas.get(tables)
  if (schema === undefined) {
    schema = new Map([...tables.values()].map((table) => [table.name, columnList(table)]))
    schemas.set(tables, schema)
  }
  return schema
}

const lists = new WeakMap<KqlTable, string>()

function columnList(table: KqlTable): string {
  let list = lists.get(table)
  if (list === undefined) {
    list = `(${table.columns.map((column) => `['${column.name}']:${column.type}`).join(', ')})`
    lists.set(table, list)
  }
  return list
}
