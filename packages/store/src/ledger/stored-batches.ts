import type { Connection } from '../connection.ts'
import { LEAF_SQL } from './event-leaf.ts'

const FAILED = { what: 'The stored events cannot be compared with the ledger.', otherwise: 'PW-ST-018' } as const

/** What the store holds of a batch, without looking into its rows. */
export interface StoredBatch {
  readonly batch: string
  readonly rows: number
  /** ISO 8601, UTC. */
  readonly from: string
  readonly to: string
  readonly received: string
  readonly sources: readonly string[]
}

/** A row's place in its batch and the hash of what it holds now. */
export interface StoredLeaf {
  readonly batch: string
  readonly place: number
  readonly leaf: Buffer
}

/** Rows of each batch in the store. */
export async function storedBatches(connection: Connection, only?: readonly string[]): Promise<StoredBatch[]> {
  const iso = (sql: string): string => `formatDateTime(${sql}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')`
  const sql = `SELECT batch_id AS batch, toFloat64(count()) AS rows, ${iso('min(time)')} AS from, ${iso('max(time)')} AS to,
  ${iso('max(received)')} AS received, arraySort(groupUniqArray(8)(toString(source))) AS sources
FROM audit.events ${only === undefined ? '' : 'WHERE batch_id IN {only:Array(String)}'} GROUP BY batch_id ORDER BY min(time), batch_id`
  return connection.rows<StoredBatch>('app', sql, { only: only ?? [] }, FAILED)
}

/** Hashes of all rows of some batches, computed by the engine, by batch and place. The time range keeps untouched partitions out. */
export async function storedLeaves(
  connection: Connection,
  batches: readonly string[],
  range: { from: string; to: string },
): Promise<StoredLeaf[]> {
  const sql = `SELECT batch_id AS batch, toFloat64(batch_seq) AS place, ${LEAF_SQL} AS leaf FROM audit.events
WHERE batch_id IN {batches:Array(String)}
  AND time >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND time <= parseDateTime64BestEffort({to:String}, 6, 'UTC')
ORDER BY batch_id, batch_seq, leaf`
  const rows = await connection.rows<{ batch: string; place: number; leaf: string }>('app', sql, { batches, ...range }, FAILED)
  return rows.map(({ batch, place, leaf }) => ({ batch, place, leaf: Buffer.from(leaf, 'hex') }))
}
