import { jsonString } from '../json-string.ts'
import type { KqlType } from '../kql-type.ts'
import type { KqlTable, KqlTableColumn } from './kql-table.ts'

const text = (name: string, sql: string): KqlTableColumn => ({ name, type: 'string', sql })
const column = (name: string, type: KqlType, sql: string): KqlTableColumn => ({ name, type, sql })
const list = (name: string, sql: string): KqlTableColumn => ({ name, type: 'dynamic', sql: jsonString(sql) })
/** Nobody is named where the evidence does not name one person. */
const NAMED = "if(confidence = 'ambiguous', '', user)"

/** Whom the identity map names for an account. They are looked up when a query asks: evidence keeps the account as it came. */
const identity = (account: string): readonly KqlTableColumn[] => [
  { ...text('Person', account), identity: 'person' },
  { ...text('Team', account), identity: 'team' },
  { ...text('AccountUid', account), identity: 'uid' },
]

const PLACE: readonly KqlTableColumn[] = [
  text('Cluster', 'cluster'),
  text('Node', 'node'),
  text('Namespace', 'ns'),
  text('Pod', 'pod'),
  text('PodUid', 'pod_uid'),
  text('Container', 'container'),
  text('ContainerId', 'container_id'),
  text('Image', 'image'),
]

const COMMANDS: KqlTable = {
  name: 'Commands',
  from: 'audit.commands',
  timeColumn: 'time',
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    column('TimeReceived', 'datetime', 'received'),
    text('EventId', 'event_id'),
    text('TraceId', 'trace_id'),
    text('Entry', 'entry'),
    text('User', NAMED),
    column('Groups', 'dynamic', `if(confidence = 'ambiguous', '[]', ${jsonString('groups')})`),
    text('Confidence', 'confidence'),
    column('Candidates', 'dynamic', "nullIf(candidates, '')"),
    text('SourceIp', 'source_ip'),
    text('UserAgent', 'user_agent'),
    ...PLACE,
    text('Name', 'name'),
    text('Exe', 'exe'),
    text('CommandLine', 'cmdline'),
    list('Argv', 'argv'),
    text('Cwd', 'cwd'),
    text('Tty', 'tty'),
    column('Pid', 'long', 'pid'),
    column('ParentPid', 'long', 'ppid'),
    text('ParentName', 'parent_name'),
    column('Uid', 'long', 'uid'),
    column('AuditUid', 'long', 'auid'),
    text('Exit', 'exit'),
    text('AuditSerial', 'audit_serial'),
    text('Placed', 'placed'),
    column('OnHost', 'bool', 'on_host'),
    column('Risk', 'int', 'risk'),
    text('RiskReason', 'risk_reason'),
    text('Raw', 'raw'),
    ...identity(NAMED),
  ],
}

const SESSIONS: KqlTable = {
  name: 'Sessions',
  from: 'audit.sessions FINAL',
  timeColumn: 'start',
  columns: [
    column('TimeGenerated', 'datetime', 'start'),
    column('EndTime', 'datetime', "if(end = toDateTime64(0, 6, 'UTC'), NULL, toNullable(end))"),
    text('TraceId', 'trace_id'),
    text('Entry', 'entry'),
    text('User', NAMED),
    column('Groups', 'dynamic', `if(confidence = 'ambiguous', '[]', ${jsonString('groups')})`),
    text('ImpersonatedUser', 'impersonated_user'),
    text('Confidence', 'confidence'),
    list('Reasons', 'reasons'),
    column('Candidates', 'dynamic', "nullIf(candidates, '')"),
    list('AuditIds', 'audit_ids'),
    text('SourceIp', 'source_ip'),
    text('UserAgent', 'user_agent'),
    ...PLACE,
    list('PodLabels', 'pod_labels'),
    text('HostIp', 'host_ip'),
    column('Tty', 'bool', 'tty'),
    list('Command', 'command'),
    text('Outcome', 'outcome'),
    column('Status', 'int', 'status'),
    column('CommandCount', 'long', 'command_count'),
    column('Risk', 'int', 'risk'),
    text('RiskReason', 'risk_reason'),
    ...identity(NAMED),
  ],
}

/** The columns of `audit.events` that every kind of event has. */
const EVENT: readonly KqlTableColumn[] = [
  column('TimeGenerated', 'datetime', 'time'),
  column('TimeReceived', 'datetime', 'received'),
  text('EventId', 'event_id'),
  text('Kind', 'kind'),
  text('Action', 'action'),
  text('Outcome', 'outcome'),
  text('Source', 'source'),
]

