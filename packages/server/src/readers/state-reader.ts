import type { MISSING_CODES, RouteReply, stateRoute } from '@podwitness/api'
import type { ImportRow } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { isoTime } from './row-mapping.ts'

export type StoreState = RouteReply<typeof stateRoute>

/** Clusters of files taken in, of sessions and of what senders told about. */
const CLUSTERS = `SELECT DISTINCT cluster FROM (SELECT cluster FROM audit.imports UNION DISTINCT SELECT cluster FROM audit.sessions
  UNION DISTINCT SELECT cluster FROM audit.batches UNION DISTINCT SELECT cluster FROM audit.containers) ORDER BY cluster`

/** What the store holds, from when to when, and what is missing. */
export async function readState(store: Store): Promise<StoreState> {
  const { rows } = await store.reader.query({
    sql: 'SELECT kind, count(), toString(min(time)), toString(max(time)) FROM audit.events GROUP BY kind',
  })
  const counts = Object.fromEntries(rows.map(([kind, count]) => [String(kind), Number(count)]))
  // Acts of administrators are of today, whatever day the evidence is of.
  const evidence = rows.filter(([kind]) => kind !== 'AdminAct')
  const times = evidence.flatMap(([, , from, to]) => [isoTime(String(from)), isoTime(String(to))]).sort()
  const [sessions, containers, pods] = await Promise.all(['sessions', 'containers', 'pods'].map((table) => countOf(store, table)))
  const clusters = await store.reader.query({ sql: CLUSTERS })
  const retention = (await store.retention()).find(({ table }) => table === 'events')
  return {
    clusters: clusters.rows.map(([cluster]) => String(cluster)),
    counts,
    sessions: sessions ?? 0,
    oldest: times[0] ?? null,
    newest: times.at(-1) ?? null,
    imports: await readImports(store),
    missing: missingOf(counts, containers ?? 0, pods ?? 0),
    retentionDays: retention?.days ?? 0,
  }
}

function missingOf(counts: Readonly<Record<string, number>>, containers: number, pods: number): (typeof MISSING_CODES)[number][] {
  const nodes = (counts.Command ?? 0) + (counts.LinuxAudit ?? 0)
  const api = counts.KubeAudit ?? 0
  if (nodes + api === 0) return ['no-data']
  const missing: (typeof MISSING_CODES)[number][] = []
  if (api === 0) missing.push('no-api-audit')
  if (nodes === 0) missing.push('no-node-audit')
  if (containers === 0) missing.push('no-containers')
  if (pods === 0) missing.push('no-pods')
  return missing
}

async function countOf(store: Store, table: string): Promise<number> {
  const { rows } = await store.reader.query({ sql: `SELECT count() FROM audit.${table} FINAL` })
  return Number(rows[0]?.[0] ?? 0)
}

async function readImports(store: Store): Promise<StoreState['imports']> {
  const found: StoreState['imports'] = []
  for await (const block of store.reader.stream<ImportRow>('SELECT * FROM audit.imports FINAL ORDER BY started')) {
    for (const row of block) {
      const done = row.state === 'done' || row.state === 'stored'
      found.push({
        importId: row.import_id,
        cluster: row.cluster,
        path: row.path,
        format: row.format,
        state: done ? 'done' : 'running',
        sizeBytes: Number(row.size_bytes),
        doneBytes: done ? Number(row.size_bytes) : 0,
        lines: Number(row.lines),
        events: Number(row.events),
        duplicates: Number(row.duplicates),
        rejects: Number(row.rejects),
        started: isoTime(row.started),
        finished: isoTime(row.finished),
      })
    }
  }
  return found
}
