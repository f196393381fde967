import type { EventRow } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'

/**
 * The program that a process ran when an event of it happened: the id of its start; undefined where that is not sure. Pids come
 * again: the last program that this pid started, within a day before, must have the event's name and parent.
 */
export async function programOf(
  reader: StoreReader,
  { cluster, node, pid, ppid, comm, time, serial }: EventRow,
): Promise<string | undefined> {
  if (pid <= 0 || comm === '') return undefined
  const sql = `SELECT event_id, comm, ppid FROM audit.events
    WHERE kind = 'Command' AND cluster = {cluster:String} AND node = {node:String} AND pid = {pid:Int64}
      AND time BETWEEN {time:DateTime64(6)} - INTERVAL 1 DAY AND {time:DateTime64(6)} AND (time, serial) <= ({time:DateTime64(6)}, {serial:UInt64})
    ORDER BY time DESC, serial DESC LIMIT 1`
  const { rows } = await reader.query({ sql, params: { cluster, node, pid, time, serial } })
  const [id, name, parent] = rows[0] ?? []
  // A record of seccomp names no parent.
  return name === comm && (ppid < 1 || Number(parent) === ppid) ? String(id) : undefined
}
