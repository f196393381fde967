import type { Migration } from '../migration.ts'
import { BY_PART, DURABLE, EXPIRES, labels, moment, number, received, text, word } from './column-types.ts'

/** Rows replace their repeats: a batch that is sent again says the same. */
const loss = `CREATE TABLE IF NOT EXISTS audit.loss (
  loss_id String, cluster ${word}, node ${word}, boot ${word}, ${received}, hop ${word}, since ${moment}, until ${moment},
  count ${number}, reason ${text}
) ENGINE = ReplacingMergeTree PARTITION BY toDate(until) ORDER BY (cluster, node, until, loss_id) ${EXPIRES} SETTINGS ${BY_PART}`

const heartbeats = `CREATE TABLE IF NOT EXISTS audit.heartbeats (
  cluster ${word}, node ${word}, time ${moment}, ${received}, boot ${word}, counters Map(${word}, Float64) CODEC(ZSTD(1)), facts ${labels}
) ENGINE = ReplacingMergeTree PARTITION BY toDate(time) ORDER BY (cluster, node, time) ${EXPIRES} SETTINGS ${BY_PART}`

/** Written after everything else of a batch: a batch that stands here is stored whole. */
const batches = `CREATE TABLE IF NOT EXISTS audit.batches (
  batch String, cluster ${word}, node ${word}, ${received}, stored ${moment}, accepted UInt64, rejected UInt64
) ENGINE = ReplacingMergeTree ORDER BY batch ${EXPIRES} SETTINGS ${DURABLE}`

export const intake: Migration = { version: 3, name: 'intake', statements: [[loss], [heartbeats], [batches]] }
