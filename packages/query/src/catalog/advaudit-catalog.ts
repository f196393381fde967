import type { Catalog, Field, LogPart } from './catalog.ts'

/** A row of kind Command is made of these three. Source: the view `audit.advaudit`. */
const EVENTS: LogPart = { rows: (found) => `audit.events WHERE kind = 'Command' AND ${found}` }
const PLACEMENTS: LogPart = { rows: (found) => `audit.placements WHERE ${found}` }
const SESSIONS: LogPart = {
  rows: (found) => `audit.placements WHERE trace_id IN (SELECT trace_id FROM audit.sessions WHERE ${found})`,
}
/** Requests on containers: each is one row, with what the view says of all of them. */
const OPERATIONS: LogPart = {
  rows: (found) =>
    `(SELECT 'Kubernetes' AS kind, '' AS name, '' AS exe, '' AS cmdline, '' AS cwd, '' AS parent_name, 0 AS pid, 0 AS ppid, 0 AS uid, 0 AS risk, 'proven' AS confidence, '[]' AS candidates, * FROM audit.entries) WHERE ${found}`,
  whole: true,
}

const text = (name: string, column: string, part: LogPart): Field => ({
  name,
  type: 'string',
  sql: `nullIf(toString(${column}), '')`,
  text: column,
  part,
})
/** The view has 0 where the other kind of row has no such value. */
const ofCommand = (name: string, column: string, part: LogPart): Field => ({
  name,
  type: 'int',
  sql: `if(kind = 'Command', toNullable(toInt64(${column})), NULL)`,
  part,
})
const ofOperation = (name: string, column: string): Field => ({
  name,
  type: 'bool',
  sql: `if(kind = 'Kubernetes', toNullable(toBool(${column})), NULL)`,
  part: OPERATIONS,
})
const OPTIONS = 'kubeObject.operation.podExecOptions'
/** The platform's account id travels in the user's `extra`, one value or a list of them. */
const ALI_UID =
  "coalesce(nullIf(JSONExtractString(user_extra, 'aliuid', 1), ''), nullIf(JSONExtractString(user_extra, 'aliuid'), ''), " +
  "nullIf(JSONExtractString(user_extra, 'accountId', 1), ''), nullIf(JSONExtractString(user_extra, 'accountId'), ''))"
/** Nobody is named where the evidence does not name one person. */
const NAMED = "(user != '' AND confidence != 'ambiguous')"

const FIELDS: readonly Field[] = [
  { name: '__time__', type: 'int', sql: 'toInt64(toUnixTimestamp(time))', part: EVENTS, common: true },
  {
    name: 'time',
    type: 'string',
    sql: "concat(replaceOne(toString(time), ' ', 'T'), 'Z')",
    holds: 'time',
    part: EVENTS,
    common: true,
  },
  { ...text('clusterId', 'cluster', EVENTS), common: true },
  { ...text('kind', 'kind', EVENTS), common: true },
  { ...text('traceId', 'trace_id', PLACEMENTS), holds: 'identity' },
  { ...text('eventId', 'event_id', EVENTS), holds: 'identity' },
  { name: 'k8s.user.aliuid', type: 'string', sql: ALI_UID, part: SESSIONS },
  {
    name: 'k8s.user.username',
    type: 'string',
    sql: `if(${NAMED}, toNullable(toString(user)), NULL)`,
    text: `if(${NAMED}, user, '')`,
    part: SESSIONS,
  },
  {
    name: 'k8s.user.groups',
    type: 'json',
    sql: `if(${NAMED}, toNullable(toJSONString(groups)), NULL)`,
    part: SESSIONS,
  },
  text('k8s.pod.namespace', 'ns', PLACEMENTS),
  text('k8s.pod.name', 'pod', PLACEMENTS),
  text('k8s.pod.uid', 'pod_uid', PLACEMENTS),
  { name: 'k8s.pod.labels', type: 'json', sql: 'toJSONString(pod_labels)', map: 'pod_labels', part: SESSIONS },
  text('k8s.container.name', 'container', PLACEMENTS),
  text('k8s.container.image', 'image', PLACEMENTS),
  text('host.nodeName', 'node', EVENTS),
  text('host.hostIp', 'host_ip', SESSIONS),
  text('process.name', 'name', EVENTS),
  { ...text('process.cmdline', 'cmdline', EVENTS), words: 'cmdline', holds: 'lines' },
  { ...text('process.cwd', 'cwd', EVENTS), holds: 'lines' },
  text('process.exe', 'exe', EVENTS),
  ofCommand('process.pid', 'pid', EVENTS),
  ofCommand('process.parentPid', 'ppid', EVENTS),
  text('process.parentName', 'parent_name', PLACEMENTS),
  ofCommand('process.user.uid', 'uid', EVENTS),
  text('kubeObject.operation.kind', 'operation', OPERATIONS),
  {
    name: `${OPTIONS}.container`,
    type: 'string',
    sql: "if(kind = 'Kubernetes', nullIf(toString(container), ''), NULL)",
    part: OPERATIONS,
  },
  {
    name: `${OPTIONS}.command`,
    type: 'json',
    sql: 'if(empty(command), NULL, toNullable(toJSONString(command)))',
    part: OPERATIONS,
  },
  { name: `${OPTIONS}.commandStr`, type: 'string', sql: "nullIf(arrayStringConcat(command, ' '), '')", part: OPERATIONS },
  ofOperation(`${OPTIONS}.stdin`, 'stdin'),
  ofOperation(`${OPTIONS}.stdout`, 'stdout'),
  ofOperation(`${OPTIONS}.stderr`, 'stderr'),
  ofOperation(`${OPTIONS}.tty`, 'tty'),
  { name: 'status', type: 'int', sql: "if(kind = 'Kubernetes', toNullable(toInt64(status)), NULL)", part: OPERATIONS },
  { ...text('attribution.confidence', 'confidence', SESSIONS), common: true },
  { name: 'attribution.candidates', type: 'json', sql: "nullIf(toString(candidates), '')", part: SESSIONS },
  { name: 'risk', type: 'int', sql: 'toNullable(toInt64(risk))', part: PLACEMENTS, common: true },
  // Fields every row of a logstore has; nothing fills them here, so they are empty.
  { name: '__topic__', type: 'string', sql: "CAST('', 'Nullable(String)')", hidden: true },
  { name: '__source__', type: 'string', sql: "CAST('', 'Nullable(String)')", hidden: true },
]

/** The container audit under the names of Alibaba Cloud's logstore `advaudit-<cluster>`, over the store's own view. */
export const advauditCatalog: Catalog = {
  logstore: {
    prefix: 'advaudit-',
    view: 'audit.advaudit',
    timeColumn: 'time',
    idColumn: 'event_id',
    clusterColumn: 'cluster',
    parts: [EVENTS, PLACEMENTS, SESSIONS, OPERATIONS],
    fields: FIELDS,
  },
}
