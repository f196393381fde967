import { EPOCH_TICKS } from '../date-text.ts'

/** A datetime as ticks since 1970. The engine keeps DateTime64(7) as exactly that number. */
export const toTicks = (datetime: string): string => `reinterpret(${datetime}, 'Int64')`
export const fromTicks = (ticks: string): string => `reinterpret(toNullable(${ticks}), 'DateTime64(7, \\'UTC\\')')`
/** Ticks since 0001-01-01, which is where bins of a datetime begin. */
export const toOldTicks = (datetime: string): string => `(${toTicks(datetime)} + ${EPOCH_TICKS})`
export const fromOldTicks = (ticks: string): string => fromTicks(`(${ticks} - ${EPOCH_TICKS})`)

/** The greatest multiple of `size` that is not above `value`, for whole numbers. */
export const floorTo = (value: string, size: string): string => `(${value} - positiveModulo(${value}, ${size}))`

const pad = (sql: string, width: number): string => `leftPad(toString(${sql}), ${width}, '0')`

/** `[-][d.]hh:mm:ss[.fffffff]`, null where the number of ticks is. */
export function timespanText(ticks: string): string {
  const size = `abs(${ticks})`
  const part = (unit: string, modulo: number): string => pad(`intDiv(${size}, ${unit}) % ${modulo}`, 2)
  const days = `if(${size} >= 864000000000, concat(toString(intDiv(${size}, 864000000000)), '.'), '')`
  const fraction = `if(${size} % 10000000 = 0, '', concat('.', ${pad(`${size} % 10000000`, 7)}))`
  const clock = `${part('36000000000', 24)}, ':', ${part('600000000', 60)}, ':', ${part('10000000', 60)}`
  return `concat(if(${ticks} < 0, '-', ''), ${days}, ${clock}, ${fraction})`
}

/** ISO 8601 with seven decimals and `Z`. */
export const datetimeText = (datetime: string): string => `concat(replaceOne(toString(${datetime}), ' ', 'T'), 'Z')`
