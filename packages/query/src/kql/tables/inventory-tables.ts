import type { KqlTable } from './kql-table.ts'
import { PUBLISHED_COLUMNS } from './published-columns.ts'
import { type Filling, publishedTable } from './published-table.ts'

const ZERO = "toDateTime64(0, 6, 'UTC')"
const known = (moment: string): string => `if(${moment} = ${ZERO}, NULL, toNullable(${moment}))`
const podTime = (path: string): string => `parseDateTime64BestEffortOrNull(JSONExtractString(object, ${path}), 7, 'UTC')`

/** Containers as the agent or an import knows them, each with its pod's object where that was seen. */
const CONTAINERS = `(SELECT c.cluster AS cluster, c.container_id AS container_id, c.node AS own_node, c.ns AS ns, c.pod AS pod, c.pod_uid AS pod_uid,
  c.container AS container, c.image AS image, c.args AS args, c.created AS created, c.first_seen AS first_seen, c.gone AS gone,
  p.node AS pod_node, p.labels AS pod_labels, p.object AS object, c.container_id AS event_id, '' AS raw, c.first_seen AS received,
  if(p.node = '', c.node, p.node) AS node
  FROM audit.containers AS c FINAL LEFT JOIN audit.pods AS p FINAL ON p.cluster = c.cluster AND p.pod_uid = c.pod_uid
  WHERE c.kind = 'container')`

const POD_INVENTORY: Filling = {
  from: CONTAINERS,
  timeColumn: 'first_seen',
  sql: {
    ClusterId: 'cluster',
    ClusterName: 'cluster',
    Computer: 'node',
    ContainerID: 'container_id',
    ContainerName: "concat(pod_uid, '/', container)",
    ContainerStatus: `if(gone = ${ZERO}, 'running', 'terminated')`,
    ContainerCreationTimeStamp: known('created'),
    ContainerStartTime: known('created'),
    ControllerKind: "JSONExtractString(object, 'metadata', 'ownerReferences', 1, 'kind')",
    ControllerName: "JSONExtractString(object, 'metadata', 'ownerReferences', 1, 'name')",
    Name: 'pod',
    Namespace: 'ns',
    PodCreationTimeStamp: podTime("'metadata', 'creationTimestamp'"),
    PodStartTime: podTime("'status', 'startTime'"),
    PodIp: "JSONExtractString(object, 'status', 'podIP')",
    PodLabel: "concat('[', toJSONString(pod_labels), ']')",
    PodStatus: "JSONExtractString(object, 'status', 'phase')",
    PodUid: 'pod_uid',
  },
}

const CONTAINER_INVENTORY: Filling = {
  from: CONTAINERS,
  timeColumn: 'first_seen',
  sql: {
    Command: "arrayStringConcat(args, ' ')",
    Computer: 'node',
    ContainerHostname: 'pod',
    ContainerID: 'container_id',
    ContainerState: `if(gone = ${ZERO}, 'Running', 'Terminated')`,
    CreatedTime: known('created'),
    StartedTime: known('created'),
    FinishedTime: known('gone'),
    Image: "replaceRegexpOne(image, '^(?:[^/]*/)*([^/:@]*).*$', '\\\\1')",
    ImageTag: "extract(image, ':([^/:@]+)(?:@.*)?$')",
    Repository: "replaceRegexpOne(image, '(?:/)?[^/]*$', '')",
    Name: "concat(pod_uid, '/', container)",
  },
}

/** Objects of kind Event, as clients of the API wrote them. */
const event = (...path: readonly string[]): string => {
  const keys = path.map((key) => `'${key}'`).join(', ')
  return `if(JSONHas(raw, 'responseObject', 'reason'), JSONExtractString(raw, 'responseObject', ${keys}), JSONExtractString(raw, 'requestObject', ${keys}))`
}

const KUBE_EVENTS: Filling = {
  from: 'audit.events',
  timeColumn: 'time',
  where:
    "kind = 'KubeAudit' AND resource = 'events' AND verb IN ('create', 'patch', 'update') AND stage = 'ResponseComplete' " +
    "AND (JSONHas(raw, 'responseObject', 'reason') OR JSONHas(raw, 'requestObject', 'reason'))",
  sql: {
    ClusterId: 'cluster',
    ClusterName: 'cluster',
    Computer: event('source', 'host'),
    KubeEventType: event('type'),
    Message: event('message'),
    Name: event('involvedObject', 'name'),
    Namespace: event('involvedObject', 'namespace'),
    ObjectKind: event('involvedObject', 'kind'),
    Reason: event('reason'),
    SourceComponent: event('source', 'component'),
    Count: "greatest(JSONExtractFloat(raw, 'responseObject', 'count'), JSONExtractFloat(raw, 'requestObject', 'count'))",
    FirstSeen: `parseDateTime64BestEffortOrNull(${event('firstTimestamp')}, 7, 'UTC')`,
    LastSeen: `parseDateTime64BestEffortOrNull(${event('lastTimestamp')}, 7, 'UTC')`,
  },
}

/** A sign of life of each agent. */
const HEARTBEAT: Filling = {
  from: "(SELECT *, node AS event_id, '' AS raw FROM audit.heartbeats FINAL)",
  timeColumn: 'time',
  sql: {
    Category: "'Direct Agent'",
    Computer: 'node',
    OSType: "'Linux'",
    OSName: "facts['os']",
    Version: "facts['version']",
    Resource: 'cluster',
  },
}

const FILLED: Readonly<Record<string, Filling>> = {
  KubePodInventory: POD_INVENTORY,
  ContainerInventory: CONTAINER_INVENTORY,
  KubeEvents: KUBE_EVENTS,
  Heartbeat: HEARTBEAT,
}

/** Tables of container monitoring and others that queries name beside ours. */
export const INVENTORY_TABLES: readonly KqlTable[] = Object.keys(PUBLISHED_COLUMNS).map((name) =>
  publishedTable(PUBLISHED_COLUMNS, name, FILLED[name]),
)
