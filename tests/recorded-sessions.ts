import type { Store } from '@podwitness/store'
import type { RecordedItem } from './recorded-stream.ts'
import type { ToldSession } from './truth.ts'

/** The stream in steps of recorded time. @param stepMs Recorded time between two requests of one sender, milliseconds. */
export function* steps(items: readonly RecordedItem[], stepMs: number): Generator<RecordedItem[]> {
  let step: RecordedItem[] = []
  for (const item of items) {
    if (step[0] !== undefined && item.arrivalMs - step[0].arrivalMs > stepMs) {
      yield step
      step = []
    }
    step.push(item)
  }
  yield step
}

const SESSIONS = `SELECT s.trace_id AS traceId, any(s.confidence) AS confidence, any(s.user) AS user, any(s.candidates) AS candidates, any(s.audit_ids) AS auditIds,
    arraySort(groupArray(c.audit_serial)) AS serials
  FROM (SELECT * FROM audit.sessions FINAL WHERE cluster = {cluster:String}) AS s
  LEFT JOIN (SELECT trace_id, audit_serial FROM audit.commands WHERE cluster = {cluster:String}) AS c ON c.trace_id = s.trace_id GROUP BY s.trace_id`

/** What a store tells of the sessions of a cluster. */
export async function toldSessions(store: Store, cluster: string): Promise<ToldSession[]> {
  const sessions: ToldSession[] = []
  for await (const block of store.reader.stream<Omit<ToldSession, 'candidates'> & { candidates: string }>(SESSIONS, { cluster }))
    for (const row of block) sessions.push({ ...row, candidates: JSON.parse(row.candidates) as { user: string }[] })
  return sessions
}
