import type { Migration } from '../migration.ts'
import { DURABLE, moment, word } from './column-types.ts'

/** Hashes of passwords and tokens: no account of what people type may read it. */
const objects = `CREATE TABLE IF NOT EXISTS audit.access_objects (
  kind ${word}, id String, spec String CODEC(ZSTD(1)), changed ${moment}, version UInt64, is_deleted UInt8
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY (kind, id) SETTINGS ${DURABLE}`

export const accessTables: Migration = { version: 5, name: 'access', statements: [[objects]] }
