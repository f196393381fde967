import type { ProcessObservation } from '@podwitness/session'

/** What lineage needs of an event, as a query asks for it. */
export const OBSERVATION_COLUMNS = `event_id, audit_serial, toUnixTimestamp64Milli(time) AS time_ms, serial, node, pid, ppid, uid, auid, tty, comm, exe, exe_dev,
  kind = 'Command' AS is_exec, argv, cwd`

export interface ObservationColumns {
  event_id: string
  audit_serial: string
  time_ms: string
  serial: string
  node: string
  pid: string
  ppid: string
  uid: string
  auid: string
  tty: string
  comm: string
  exe: string
  exe_dev: string
  is_exec: number
  argv: string[]
  cwd: string
}

export function observationOf(row: ObservationColumns): ProcessObservation {
  return {
    eventId: row.event_id,
    auditSerial: row.audit_serial,
    timeMs: Number(row.time_ms),
    serial: Number(row.serial),
    pid: Number(row.pid),
    ppid: Number(row.ppid),
    uid: Number(row.uid),
    auid: Number(row.auid),
    tty: row.tty,
    comm: row.comm,
    exe: row.exe,
    exeDev: row.exe_dev,
    exec: row.is_exec === 1 ? { argv: row.argv, cwd: row.cwd } : null,
  }
}
