import type { Migration } from '../migration.ts'
import { BY_PART, DURABLE, EXPIRES, labels, moment, number, received, text, word } from './column-types.ts'

const bloom = 'TYPE bloom_filter(0.01) GRANULARITY 1'
const place = `container_id ${text}, ns ${word}, pod ${word}, pod_uid ${word}, container ${word}, image ${word}`
const replaced = 'version UInt64, is_deleted UInt8'

/** `text` answers token searches from an inverted index; a server that has none yet gets a token filter. */
function events(index: string): string {
  return `CREATE TABLE IF NOT EXISTS audit.events (
  time ${moment}, ${received},
  event_id ${text}, batch_id ${text}, batch_seq UInt32 CODEC(Delta, ZSTD(1)),
  kind ${word}, action ${word}, outcome ${word}, cluster ${word}, node ${word}, boot ${word}, source ${word},
  audit_serial ${text}, serial Int64 CODEC(Delta, ZSTD(1)), record_types Array(${word}), syscall Int32, arch ${word}, exit ${word},
  pid ${number}, ppid ${number}, uid ${number}, auid ${number}, ses ${number}, tty ${word}, comm ${word}, exe ${word}, exe_dev ${word}, name ${word},
  cwd ${text}, argv Array(String) CODEC(ZSTD(1)), cmdline ${text}, keys Array(${word}), paths Array(String) CODEC(ZSTD(1)),
  dst_ip ${text}, dst_port Int32,
  audit_id ${text}, stage ${word}, verb ${word}, api_group ${word}, resource ${word}, subresource ${word}, obj_ns ${word}, obj_name ${text},
  user ${word}, groups Array(${word}), impersonated_user ${word}, source_ip ${word}, user_agent ${word}, request_uri ${text},
  status Int32, level ${word},
  trace_id ${text}, ${place},
  message ${text}, labels ${labels}, raw String CODEC(ZSTD(3)),
  INDEX ix_event event_id ${bloom}, INDEX ix_trace trace_id ${bloom}, INDEX ix_audit audit_id ${bloom},
  INDEX ix_container container_id ${bloom}, INDEX ix_pod pod ${bloom}, INDEX ix_user user ${bloom}, INDEX ix_name name ${bloom},
  INDEX ix_cmdline cmdline TYPE ${index}, INDEX ix_message message TYPE ${index}
) ENGINE = MergeTree PARTITION BY toDate(time) ORDER BY (kind, time, event_id) ${EXPIRES} SETTINGS ${BY_PART}`
}

/** Same partition and time as its event, so that a time range reaches both; one row a command, the newest version counts. */
const placements = `CREATE TABLE IF NOT EXISTS audit.placements (
  event_id ${text}, time ${moment}, ${received}, cluster ${word}, node ${word},
  trace_id ${text}, entry ${word}, ${place},
  parent_name ${word}, parent_event_id ${text}, placed ${word}, on_host UInt8, risk UInt8, risk_reason ${word}, ${replaced},
  INDEX ix_event event_id ${bloom}, INDEX ix_trace trace_id ${bloom}, INDEX ix_container container_id ${bloom}
) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toDate(time) ORDER BY (time, event_id) ${EXPIRES} SETTINGS ${BY_PART}`

/** No partitions: a recomputed session may start at another time, and must still replace its older self. */
const sessions = `CREATE TABLE IF NOT EXISTS audit.sessions (
  trace_id String, ${received}, entry ${word}, confidence ${word}, reasons Array(String), user ${word}, groups Array(${word}),
  user_extra ${text}, impersonated_user ${word}, source_ip ${word}, user_agent ${word}, candidates ${text}, audit_ids Array(String),
  cluster ${word}, node ${word}, ${place}, pod_labels ${labels}, host_ip ${word}, tty UInt8, command Array(String),
  outcome ${word}, status Int32, start ${moment}, end ${moment}, command_count UInt32, risk UInt8, risk_reason String, ${replaced},
  INDEX ix_start start TYPE minmax GRANULARITY 1, INDEX ix_user user ${bloom}, INDEX ix_pod pod ${bloom}
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY trace_id ${EXPIRES} SETTINGS ${DURABLE}`

const entries = `CREATE TABLE IF NOT EXISTS audit.entries (
  event_id String, trace_id ${text}, time ${moment}, ${received}, cluster ${word}, node ${word}, audit_id ${text}, operation ${word},
  user ${word}, groups Array(${word}), user_extra ${text}, impersonated_user ${word}, source_ip ${word}, user_agent ${word},
  ns ${word}, pod ${word}, pod_uid ${word}, container ${word}, image ${word}, pod_labels ${labels}, host_ip ${word},
  command Array(String), stdin UInt8, stdout UInt8, stderr UInt8, tty UInt8, status Int32, started ${moment}, ended ${moment}, ${replaced},
  INDEX ix_time time TYPE minmax GRANULARITY 1, INDEX ix_trace trace_id ${bloom}, INDEX ix_user user ${bloom}
) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY event_id ${EXPIRES} SETTINGS ${DURABLE}`

const containers = `CREATE TABLE IF NOT EXISTS audit.containers (
  cluster ${word}, container_id String, node ${word}, ns ${word}, pod ${word}, pod_uid ${word}, container ${word}, image ${word},
  kind ${word}, labels ${labels}, args Array(String), init_pid ${number}, cgroup String,
  created ${moment}, first_seen ${moment}, gone ${moment}, version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (cluster, container_id) SETTINGS ${DURABLE}`

const pods = `CREATE TABLE IF NOT EXISTS audit.pods (
  cluster ${word}, pod_uid String, ns ${word}, pod ${word}, node ${word}, host_ip ${word}, labels ${labels},
  object String CODEC(ZSTD(3)), observed ${moment}, version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (cluster, pod_uid) SETTINGS ${DURABLE}`

const samples = `CREATE TABLE IF NOT EXISTS audit.samples (
  cluster ${word}, node ${word}, time ${moment}, ${received}, container_id ${text}, pids Array(Int64) CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY toDate(time) ORDER BY (cluster, node, time, container_id) ${EXPIRES} SETTINGS ${BY_PART}`

const imports = `CREATE TABLE IF NOT EXISTS audit.imports (
  import_id String, cluster ${word}, path String, format ${word}, state ${word}, size_bytes UInt64, lines UInt64, events UInt64,
  duplicates UInt64, rejects UInt64, started ${moment}, finished ${moment}, version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (cluster, import_id) SETTINGS ${DURABLE}`

/**
 * Every command has a placement from the moment it is stored, made of what its agent stamped on it, and version 0: any
 * placement computed later replaces it. So the views need no case for commands without one, and a look-up by
 * trace, pod or container can start at the small table. It writes with its owner's rights: the writer may only insert.
 */
const arrivals = `CREATE MATERIALIZED VIEW IF NOT EXISTS audit.placements_on_arrival TO audit.placements
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT event_id, time, received, cluster, node, trace_id, '' AS entry, container_id, ns, pod, pod_uid, container, image,
  '' AS parent_name, '' AS parent_event_id, if(trace_id = '', '', 'stamp') AS placed, 0 AS on_host, 0 AS risk, '' AS risk_reason,
  0 AS version, 0 AS is_deleted
FROM audit.events WHERE kind = 'Command'`

export const tables: Migration = {
  version: 1,
  name: 'tables',
  statements: [
    [events('text(tokenizer = splitByNonAlpha)'), events('tokenbf_v1(32768, 3, 0) GRANULARITY 1')],
    [placements],
    [sessions],
    [entries],
    [containers],
    [pods],
    [samples],
    [imports],
    [arrivals],
  ],
}
