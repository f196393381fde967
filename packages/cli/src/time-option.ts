import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/**
 * A moment given on the command line: RFC 3339 (`2026-11-21T02:14:07Z`), a date or time without zone
 * (this machine's zone), `now`, or an age (`90s`, `30m`, `24h`, `7d`, `2w`).
 *
 * @param now Milliseconds since the Unix epoch that ages count from.
 * @returns ISO 8601, UTC.
 */
export function timeOption(text: string, now: number): string {
  const age = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text)
  if (age !== null) return iso(now - Number(age[1]) * (UNITS[age[2] ?? ''] ?? 0), text)
  if (text === 'now') return iso(now, text)
  if (!DATE.test(text)) throw refused(text)
  // A date alone means midnight UTC to `Date`, and this machine's midnight to people.
  return iso(Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')), text)
}

function iso(timeMs: number, text: string): string {
  const date = new Date(timeMs)
  if (Number.isNaN(date.getTime())) throw refused(text)
  return date.toISOString()
}

function refused(text: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `"${text}" is no time; it takes 2026-11-21T02:14:07Z, 2026-11-21, now, or an age like 30m, 24h, 7d.`,
  )
}
