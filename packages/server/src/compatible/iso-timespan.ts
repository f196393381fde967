/** A stretch of time as ISO 8601 text; either end may be open. */
export interface Timespan {
  readonly from?: string
  readonly to?: string
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/**
 * Reads `start/end`, `start/duration`, `duration/end` or a duration that ends now (ISO 8601-1, 5.5).
 *
 * @returns undefined where the text is none of these.
 */
export function parseTimespan(text: string, nowMs: number): Timespan | undefined {
  const [first = '', second, ...more] = text.split('/')
  if (more.length > 0) return undefined
  if (second === undefined) return before(first, nowMs)
  if (first.startsWith('P')) {
    const end = moment(second)
    return end === undefined ? undefined : before(first, end)
  }
  const start = moment(first)
  if (start === undefined) return undefined
  const end = second.startsWith('P') ? shifted(start, second, 1) : moment(second)
  return end === undefined ? undefined : { from: iso(start), to: iso(end) }
}

function before(duration: string, endMs: number): Timespan | undefined {
  const start = shifted(endMs, duration, -1)
  return start === undefined ? undefined : { from: iso(start), to: iso(endMs) }
}

/** The moment a duration after (1) or before (-1) another, in UTC; months and years by the calendar. */
function shifted(fromMs: number, duration: string, sign: 1 | -1): number | undefined {
  const parts = DURATION.exec(duration)
  if (parts === null || !/\d/.test(duration) || duration.endsWith('T')) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0))
  const date = new Date(fromMs)
  date.setUTCMonth(date.getUTCMonth() + sign * (years * 12 + months))
  const milliseconds = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000
  const result = date.getTime() + sign * milliseconds
  return Math.abs(result) <= 8.64e15 ? result : undefined
}

function moment(text: string): number | undefined {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString()
