import { ClickHouseError } from '@clickhouse/client'
import { type ClusterForm, onCluster } from './cluster/cluster-form.ts'
import type { Connection } from './connection.ts'
import type { Migration } from './migration.ts'
import { migrations } from './migrations/index.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'

const FAILED = { what: 'The database schema cannot be brought up to date.', otherwise: 'PW-ST-007' } as const
const HISTORY = `CREATE TABLE IF NOT EXISTS audit.schema_migrations (
  version UInt32, name String, applied DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = ReplacingMergeTree ORDER BY version
SETTINGS fsync_after_insert=1, fsync_part_directory=1, min_rows_to_fsync_after_merge=1, min_compressed_bytes_to_fsync_after_merge=1,
  non_replicated_deduplication_window=10000`
const SYNCHRONOUS = { async_insert: 0, insert_deduplicate: 1 } as const

/**
 * Brings a database to the newest schema this program knows; run twice, the second run changes nothing.
 *
 * @param connection One server: on a cluster this is done for each.
 * @param form How tables are made where the server is one of a cluster.
 * @returns The steps applied now.
 * @throws StoreError PW-ST-006 where a newer program was here before, PW-ST-007 where a statement failed.
 */
export async function migrate(
  connection: Connection,
  steps: readonly Migration[] = migrations,
  form?: ClusterForm,
): Promise<readonly Migration[]> {
  try {
    await connection.command('admin', 'CREATE DATABASE IF NOT EXISTS audit ENGINE = Atomic')
    await connection.command('admin', HISTORY)
    const current = await schemaVersion(connection)
    const newest = steps.at(-1)?.version ?? 0
    if (current > newest) throw newerSchema(current, newest)
    const pending = steps.filter((step) => step.version > current)
    const settings = pending.length === 0 ? [] : await missingSettings(connection)
    for (const step of pending) await apply(connection, step, settings, form)
    return pending
  } catch (error) {
    throw storeFailure(error, FAILED)
  }
}

/** Schema version in force, 0 for an empty database. */
export async function schemaVersion(connection: Connection): Promise<number> {
  const sql = 'SELECT max(version) AS version FROM audit.schema_migrations'
  const rows = await connection.rows<{ version: number }>('admin', sql, {}, FAILED)
  return rows[0]?.version ?? 0
}

async function apply(connection: Connection, step: Migration, missing: readonly string[], form?: ClusterForm): Promise<void> {
  for (const alternatives of step.statements) {
    const possible = alternatives.map((statement) => withoutSettings(statement, missing))
    await firstAccepted(
      connection,
      possible.map((statement) => (form === undefined ? [statement] : onCluster(statement, form))),
    )
  }
  await connection.insert('admin', 'audit.schema_migrations', [{ version: step.version, name: step.name }], SYNCHRONOUS)
}

/** Table settings we like but an older server may not know. Those that keep rows safe are not among them. */
const OPTIONAL_SETTINGS = ['min_free_disk_bytes_to_perform_insert', 'materialize_ttl_recalculate_only']

async function missingSettings(connection: Connection): Promise<string[]> {
  const sql = 'SELECT name FROM system.merge_tree_settings WHERE name IN {names:Array(String)}'
  const known = await connection.rows<{ name: string }>('admin', sql, { names: OPTIONAL_SETTINGS }, FAILED)
  return OPTIONAL_SETTINGS.filter((name) => !known.some((row) => row.name === name))
}

/** Leaves `, name=number` out of a statement. */
export function withoutSettings(statement: string, names: readonly string[]): string {
  return names.reduce((rest, name) => rest.replace(new RegExp(`, ${name}=\\d+`), ''), statement)
}

async function firstAccepted(connection: Connection, alternatives: readonly (readonly string[])[]): Promise<void> {
  for (const [index, statements] of alternatives.entries()) {
    try {
      for (const statement of statements) await connection.command('admin', statement)
      return
    } catch (error) {
      const refused = error instanceof ClickHouseError
      if (!refused || index === alternatives.length - 1) throw error
    }
  }
}

function newerSchema(current: number, newest: number): StoreError {
  return new StoreError('PW-ST-006', {
    what: 'This store was written by a newer version of podwitness.',
    why: `Its schema is version ${current}; this program knows up to ${newest}.`,
    todo: 'Use the newer version, or another data directory.',
  })
}
