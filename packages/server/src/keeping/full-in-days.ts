/** Something that grows until it holds as many days as it is kept; 0 days: for ever. */
interface Growing {
  readonly days: number
  readonly bytes: number
  readonly bytesPerDay: number
}

/** A hundred years: nobody plans for longer. */
const MOST_DAYS = 36_500

/**
 * Days until room is used up, down to a tenth, if all goes on growing as it does until its rows expire; null where it never is.
 *
 * @param roomBytes What may still be used.
 */
export function fullInDays(parts: readonly Growing[], roomBytes: number): number | null {
  const ends = parts.map(({ days, bytes, bytesPerDay }) =>
    days === 0 ? Number.POSITIVE_INFINITY : Math.max(0, days - bytes / Math.max(1, bytesPerDay)),
  )
  const used = (day: number) =>
    parts.reduce((sum, { bytesPerDay }, index) => sum + bytesPerDay * Math.min(day, ends[index] ?? 0), 0)
  if (used(MOST_DAYS) <= roomBytes) return null
  let [from, to] = [0, MOST_DAYS * 10]
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (used(middle / 10) <= roomBytes) from = middle
    else to = middle
  }
  return from / 10
}
