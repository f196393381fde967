import type { ListedSession, SessionCommandDetail } from '@podwitness/api'
import { type Confidence, type EntryKind, type EntryOutcome, RISKS, type Risk, type SessionRow } from '@podwitness/event'

/** ISO 8601 of a moment in the store's form; empty for the epoch, which stands for "not known". */
export function isoTime(stored: string): string {
  return stored.startsWith('1970-01-01 00:00:00') ? '' : `${stored.replace(' ', 'T')}Z`
}

/** A stored session as the API and the command line show it. */
export function sessionOf(row: SessionRow): ListedSession {
  return {
    traceId: row.trace_id,
    entry: row.entry as EntryKind,
    confidence: row.confidence as Confidence,
    reasons: row.reasons,
    user: row.user === '' ? null : row.user,
    groups: row.groups,
    ...(row.impersonated_user === '' ? {} : { impersonatedUser: row.impersonated_user, impersonatedBy: row.user }),
    sourceIp: row.source_ip,
    userAgent: row.user_agent,
    candidates: JSON.parse(row.candidates),
    auditIds: row.audit_ids,
    cluster: row.cluster,
    node: row.node,
    namespace: row.ns,
    pod: row.pod,
    podUid: row.pod_uid,
    container: row.container,
    containerId: row.container_id,
    image: row.image,
    tty: Number(row.tty) === 1,
    command: row.command,
    outcome: row.outcome as EntryOutcome,
    status: Number(row.status),
    start: isoTime(row.start),
    end: isoTime(row.end),
    commandCount: Number(row.command_count),
    risk: riskOf(row.risk),
    riskReason: row.risk_reason,
  }
}

/** Columns of `audit.commands` that make a command of a session. */
export const COMMAND_COLUMNS =
  'trace_id, event_id, audit_serial, toString(time) AS at, argv, cmdline, exe, name, cwd, pid, ppid, uid, exit, risk, risk_reason, placed, on_host, parent_event_id'

export interface CommandRow {
  readonly trace_id: string
  readonly event_id: string
  readonly audit_serial: string
  readonly at: string
  readonly argv: string[]
  readonly cmdline: string
  readonly exe: string
  readonly name: string
  readonly cwd: string
  readonly pid: number | string
  readonly ppid: number | string
  readonly uid: number | string
  readonly exit: string
  readonly risk: number
  readonly risk_reason: string
  readonly placed: string
  readonly on_host: number
  readonly parent_event_id: string
}

/** A stored command as a session shows it. */
export function commandOf(row: CommandRow): SessionCommandDetail {
  return {
    eventId: row.event_id,
    auditSerial: row.audit_serial,
    time: isoTime(row.at),
    argv: row.argv,
    cmdline: row.cmdline,
    exe: row.exe,
    name: row.name,
    cwd: row.cwd,
    pid: Number(row.pid),
    ppid: Number(row.ppid),
    uid: Number(row.uid),
    exit: Number(row.exit || 0),
    risk: riskOf(row.risk),
    riskReason: row.risk_reason,
    placed: row.placed,
    onHost: Number(row.on_host) === 1,
    parentEventId: row.parent_event_id,
  }
}

/** The word for a stored risk level. */
export function riskOf(level: number | string): Risk {
  return RISKS[Number(level)] ?? 'report'
}
