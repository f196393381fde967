/**
 * A moment in the form the store takes: `2026-11-21 02:52:43.176806`, UTC.
 *
 * @param timeMs Milliseconds since the Unix epoch, fractions down to microseconds kept.
 */
export function storeTime(timeMs: number): string {
  const micros = Math.round(timeMs * 1000)
  const whole = Math.floor(micros / 1_000_000)
  const fraction = String(micros - whole * 1_000_000).padStart(6, '0')
  return `${new Date(whole * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`
}

/** Milliseconds since the Unix epoch of a moment in the store's form or in RFC 3339, to the microsecond; NaN where it is neither. */
export function timeMsOf(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (match === null) return Number.NaN
  const [, date, time, fraction = '', zone = 'Z'] = match
  return Date.parse(`${date}T${time}${zone}`) + Number(`0.${fraction || '0'}`) * 1000
}
