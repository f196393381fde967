import type { Migration } from '../migration.ts'
import { DURABLE, moment, received, word } from './column-types.ts'

/** One row a name stays: it says which term comes next. */
const leases = `CREATE TABLE IF NOT EXISTS audit.leases (
  name String, term UInt64, owner String, released UInt8, ${received}
) ENGINE = ReplacingMergeTree(term) ORDER BY (name) SETTINGS ${DURABLE}`

/** As long-lived as the ledger's files: without its entries nobody can say what is missing. */
const entries = `CREATE TABLE IF NOT EXISTS audit.ledger_entries (
  chain ${word}, seq UInt64, line String CODEC(ZSTD(1)), ${received}
) ENGINE = ReplacingMergeTree ORDER BY (chain, seq) SETTINGS ${DURABLE}`

const objects = `CREATE TABLE IF NOT EXISTS audit.store_objects (
  kind ${word}, id String, spec String CODEC(ZSTD(1)), changed ${moment}, version UInt64, is_deleted UInt8
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY (kind, id) SETTINGS ${DURABLE}`

/** What a hold keeps says so in its row: the engine drops a part when the last of its rows may go. */
const keptUntil = ['events', 'placements', 'sessions', 'entries'].map((table) => [
  `ALTER TABLE audit.${table} ADD COLUMN IF NOT EXISTS kept_until DateTime('UTC') DEFAULT 0 CODEC(ZSTD(1))`,
])

export const keeping: Migration = {
  version: 6,
  name: 'keeping',
  statements: [[leases], [entries], [objects], ...keptUntil],
}
