import type { KqlColumn } from './kql-type.ts'
import { KQL_TABLES } from './tables/index.ts'

/** The tables KQL may read, with the columns people see. */
export function kqlSchemas(): { readonly name: string; readonly timeColumn: string; readonly columns: readonly KqlColumn[] }[] {
  return [...KQL_TABLES.values()].map((table) => ({
    name: table.name,
    timeColumn: 'TimeGenerated',
    columns: table.columns.map(({ name, type }) => ({ name, type })),
  }))
}
