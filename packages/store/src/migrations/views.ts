import { DELIBERATE_ENTRIES } from '@podwitness/event'
import type { Migration } from '../migration.ts'

const DELIBERATE = DELIBERATE_ENTRIES.map((entry) => `'${entry}'`).join(', ')

/**
 * Both parts of the join key, and the time in front: a range of time asked of the view then reaches the primary keys
 * of both tables, because the engine carries a condition on one side of an equality over to the other.
 */
const FROM_COMMANDS = `FROM audit.events AS e
LEFT JOIN audit.placements AS p FINAL ON p.time = e.time AND p.event_id = e.event_id
LEFT JOIN audit.sessions AS s FINAL ON s.trace_id = p.trace_id`

const commands = `CREATE OR REPLACE VIEW audit.commands AS
SELECT e.time AS time, e.received AS received, e.event_id AS event_id, e.cluster AS cluster, e.node AS node, s.host_ip AS host_ip,
  e.audit_serial AS audit_serial, e.serial AS serial, p.trace_id AS trace_id, if(p.entry = '', s.entry, p.entry) AS entry,
  s.confidence AS confidence, s.user AS user, s.groups AS groups, s.candidates AS candidates, s.source_ip AS source_ip,
  s.user_agent AS user_agent, p.ns AS ns, p.pod AS pod, p.pod_uid AS pod_uid, s.pod_labels AS pod_labels, p.container AS container,
  p.container_id AS container_id, p.image AS image, e.name AS name, e.exe AS exe, e.cmdline AS cmdline, e.argv AS argv, e.cwd AS cwd,
  e.tty AS tty, e.pid AS pid, e.ppid AS ppid, p.parent_name AS parent_name, p.parent_event_id AS parent_event_id, e.uid AS uid,
  e.auid AS auid, e.exit AS exit, p.placed AS placed, p.on_host AS on_host, p.risk AS risk, p.risk_reason AS risk_reason, e.raw AS raw
${FROM_COMMANDS}
WHERE e.kind = 'Command'`

const operations = `CREATE OR REPLACE VIEW audit.operations AS
SELECT 'Kubernetes' AS kind, time, received, event_id, trace_id, cluster, node, host_ip, audit_id, operation, user, groups, user_extra,
  impersonated_user, source_ip, user_agent, ns, pod, pod_uid, pod_labels, container, image, command, stdin, stdout, stderr, tty, status,
  started, ended
FROM audit.entries FINAL`

/** One shape for both kinds, as the container audit of Alibaba Cloud SLS has it; see docs/reference/store.md. */
const advaudit = `CREATE OR REPLACE VIEW audit.advaudit AS
SELECT 'Command' AS kind, e.time AS time, e.cluster AS cluster, p.trace_id AS trace_id, e.event_id AS event_id, s.user AS user,
  s.groups AS groups, s.user_extra AS user_extra, s.host_ip AS host_ip, e.node AS node, p.ns AS ns, p.pod AS pod, p.pod_uid AS pod_uid,
  s.pod_labels AS pod_labels, p.container AS container, p.image AS image, e.name AS name, e.exe AS exe, e.cmdline AS cmdline,
  e.cwd AS cwd, e.pid AS pid, e.ppid AS ppid, p.parent_name AS parent_name, e.uid AS uid, '' AS operation, CAST([], 'Array(String)') AS command,
  toUInt8(0) AS stdin, toUInt8(0) AS stdout, toUInt8(0) AS stderr, toUInt8(0) AS tty, toInt32(0) AS status,
  s.confidence AS confidence, s.candidates AS candidates, p.risk AS risk, e.raw AS raw
${FROM_COMMANDS}
WHERE e.kind = 'Command' AND if(p.entry = '', s.entry, p.entry) IN (${DELIBERATE})
UNION ALL
SELECT 'Kubernetes' AS kind, time, cluster, trace_id, event_id, user, groups, user_extra, host_ip, node, ns, pod, pod_uid, pod_labels,
  container, image, '' AS name, '' AS exe, '' AS cmdline, '' AS cwd, 0 AS pid, 0 AS ppid, '' AS parent_name, 0 AS uid, operation, command,
  stdin, stdout, stderr, tty, status, 'proven' AS confidence, '[]' AS candidates, 0 AS risk, '' AS raw
FROM audit.entries FINAL`

export const views: Migration = { version: 2, name: 'views', statements: [[commands], [operations], [advaudit]] }
