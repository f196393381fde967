/** Ticks (100 ns) from 0001-01-01 to 1970-01-01. */
export const EPOCH_TICKS = 621_355_968_000_000_000n
const TICKS_PER_DAY = 864_000_000_000n

const ISO =
  /^(-?\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const US = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(AM|PM)?)?$/i
/** RFC 822 and the forms next to it, which have no fractions. */
const WORDS = /^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}(?:\s|$)/

/** Ticks since 1970 of a date as people write it in `datetime(…)`; undefined where it is none. Without a zone it is UTC. */
export function dateTicks(text: string): bigint | undefined {
  const value = text
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^(\d{4})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2})/, '$1-$2-$3')
  const iso = ISO.exec(value)
  if (iso !== null) {
    const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', zone] = iso
    return fromParts([year, month, day, hour, minute, second].map(Number), fraction, zone)
  }
  const us = US.exec(value)
  if (us !== null) {
    const [, month, day, year, hour = '0', minute = '0', second = '0', fraction = '', half] = us
    const clock = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0)
    return fromParts([Number(year), Number(month), Number(day), clock, Number(minute), Number(second)], fraction, undefined)
  }
  const listed = /^\d{4}(?:\s*,\s*\d+){2,5}$/.test(value) ? value.split(',').map(Number) : undefined
  if (listed !== undefined) return fromParts(listed, '', undefined)
  if (!WORDS.test(value)) return undefined
  const time = Date.parse(/(Z|GMT|UTC|[+-]\d{4})$/i.test(value) ? value : `${value} UTC`)
  return Number.isNaN(time) ? undefined : BigInt(time) * 10_000n
}

function fromParts(parts: readonly number[], fraction: string, zone: string | undefined): bigint | undefined {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined
  date.setUTCHours(hour, minute, second, 0)
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '')
  const minutes = offset === null ? 0 : Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3]))
  return BigInt(date.getTime() - minutes * 60_000) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7))
}

/** `[-][d.]hh:mm:ss[.fffffff]`, as KQL prints a timespan. */
export function spanText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks
  const [days, fraction] = [size / TICKS_PER_DAY, size % 10_000_000n]
  const clock = [(size / 36_000_000_000n) % 24n, (size / 600_000_000n) % 60n, (size / 10_000_000n) % 60n]
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':')
  return `${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${text}${fraction === 0n ? '' : `.${String(fraction).padStart(7, '0')}`}`
}

const UNITS: Readonly<Record<string, bigint>> = {
  d: TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  days: TICKS_PER_DAY,
  h: 36_000_000_000n,
  hr: 36_000_000_000n,
  hour: 36_000_000_000n,
  hours: 36_000_000_000n,
  m: 600_000_000n,
  min: 600_000_000n,
  minute: 600_000_000n,
  minutes: 600_000_000n,
  s: 10_000_000n,
  sec: 10_000_000n,
  second: 10_000_000n,
  seconds: 10_000_000n,
  ms: 10_000n,
  millisecond: 10_000n,
  microsecond: 10n,
  tick: 1n,
}

/** Ticks of a timespan as text: `[-][d.]hh:mm[:ss[.fffffff]]`, a number of days, or a number with a unit. */
export function timespanTicks(text: string): bigint | undefined {
  const value = text.trim()
  const clock = /^(-)?(?:(\d+)(?:\.|:(?=\d{1,2}:\d{1,2}:\d)))?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(value)
  if (clock !== null) {
    const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock
    const total =
      BigInt(days) * TICKS_PER_DAY +
      (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * 10_000_000n +
      BigInt(fraction.padEnd(7, '0'))
    return sign === undefined ? total : -total
  }
  const counted = /^(-?\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(value)
  const unit = UNITS[(counted?.[2] ?? 'd').toLowerCase()]
  if (counted === null || unit === undefined) return undefined
  return /\./.test(counted[1] ?? '') ? BigInt(Math.round(Number(counted[1]) * Number(unit))) : BigInt(counted[1] ?? '0') * unit
}
