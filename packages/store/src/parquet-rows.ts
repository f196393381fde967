import type { ClickHouseSettings } from '@clickhouse/client'
import type { Connection } from './connection.ts'
import { streamRows } from './stream-rows.ts'
import type { TableName } from './table-rows.ts'

const FAILED = { what: 'The columns of a table cannot be read.', otherwise: 'PW-ST-018' } as const
/** A column that an older version had not yet is empty; one that this table does not have is not asked for. */
const SETTINGS: ClickHouseSettings = {
  input_format_parquet_allow_missing_columns: 1,
  output_format_json_quote_64bit_integers: 1,
  max_block_size: '8192',
  max_execution_time: 0,
}

/**
 * Rows of a Parquet file on the engine's machine, as they were exported from a table: the table's own types say how its
 * values are read, as Parquet has fewer.
 *
 * @throws StoreError PW-ST-018 where it is no such file.
 */
export async function* parquetRows<T>(connection: Connection, table: TableName, path: string): AsyncGenerator<T[]> {
  const sql = `SELECT name, type FROM system.columns WHERE database = 'audit' AND table = {table:String} AND default_kind IN ('', 'DEFAULT') ORDER BY position`
  const columns = await connection.rows<{ name: string; type: string }>('admin', sql, { table }, FAILED)
  const structure = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  const from = `file(${quoted(path)}, 'Parquet', ${quoted(structure)})`
  yield* streamRows<T>(connection, 'admin', `SELECT * FROM ${from}`, { settings: SETTINGS })
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`
