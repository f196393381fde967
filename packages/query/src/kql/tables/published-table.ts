import { type KqlTable, NO_ROWS } from './kql-table.ts'
import { type PublishedColumns, publishedColumns } from './published-columns.ts'
import { column, standard } from './table-column.ts'

/** Where a published table gets its rows, and which of its columns have a value. */
export interface Filling {
  readonly from: string
  readonly timeColumn: string
  readonly where?: string
  readonly sql: Readonly<Record<string, string>>
}

/** What is not filled is read from a table without rows, so that queries of several tables still run. */
const EMPTY: Filling = { from: 'audit.events', timeColumn: 'time', where: NO_ROWS, sql: {} }

/** A table under its published columns and those every table has. */
export function publishedTable(tables: PublishedColumns, name: string, filling: Filling = EMPTY): KqlTable {
  const { from, timeColumn, where, sql } = filling
  const columns = [column('TimeGenerated', 'datetime', timeColumn), ...publishedColumns(tables, name, sql), ...standard(name)]
  return { name, from, timeColumn, columns, ...(where === undefined ? {} : { where }) }
}
