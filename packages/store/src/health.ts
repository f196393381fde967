import type { Connection } from './connection.ts'
import { schemaVersion } from './migrate.ts'

/** How the engine is. */
export interface StoreHealth {
  readonly version: string
  /** Schema version in force. */
  readonly schema: number
  readonly uptimeSeconds: number
  readonly diskFreeBytes: number
  readonly diskTotalBytes: number
  /** Memory the engine holds, in bytes. */
  readonly memoryBytes: number
  /** Parts the engine set aside as broken: rows are missing from answers while this is not 0. */
  readonly detachedParts: number
  /** Times the engine was started again since this store was opened. */
  readonly restarts: number
  /** Whether the `text` index is in use; an older server gets a token filter instead. */
  readonly textIndex: boolean
}

const SQL = `SELECT version() AS version, toUInt32(uptime()) AS uptimeSeconds,
  toFloat64((SELECT min(free_space) FROM system.disks)) AS diskFreeBytes,
  toFloat64((SELECT min(total_space) FROM system.disks)) AS diskTotalBytes,
  toFloat64((SELECT sum(value) FROM system.metrics WHERE metric = 'MemoryTracking')) AS memoryBytes,
  toUInt32((SELECT count() FROM system.detached_parts WHERE database = 'audit')) AS detachedParts,
  (SELECT count() FROM system.data_skipping_indices WHERE database = 'audit' AND table IN ('events', 'events_local') AND type = 'text') > 0 AS textIndex`

/** State of the engine as it says itself; of a cluster, that of its servers together: the least room, the sum of all else. */
export async function readHealth(servers: readonly Connection[], restarts: number): Promise<StoreHealth> {
  const call = { what: 'The state of the engine cannot be read.', otherwise: 'PW-ST-018' } as const
  const all: Row[] = []
  for (const server of servers) all.push(...(await server.rows<Row>('admin', SQL, {}, call)))
  const [first] = all
  const [server] = servers
  if (first === undefined || server === undefined) throw new Error('a query without FROM gave no row')
  const least = all.reduce((a, b) => (b.diskFreeBytes < a.diskFreeBytes ? b : a))
  const sum = (of: 'memoryBytes' | 'detachedParts'): number => all.reduce((total, row) => total + row[of], 0)
  return {
    ...first,
    diskFreeBytes: least.diskFreeBytes,
    diskTotalBytes: least.diskTotalBytes,
    memoryBytes: sum('memoryBytes'),
    detachedParts: sum('detachedParts'),
    textIndex: all.every(({ textIndex }) => textIndex > 0),
    schema: await schemaVersion(server),
    restarts,
  }
}

type Row = Omit<StoreHealth, 'textIndex' | 'schema' | 'restarts'> & { readonly textIndex: number }
