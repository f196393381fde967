import { DIAGNOSTICS_COLUMNS } from './diagnostics-columns.ts'
import type { KqlTable, KqlTableColumn } from './kql-table.ts'
import { publishedColumns } from './published-columns.ts'
import { column, constant, member, memberText, standard, text } from './table-column.ts'

/** Reads change nothing; the table for administrators leaves them out. Source: Azure Monitor reference, AKSAuditAdmin. */
export const CHANGES = "kind = 'KubeAudit' AND verb NOT IN ('get', 'list', 'watch')"

/** Source: Azure Monitor reference, tables AKSAudit and AKSAuditAdmin; ArcK8sAudit and ArcK8sAuditAdmin have the same columns. */
export const aksAudit = (name: string, where: string): KqlTable => ({
  name,
  from: 'audit.events',
  timeColumn: 'time',
  where,
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    member('Annotations', 'annotations'),
    text('AuditId', 'audit_id'),
    text('Level', 'level'),
    member('ObjectRef', 'objectRef'),
    text('PodName'),
    member('RequestObject', 'requestObject'),
    column(
      'RequestReceivedTime',
      'datetime',
      "parseDateTime64BestEffortOrNull(JSONExtractString(raw, 'requestReceivedTimestamp'), 7, 'UTC')",
    ),
    text('RequestUri', 'request_uri'),
    member('ResponseObject', 'responseObject'),
    member('ResponseStatus', 'responseStatus'),
    member('SourceIps', 'sourceIPs'),
    text('Stage', 'stage'),
    column(
      'StageReceivedTime',
      'datetime',
      "parseDateTime64BestEffortOrNull(JSONExtractString(raw, 'stageTimestamp'), 7, 'UTC')",
    ),
    member('User', 'user'),
    memberText('UserAgent', 'userAgent'),
    text('Verb', 'verb'),
    ...standard(name),
  ],
})

/** The table of diagnostic settings; of its categories there is `kube-audit`. Source: Azure Monitor reference, AzureDiagnostics. */
const DIAGNOSTICS: KqlTable = {
  name: 'AzureDiagnostics',
  from: 'audit.events',
  timeColumn: 'time',
  where: "kind = 'KubeAudit'",
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    constant('Category', 'kube-audit'),
    text('log_s', 'raw'),
    text('pod_s'),
    text('stream_s'),
    text('containerID_s'),
    text('ccpNamespace_s'),
    text('Resource', 'upper(cluster)'),
    text('ResourceGroup'),
    text('ResourceId', 'cluster'),
    constant('ResourceProvider', 'MICROSOFT.CONTAINERSERVICE'),
    constant('ResourceType', 'MANAGEDCLUSTERS'),
    text('SubscriptionId'),
    constant('OperationName', 'Microsoft.ContainerService/managedClusters/diagnosticLogs/Read'),
    column('AdditionalFields', 'dynamic'),
    ...standard('AzureDiagnostics'),
  ],
}

const SERVICE_COLUMNS = new Map(publishedColumns(DIAGNOSTICS_COLUMNS, 'AzureDiagnostics').map((one) => [one.name, one]))

/** Whether another service than a cluster writes this column. */
export const isServiceColumn = (name: string): boolean => SERVICE_COLUMNS.has(name)

/** The table with columns of other services, which a workspace has once such a service writes to it. */
export function diagnosticsWith(names: readonly string[]): KqlTable {
  const more = names.flatMap((name) => SERVICE_COLUMNS.get(name) ?? [])
  return { ...DIAGNOSTICS, columns: [...DIAGNOSTICS.columns, ...more] }
}

/** One row a record: the lines of an audit event stand together in `raw`. */
const RECORDS =
  "(SELECT time, received, event_id, cluster, node, audit_serial, raw, arrayJoin(splitByChar('\\n', raw)) AS line FROM audit.events " +
  "WHERE kind IN ('Command', 'LinuxAudit'))"
/** The record without what syslog and its senders put in front. */
const MESSAGE = "if(position(line, 'msg=audit(') = 0, line, extract(line, '(?:node=\\\\S+ )?type=\\\\S+ msg=audit.*'))"

/** Source: Azure Monitor reference, Syslog; facility and severity: audisp-syslog(8), whose defaults are LOG_USER and LOG_INFO. */
const SYSLOG: KqlTable = {
  name: 'Syslog',
  from: RECORDS,
  timeColumn: 'time',
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    text('Computer', 'node'),
    column('EventTime', 'datetime', 'time'),
    constant('Facility', 'user'),
    text('HostName', 'node'),
    constant('SeverityLevel', 'info'),
    text('SyslogMessage', MESSAGE),
    text('HostIP'),
    text('MG'),
    column('ProcessID', 'int'),
    constant('ProcessName', 'audispd'),
    text('CollectorHostName', 'node'),
    ...standard('Syslog'),
  ],
}

/** A field of the record as it is written there; hexadecimal values stay so. */
const field = (name: string): string => `trim(BOTH '"' FROM extract(line, '(?:[ ]|\\x27)${name}=("[^"]*"|[^ \\x27]+)'))`
const fields = (...names: readonly string[]): KqlTableColumn[] => names.map((name) => text(name, field(name)))

/** Source: Azure Monitor reference, LinuxAuditLog. */
const LINUX_AUDIT: KqlTable = {
  name: 'LinuxAuditLog',
  from: RECORDS,
  timeColumn: 'time',
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    column('TimeUploaded', 'datetime', 'received'),
    text('Computer', 'node'),
    text('AuditID', 'audit_serial'),
    text('SerialNumber', "extract(line, 'msg=audit\\\\([0-9.]+:([0-9]+)\\\\)')"),
    text('RecordType', "extract(line, 'type=(\\\\S+)')"),
    text('RawRecord', MESSAGE),
    ...['argc', 'auid', 'egid', 'euid', 'gid', 'pid', 'ppid', 'ses', 'uid'].map((name) =>
      column(name, 'long', `toInt64OrNull(${field(name)})`),
    ),
    ...fields(...'a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 acct addr arch cmd comm cwd data exe exit family filetype'.split(' ')),
    ...fields(...'hostname icmptype key name node op path res result success syscall terminal tty vm'.split(' ')),
    ...['audit_user', 'effective_group', 'effective_user', 'group', 'user'].map((name) => text(name)),
    ...['ComputerEnvironment', 'ExternalAgentIp', 'ManagementGroup', 'ManagementGroupName'].map((name) => text(name)),
    text('ResourceId', 'cluster'),
    text('SourceComputerId'),
    ...standard('LinuxAuditLog'),
  ],
}

/** Tables of Log Analytics under their published columns, filled from our events. */
export const AZURE_TABLES: readonly KqlTable[] = [
  aksAudit('AKSAudit', "kind = 'KubeAudit'"),
  aksAudit('AKSAuditAdmin', CHANGES),
  DIAGNOSTICS,
  SYSLOG,
  LINUX_AUDIT,
]
