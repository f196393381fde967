import type { Usage } from '@podwitness/api'
import type { Store } from '@podwitness/store'

/** What the store takes. The largest tables first; those without rows are left out. */
export async function readUsage(store: Store): Promise<Usage> {
  const [{ version, diskFreeBytes, diskTotalBytes }, retention] = await Promise.all([store.health(), store.retention()])
  const tables = retention
    .filter(({ rows }) => rows > 0)
    .map(({ table, days, rows, bytes, bytesPerDay, oldest, newest }) => {
      const sizes = { bytes: Math.round(bytes), bytesPerDay: Math.round(bytesPerDay) }
      return { table, days, rows, ...sizes, oldest, newest }
    })
    .sort((a, b) => b.bytes - a.bytes)
  return {
    engine: version,
    diskFreeBytes: Math.round(diskFreeBytes),
    diskTotalBytes: Math.round(diskTotalBytes),
    bytesPerDay: tables.reduce((sum, { bytesPerDay }) => sum + bytesPerDay, 0),
    fullInDays: fullInDays(tables, diskFreeBytes),
    tables,
  }
}

/**
 * Days until what is free is used up, if every table goes on growing as it did until its rows expire; null where it never is.
 *
 * @param freeBytes Room on the disk.
 */
export function fullInDays(
  tables: readonly Pick<Usage['tables'][number], 'days' | 'bytes' | 'bytesPerDay'>[],
  freeBytes: number,
): number | null {
  // A table grows until it holds as many days as it is kept.
  const ends = tables.map(({ days, bytes, bytesPerDay }) =>
    days === 0 ? Number.POSITIVE_INFINITY : Math.max(0, days - bytes / Math.max(1, bytesPerDay)),
  )
  const used = (day: number) =>
    tables.reduce((sum, { bytesPerDay }, index) => sum + bytesPerDay * Math.min(day, ends[index] ?? 0), 0)
  if (used(MOST_DAYS) < freeBytes) return null
  let [from, to] = [0, MOST_DAYS]
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (used(middle) < freeBytes) from = middle
    else to = middle
  }
  return to
}

/** A hundred years: nobody plans for longer. */
const MOST_DAYS = 36_500
