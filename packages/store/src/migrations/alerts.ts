import type { Migration } from '../migration.ts'
import { DURABLE, EXPIRES, moment, received, text, word } from './column-types.ts'

const replaced = 'version UInt64, is_deleted UInt8'

/** Holds secrets of channels: the account of what people type may not read it. */
const objects = `CREATE TABLE IF NOT EXISTS audit.alert_objects (
  kind ${word}, id String, spec String CODEC(ZSTD(1)), changed ${moment}, ${replaced}
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY (kind, id) SETTINGS ${DURABLE}`

const alerts = `CREATE TABLE IF NOT EXISTS audit.alerts (
  alert_id String, ${received}, rule_id ${word}, rule_name ${text}, severity ${word}, state ${word}, group_key ${text}, created ${moment},
  updated ${moment}, span_from ${moment}, span_to ${moment}, row_count UInt64, row_keys Array(String) CODEC(ZSTD(1)),
  results String CODEC(ZSTD(3)), reason ${text}, silenced ${text}, actor ${word}, note ${text}, escalated UInt32, ${replaced}
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY alert_id ${EXPIRES} SETTINGS ${DURABLE}`

const runs = `CREATE TABLE IF NOT EXISTS audit.alert_runs (
  rule_id ${word}, ${received}, due ${moment}, started ${moment}, arrived_to ${moment}, span_from ${moment}, span_to ${moment},
  rows_found UInt64, rows_new UInt64, alerts UInt64, state ${word}, error ${text}, elapsed_ms UInt64, owner ${word}
) ENGINE = MergeTree ORDER BY (rule_id, due) ${EXPIRES} SETTINGS ${DURABLE}`

/** Bodies of messages are made from secrets' side of the house, so this table is as closed as the objects'. */
const deliveries = `CREATE TABLE IF NOT EXISTS audit.alert_deliveries (
  delivery_id String, ${received}, channel_id ${word}, alert_ids Array(String), created ${moment}, updated ${moment}, state ${word},
  attempts UInt32, next_attempt ${moment}, status Int32, answer ${text}, title ${text}, body String CODEC(ZSTD(3)), carrier String, ${replaced}
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY delivery_id ${EXPIRES} SETTINGS ${DURABLE}`

/** Inserts under the same token happen once, so the row of a slot is that of the first server to ask for it. */
const leases = `CREATE TABLE IF NOT EXISTS audit.alert_leases (
  slot String, ${received}, owner String, claimed ${moment}
) ENGINE = MergeTree ORDER BY slot ${EXPIRES} SETTINGS ${DURABLE}`

/** What arrived since a moment is found without reading everything: parts hold rows of one time of arrival. */
const byArrival = ['events', 'placements', 'sessions', 'entries'].map((table) => [
  `ALTER TABLE audit.${table} ADD INDEX IF NOT EXISTS ix_received received TYPE minmax GRANULARITY 1`,
])

export const alertTables: Migration = {
  version: 4,
  name: 'alerts',
  statements: [[objects], [alerts], [runs], [deliveries], [leases], ...byArrival],
}
