import type { Store } from '@podwitness/store'

/** What came in since a moment. */
export interface Arrivals {
  /** Newest arrival, store time; empty where nothing came. */
  readonly newest: string
  /** Times of the events that came, and of those whose session or place became known: store time, both ends included. */
  readonly from: string
  readonly to: string
  readonly count: number
}

/** Tables whose rows make an event appear, or appear otherwise, in what rules ask. */
const TABLES = [
  ['events', 'time', 'time'],
  ['placements', 'time', 'time'],
  ['entries', 'time', 'time'],
  ['sessions', 'start', 'end'],
] as const

/**
 * What arrived after a moment, whenever it happened.
 *
 * @param after Store time, in the engine's clock.
 * @param waitMs Only what arrived at least so long ago.
 */
export async function readArrivals(store: Store, after: string, waitMs: number): Promise<Arrivals> {
  const each = TABLES.map(
    ([
      table,
      from,
      to,
    ]) => `SELECT max(received) AS newest, min(${from}) AS since, max(greatest(${from}, ${to})) AS until, count() AS n
      FROM audit.${table} WHERE received > parseDateTime64BestEffort({after:String}, 3, 'UTC')
      AND received <= now64(3) - INTERVAL {wait:UInt32} MILLISECOND`,
  )
  const { rows } = await store.reader.query({
    sql: `SELECT toString(max(newest)), toString(min(since)), toString(max(until)), sum(n) FROM (${each.join(' UNION ALL ')}) WHERE n > 0`,
    params: { after, wait: waitMs },
  })
  const [newest, from, to, count] = rows[0] ?? []
  const many = Number(count ?? 0)
  return many === 0
    ? { newest: '', from: '', to: '', count: 0 }
    : { newest: String(newest), from: String(from), to: String(to), count: many }
}
