/** The second that was written last, and its text: events come in runs of the same one. */
let writtenSecond = Number.NaN
let writtenText = ''

/**
 * A moment in the form the store takes: `2026-11-21 02:52:43.176806`, UTC.
 *
 * @param timeMs Milliseconds since the Unix epoch, fractions down to microseconds kept.
 */
export function storeTime(timeMs: number): string {
  const micros = Math.round(timeMs * 1000)
  const second = Math.floor(micros / 1_000_000)
  if (second !== writtenSecond) {
    writtenText = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')
    writtenSecond = second
  }
  return `${writtenText}.${String(micros - second * 1_000_000).padStart(6, '0')}`
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/

/** The second that was read last, with its dot, and its milliseconds since the epoch. */
let readText = ''
let readMs = 0

/** Milliseconds since the Unix epoch of a moment in the store's form or in RFC 3339, to the microsecond; NaN where it is neither. */
export function timeMsOf(text: string): number {
  if (text.length === STORE_LENGTH && text.startsWith(readText) && readText !== '') {
    const micros = sixDigits(text)
    if (micros >= 0) return readMs + micros / 1000
  }
  const match = TIME.exec(text)
  if (match === null) return Number.NaN
  const [, date, time, fraction = '', zone = 'Z'] = match
  const secondMs = Date.parse(`${date}T${time}${zone}`)
  if (text.length === STORE_LENGTH && fraction.length === 6) {
    readText = text.slice(0, STORE_LENGTH - 6)
    readMs = secondMs
  }
  return secondMs + Number(`0.${fraction || '0'}`) * 1000
}

/** Characters of a moment in the store's form. */
const STORE_LENGTH = 26

/** The microseconds at the end of a moment in the store's form; −1 where these are no digits. */
function sixDigits(text: string): number {
  let value = 0
  for (let at = STORE_LENGTH - 6; at < STORE_LENGTH; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
