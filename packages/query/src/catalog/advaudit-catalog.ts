import type { Catalog, Field } from './catalog.ts'

const text = (name: string, column: string): Field => ({ name, type: 'string', sql: `nullIf(toString(${column}), '')` })
/** The view has 0 where the other kind of row has no such value. */
const ofCommand = (name: string, column: string): Field => ({
  name,
  type: 'int',
  sql: `if(kind = 'Command', toNullable(toInt64(${column})), NULL)`,
})
const ofOperation = (name: string, column: string): Field => ({
  name,
  type: 'bool',
  sql: `if(kind = 'Kubernetes', toNullable(toBool(${column})), NULL)`,
})
const OPTIONS = 'kubeObject.operation.podExecOptions'
/** The platform's account id travels in the user's `extra`, one value or a list of them. */
const ALI_UID =
  "coalesce(nullIf(JSONExtractString(user_extra, 'aliuid', 1), ''), nullIf(JSONExtractString(user_extra, 'aliuid'), ''), " +
  "nullIf(JSONExtractString(user_extra, 'accountId', 1), ''), nullIf(JSONExtractString(user_extra, 'accountId'), ''))"
/** Nobody is named where the evidence does not name one person. */
const NAMED = "(user != '' AND confidence != 'ambiguous')"

const FIELDS: readonly Field[] = [
  { name: '__time__', type: 'int', sql: 'toInt64(toUnixTimestamp(time))' },
  { name: 'time', type: 'string', sql: "concat(replaceOne(toString(time), ' ', 'T'), 'Z')" },
  text('clusterId', 'cluster'),
  text('kind', 'kind'),
  text('traceId', 'trace_id'),
  text('eventId', 'event_id'),
  { name: 'k8s.user.aliuid', type: 'string', sql: ALI_UID },
  { name: 'k8s.user.username', type: 'string', sql: `if(${NAMED}, toNullable(toString(user)), NULL)` },
  { name: 'k8s.user.groups', type: 'json', sql: `if(${NAMED}, toNullable(toJSONString(groups)), NULL)` },
  text('k8s.pod.namespace', 'ns'),
  text('k8s.pod.name', 'pod'),
  text('k8s.pod.uid', 'pod_uid'),
  { name: 'k8s.pod.labels', type: 'json', sql: 'toJSONString(pod_labels)', map: 'pod_labels' },
  text('k8s.container.name', 'container'),
  text('k8s.container.image', 'image'),
  text('host.nodeName', 'node'),
  text('host.hostIp', 'host_ip'),
  text('process.name', 'name'),
  { ...text('process.cmdline', 'cmdline'), words: 'cmdline' },
  text('process.cwd', 'cwd'),
  text('process.exe', 'exe'),
  ofCommand('process.pid', 'pid'),
  ofCommand('process.parentPid', 'ppid'),
  text('process.parentName', 'parent_name'),
  ofCommand('process.user.uid', 'uid'),
  text('kubeObject.operation.kind', 'operation'),
  { name: `${OPTIONS}.container`, type: 'string', sql: "if(kind = 'Kubernetes', nullIf(toString(container), ''), NULL)" },
  { name: `${OPTIONS}.command`, type: 'json', sql: 'if(empty(command), NULL, toNullable(toJSONString(command)))' },
  { name: `${OPTIONS}.commandStr`, type: 'string', sql: "nullIf(arrayStringConcat(command, ' '), '')" },
  ofOperation(`${OPTIONS}.stdin`, 'stdin'),
  ofOperation(`${OPTIONS}.stdout`, 'stdout'),
  ofOperation(`${OPTIONS}.stderr`, 'stderr'),
  ofOperation(`${OPTIONS}.tty`, 'tty'),
  { name: 'status', type: 'int', sql: "if(kind = 'Kubernetes', toNullable(toInt64(status)), NULL)" },
  text('attribution.confidence', 'confidence'),
  { name: 'attribution.candidates', type: 'json', sql: "nullIf(toString(candidates), '')" },
  { name: 'risk', type: 'int', sql: 'toNullable(toInt64(risk))' },
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
    fields: FIELDS,
  },
}
