/**
 * What arrived within the last day, in rows or bytes of text. What was more than an hour old when it arrived is apart: it was
 * imported, or a sender caught up, and how fast it arrived says nothing about tomorrow.
 */
export interface Arrivals {
  readonly fresh: number
  /** Seconds since the first of the fresh arrived. */
  readonly freshSeconds: number
  readonly late: number
  /** Seconds since 1970 at which the first and the last of the late happened. */
  readonly lateFrom: number
  readonly lateTo: number
}

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

/**
 * How much comes in a day: the fresh by the clock, at least an hour, as the first minutes of a store are no rate; the late
 * over the days in which they happened, at least one.
 */
export function arrivingPerDay({ fresh, freshSeconds, late, lateFrom, lateTo }: Arrivals): number {
  const clock = Math.min(DAY_SECONDS, Math.max(HOUR_SECONDS, freshSeconds))
  return (fresh * DAY_SECONDS) / clock + late / Math.max(1, (lateTo - lateFrom) / DAY_SECONDS)
}

/**
 * Columns that hold `Arrivals`, in their order, for a table in which `received > now64(3) - INTERVAL 1 DAY`.
 *
 * @param amount Expression of what is added up, by row.
 * @param time Column of when a row's subject happened.
 * @param received Column of when the row arrived.
 */
export function arrivalColumns(amount: string, time: string, received: string): string {
  const late = `(${received} > ${time} + INTERVAL 1 HOUR)`
  return `toFloat64(sumIf(${amount}, NOT ${late})) AS fresh,
  if(fresh = 0, 0, toFloat64(dateDiff('second', minIf(${received}, NOT ${late}), now64(3)))) AS freshSeconds,
  toFloat64(sumIf(${amount}, ${late})) AS late,
  if(late = 0, 0, toUnixTimestamp64Milli(minIf(${time}, ${late})) / 1000) AS lateFrom,
  if(late = 0, 0, toUnixTimestamp64Milli(maxIf(${time}, ${late})) / 1000) AS lateTo`
}
