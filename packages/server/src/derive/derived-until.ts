import { storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import type { TimeSpan } from './time-span.ts'

/** Name under which the table of batches holds until when a cluster's evidence is worked out. */
const markerOf = (cluster: string): string => `derived/${cluster}`
/** Rows stored this long before a round began may still have missed it, seconds: clocks of server and engine differ. */
const OVERLAP_SECONDS = 60

/** Notes that everything stored before a moment is worked out, so that the next process knows where to go on. */
export async function markDerived(store: Store, cluster: string, beganMs: number): Promise<void> {
  const batch = markerOf(cluster)
  const row = { batch, cluster, node: '', stored: storeTime(beganMs), accepted: 0, rejected: 0 }
  await store.writer.insert('batches', [row], `${batch}-${beganMs}`)
}

/**
 * Clusters with evidence that came after their last round, and the time it is of.
 *
 * @param only One cluster alone.
 */
export async function derivePending(store: Store, only?: string): Promise<[string, TimeSpan][]> {
  const { rows } = await store.reader.query({
    sql: `SELECT e.cluster, toString(min(e.time)), toString(max(e.time)) FROM audit.events AS e
      LEFT JOIN (SELECT cluster, max(stored) AS until FROM audit.batches WHERE startsWith(batch, 'derived/') GROUP BY cluster) AS d
        ON d.cluster = e.cluster
      WHERE e.kind IN ('Command', 'LinuxAudit', 'KubeAudit') AND startsWith(e.batch_id, 'intake-')
        AND ({every:UInt8} = 1 OR e.cluster = {only:String}) AND e.received >= d.until - INTERVAL ${OVERLAP_SECONDS} SECOND
      GROUP BY e.cluster`,
    params: { only: only ?? '', every: only === undefined ? 1 : 0 },
  })
  return rows.map(([cluster, from, to]) => [String(cluster), { fromMs: timeMsOf(String(from)), toMs: timeMsOf(String(to)) }])
}
