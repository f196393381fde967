import type { Migration } from '../migration.ts'
import { DURABLE, moment, word } from './column-types.ts'

/** Queries may name what others are not to know somebody looks for: no account of what people type reads them. */
const queries = `CREATE TABLE IF NOT EXISTS audit.saved_queries (
  id String, owner ${word}, spec String CODEC(ZSTD(1)), changed ${moment}, version UInt64, is_deleted UInt8
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY id SETTINGS ${DURABLE}`

export const savedQueries: Migration = { version: 7, name: 'saved-queries', statements: [[queries]] }
