import type { Usage } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import { knownLimits } from '../keeping/known-limits.ts'
import { readStoreStatus } from '../keeping/store-status.ts'

/** What the store takes. The largest tables first; those without rows are left out. Growth and forecast are the status's. */
export async function readUsage(store: Store): Promise<Usage> {
  const [health, retention] = await Promise.all([store.health(), store.retention()])
  const seen = {
    ...{ kind: store.kind, reader: store.reader, holds: () => store.holds() },
    ...{ health: async () => health, retention: async () => retention },
  }
  const { bytesPerDay, fullInDays } = await readStoreStatus(seen, await knownLimits(store))
  const tables = retention
    .filter(({ rows }) => rows > 0)
    .map(({ table, days, rows, bytes, bytesPerDay: perDay, oldest, newest }) => {
      const sizes = { bytes: Math.round(bytes), bytesPerDay: Math.round(perDay) }
      return { table, days, rows, ...sizes, oldest, newest }
    })
    .sort((a, b) => b.bytes - a.bytes)
  return {
    engine: health.version,
    diskFreeBytes: Math.round(health.diskFreeBytes),
    diskTotalBytes: Math.round(health.diskTotalBytes),
    bytesPerDay,
    fullInDays: fullInDays === null ? null : Math.floor(fullInDays),
    tables,
  }
}
