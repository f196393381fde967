import type { Connection } from './connection.ts'
import { schemaVersion } from './migrate.ts'
import type { StoreHealth } from './store.ts'

const SQL = `SELECT version() AS version, toUInt32(uptime()) AS uptimeSeconds,
  toFloat64((SELECT min(free_space) FROM system.disks)) AS diskFreeBytes,
  toFloat64((SELECT min(total_space) FROM system.disks)) AS diskTotalBytes,
  toFloat64((SELECT sum(value) FROM system.metrics WHERE metric = 'MemoryTracking')) AS memoryBytes,
  toUInt32((SELECT count() FROM system.detached_parts WHERE database = 'audit')) AS detachedParts,
  (SELECT count() FROM system.data_skipping_indices WHERE database = 'audit' AND table = 'events' AND type = 'text') > 0 AS textIndex`

/** State of the engine as it says itself. */
export async function readHealth(connection: Connection, restarts: number): Promise<StoreHealth> {
  const call = { what: 'The state of the engine cannot be read.', otherwise: 'PW-ST-018' } as const
  type Row = Omit<StoreHealth, 'textIndex' | 'schema' | 'restarts'> & { readonly textIndex: number }
  const [row] = await connection.rows<Row>('admin', SQL, {}, call)
  if (row === undefined) throw new Error('a query without FROM gave no row')
  return { ...row, textIndex: row.textIndex > 0, schema: await schemaVersion(connection), restarts }
}
