import type { Store } from '@podwitness/store'
import { UsageError } from './usage-error.ts'

/** The one trace id that begins with what was given. */
export async function wholeId(store: Store, id: string): Promise<string> {
  const { rows } = await store.reader.query({
    sql: 'SELECT DISTINCT trace_id FROM audit.sessions FINAL WHERE startsWith(trace_id, {id:String}) ORDER BY trace_id LIMIT 5',
    params: { id },
  })
  const ids = rows.map(([traceId]) => String(traceId))
  const [only] = ids
  if (ids.includes(id)) return id
  if (only === undefined || ids.length > 1) throw noSuchSession(id, ids)
  return only
}

/** @param several Ids that begin with it; none where there is no such session. */
export function noSuchSession(id: string, several: readonly string[]): UsageError {
  return new UsageError('PW-CL-005', {
    what: several.length > 0 ? `Several sessions begin with ${id}.` : `There is no session ${id}.`,
    why: several.length > 0 ? several.join(' ') : 'No stored session has this id or begins with it.',
    do: 'Copy the id from `podwitness sessions`; some more characters of it settle which one is meant.',
  })
}
