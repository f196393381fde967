import type { KqlSchema } from '../syntax/analyze.ts'
import { AZURE_TABLES } from './azure-tables.ts'
import { INVENTORY_TABLES } from './inventory-tables.ts'
import type { KqlTable, KqlTables } from './kql-table.ts'
import { OWN_TABLES } from './own-tables.ts'

const ALL: readonly KqlTable[] = [...OWN_TABLES, ...AZURE_TABLES, ...INVENTORY_TABLES]

/** Every table that KQL may read. */
export const KQL_TABLES: KqlTables = new Map(ALL.map((table) => [table.name, table]))

const schemas = new WeakMap<KqlTables, KqlSchema>()

/** The catalog as the binder takes it; the same object for the same tables, since binding it costs time. */
export function kqlSchema(tables: KqlTables): KqlSchema {
  let schema = schemas.get(tables)
  if (schema === undefined) {
    schema = new Map(
      [...tables.values()].map(({ name, columns }) => [
        name,
        `(${columns.map((column) => `['${column.name}']:${column.type}`).join(', ')})`,
      ]),
    )
    schemas.set(tables, schema)
  }
  return schema
}
