import type { Store } from '@podwitness/store'
import type { SilenceWatch } from './silence-watch.ts'

/** Longer than any silence that is a finding: what was heard before that was told already. */
const WINDOW_MINUTES = 30

const HEARD = `SELECT cluster, node, toUnixTimestamp64Milli(max(received)) FROM audit.batches
WHERE node != '' AND received > now() - INTERVAL ${WINDOW_MINUTES} MINUTE GROUP BY cluster, node
UNION ALL SELECT cluster, '', toUnixTimestamp64Milli(max(received)) FROM audit.events
WHERE kind = 'KubeAudit' AND received > now() - INTERVAL ${WINDOW_MINUTES} MINUTE GROUP BY cluster`

/** A sender that went over to another server is not silent: asks the store who was heard by any of them. */
export async function hearOthers(store: Store, silence: SilenceWatch): Promise<void> {
  if (!store.shared) return
  const { rows } = await store.reader.query({ sql: HEARD, maxRows: 100_000 })
  for (const [cluster, node, atMs] of rows) silence.heardByAny(String(cluster), String(node), Number(atMs))
}