const API: readonly KqlTableColumn[] = [
  text('AuditId', 'audit_id'),
  text('Stage', 'stage'),
  text('Level', 'level'),
  text('Verb', 'verb'),
  text('ApiGroup', 'api_group'),
  text('Resource', 'resource'),
  text('Subresource', 'subresource'),
  text('ObjectNamespace', 'obj_ns'),
  text('ObjectName', 'obj_name'),
  text('User', 'user'),
  list('Groups', 'groups'),
  text('ImpersonatedUser', 'impersonated_user'),
  text('SourceIp', 'source_ip'),
  text('UserAgent', 'user_agent'),
  text('RequestUri', 'request_uri'),
  column('Status', 'int', 'status'),
]

const KUBE_AUDIT: KqlTable = {
  name: 'KubeAudit',
  from: 'audit.events',
  timeColumn: 'time',
  where: "kind = 'KubeAudit'",
  columns: [...EVENT, text('Cluster', 'cluster'), ...API, column('Event', 'dynamic', 'raw'), ...identity('user')],
}

const EVENTS: KqlTable = {
  name: 'Events',
  from: 'audit.events',
  timeColumn: 'time',
  columns: [
    ...EVENT,
    ...PLACE,
    ...API,
    text('TraceId', 'trace_id'),
    text('AuditSerial', 'audit_serial'),
    list('RecordTypes', 'record_types'),
    column('Syscall', 'int', 'syscall'),
    column('Pid', 'long', 'pid'),
    column('ParentPid', 'long', 'ppid'),
    column('Uid', 'long', 'uid'),
    column('AuditUid', 'long', 'auid'),
    text('Name', 'name'),
    text('Exe', 'exe'),
    text('CommandLine', 'cmdline'),
    text('Cwd', 'cwd'),
    list('Keys', 'keys'),
    list('Paths', 'paths'),
    text('DestinationIp', 'dst_ip'),
    column('DestinationPort', 'int', 'dst_port'),
    text('Message', 'message'),
    list('Labels', 'labels'),
    text('Raw', 'raw'),
  ],
}

/** What was lost on the way, by hop; `Count` is how many records, as far as that is known. */
const LOSS: KqlTable = {
  name: 'Loss',
  from: 'audit.loss FINAL',
  timeColumn: 'until',
  columns: [
    column('TimeGenerated', 'datetime', 'until'),
    column('Since', 'datetime', 'since'),
    text('Hop', 'hop'),
    column('Count', 'long', 'count'),
    text('Reason', 'reason'),
    text('Cluster', 'cluster'),
    text('Node', 'node'),
    text('Boot', 'boot'),
    text('LossId', 'loss_id'),
  ],
}

/** What rules found. */
const FINDINGS: KqlTable = {
  name: 'Findings',
  from: 'audit.events',
  timeColumn: 'time',
  where: "kind = 'Finding'",
  columns: [
    ...EVENT.filter(({ name }) => name !== 'Kind'),
    text('Rule', "labels['rule']"),
    text('Severity', "labels['severity']"),
    text('Withdraws', "labels['withdraws']"),
    text('Message', 'message'),
    text('User', 'user'),
    ...PLACE,
    text('TraceId', 'trace_id'),
    list('Labels', 'labels'),
    text('Raw', 'raw'),
  ],
}

/** What somebody did about podwitness itself; for auditors and administrators only. */
const ADMIN_ACTS: KqlTable = {
  name: 'AdminActs',
  from: 'audit.events',
  timeColumn: 'time',
  where: "kind = 'AdminAct'",
  columns: [
    column('TimeGenerated', 'datetime', 'time'),
    text('EventId', 'event_id'),
    text('Action', 'action'),
    text('Outcome', "labels['outcome']"),
    text('User', 'user'),
    text('Role', "labels['role']"),
    text('Means', "labels['means']"),
    text('SourceIp', 'source_ip'),
    text('UserAgent', 'user_agent'),
    text('Object', 'obj_name'),
    column('Before', 'dynamic', "nullIf(labels['before'], '')"),
    column('After', 'dynamic', "nullIf(labels['after'], '')"),
    text('Message', 'message'),
    text('Raw', 'raw'),
  ],
}

/** Our own tables; docs/reference/store.md says what their columns mean. */
export const OWN_TABLES: readonly KqlTable[] = [COMMANDS, SESSIONS, KUBE_AUDIT, EVENTS, FINDINGS, LOSS, ADMIN_ACTS]
