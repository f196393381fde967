import { AZURE_COLUMNS } from './azure-columns.ts'
import { aksAudit, CHANGES } from './azure-tables.ts'
import { CONTAINER_COLUMNS } from './container-columns.ts'
import { DEFENDER_COLUMNS } from './defender-columns.ts'
import { IDENTITY_COLUMNS } from './identity-columns.ts'
import type { KqlTable } from './kql-table.ts'
import { NETWORK_COLUMNS } from './network-columns.ts'
import type { PublishedColumns } from './published-columns.ts'
import { type Filling, publishedTable } from './published-table.ts'
import { SENTINEL_COLUMNS } from './sentinel-columns.ts'

const KNOWN: PublishedColumns = {
  ...AZURE_COLUMNS,
  ...CONTAINER_COLUMNS,
  ...DEFENDER_COLUMNS,
  ...IDENTITY_COLUMNS,
  ...NETWORK_COLUMNS,
  ...SENTINEL_COLUMNS,
}

/** Programs that were started, as sensors of other makers tell of them. */
const starts = (where: string, sql: Readonly<Record<string, string>>): Filling => ({
  from: 'audit.commands',
  timeColumn: 'time',
  where,
  sql: { Timestamp: 'time', ...sql },
})

const IN_CONTAINER = "container_id != ''"
const FILE_NAME = "extract(exe, '[^/]*$')"
const PLACE = { ContainerName: 'container', ContainerId: 'container_id' }

const FILLED: Readonly<Record<string, Filling>> = {
  CloudProcessEvents: starts(IN_CONTAINER, {
    ...PLACE,
    ActionType: "'ProcessCreated'",
    AzureResourceId: 'cluster',
    ContainerImageName: 'image',
    FileName: FILE_NAME,
    FolderPath: 'exe',
    HostName: 'node',
    InitiatingProcessId: 'ppid',
    KubernetesNamespace: 'ns',
    KubernetesPodName: 'pod',
    ParentProcessId: 'ppid',
    ParentProcessName: 'parent_name',
    ProcessCommandLine: 'cmdline',
    ProcessCreationTime: 'time',
    ProcessCurrentWorkingDirectory: 'cwd',
    ProcessId: 'pid',
    ProcessName: 'name',
  }),
  DeviceProcessEvents: starts("cmdline != ''", {
    ActionType: "'ProcessCreated'",
    DeviceId: 'node',
    DeviceName: 'node',
    FileName: FILE_NAME,
    FolderPath: 'exe',
    InitiatingProcessFileName: 'parent_name',
    InitiatingProcessId: 'ppid',
    ProcessCommandLine: 'cmdline',
    ProcessCreationTime: 'time',
    ProcessId: 'pid',
  }),
  MDCDetectionProcessV2Events: starts(IN_CONTAINER, {
    Auid: 'auid',
    Cmdline: 'cmdline',
    Comm: 'name',
    Computer: 'node',
    ContainerID: 'container_id',
    ContainerName: 'container',
    Cwd: 'cwd',
    Exe: 'exe',
    Namespace: 'ns',
    Pid: 'pid',
    Pname: 'parent_name',
    PodLabels: 'toJSONString(pod_labels)',
    PodName: 'pod',
    Ppid: 'ppid',
    Uid: 'uid',
  }),
  CloudAuditEvents: {
    from: 'audit.events',
    timeColumn: 'time',
    where: "kind = 'KubeAudit'",
    sql: {
      CloudResourceId: 'cluster',
      DataSource: "'Azure Kubernetes Service'",
      IPAddress: 'source_ip',
      OperationName: 'verb',
      RawEventData: 'raw',
      ReportId: 'event_id',
      ResourceId: 'cluster',
      Timestamp: 'time',
      UserAgent: 'user_agent',
    },
  },
  AWSEKSLogs: {
    from: 'audit.events',
    timeColumn: 'time',
    where: "kind = 'KubeAudit'",
    sql: {
      AuthDecision: "JSONExtractString(raw, 'annotations', 'authorization.k8s.io/decision')",
      ClusterName: 'cluster',
      ObjectRef: "JSONExtractRaw(raw, 'objectRef')",
      RawEvent: 'raw',
      ResponseCode: "nullIf(JSONExtractInt(raw, 'responseStatus', 'code'), 0)",
      SourceIPs: "nullIf(JSONExtractRaw(raw, 'sourceIPs'), '')",
      Stage: 'stage',
      User: 'user',
      UserAgent: 'user_agent',
      Verb: 'verb',
    },
  },
}

const made = new Map<string, KqlTable>()

/**
 * Tables of the reference that queries name beside those of a cluster. They are not listed, completed or searched, since
 * most have no rows here, and a workspace lists the tables of its own services only.
 */
export const KNOWN_NAMES: ReadonlySet<string> = new Set(Object.keys(KNOWN))

/** One of them; undefined for another name. */
export function knownTable(name: string): KqlTable | undefined {
  if (!KNOWN_NAMES.has(name)) return undefined
  let table = made.get(name)
  if (table === undefined) {
    if (name === 'ArcK8sAudit') table = aksAudit(name, "kind = 'KubeAudit'")
    else if (name === 'ArcK8sAuditAdmin') table = aksAudit(name, CHANGES)
    else table = publishedTable(KNOWN, name, FILLED[name])
    made.set(name, table)
  }
  return table
}
