import { constant, type FunctionTable, type QueryFunction, scalar } from './query-function.ts'

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
/** Seconds of a unit, from small to large. */
const SPANS = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 } as const

const list = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === 'number' ? `toFloat64('${value}')` : `'${value}'`)).join(', ')}]`
const text = (x: string | undefined): string => `trimBoth(ifNull(toString(${x}), ''))`

/** Number and unit of `1.5 KB`, by a table of units in small letters; null where the text is none. */
function measured(x: string | undefined, units: Readonly<Record<string, number>>): string {
  const parts = `extractGroups(lower(${text(x)}), '^([0-9]+(?:[.][0-9]+)?)\\\\s*([a-z]+)$')`
  const factor = `transform(${parts}[2], ${list(Object.keys(units))}, ${list(Object.values(units))}, toFloat64(0))`
  return `nullIf(toFloat64OrNull(${parts}[1]) * ${factor}, if(has(${list(Object.keys(units))}, ${parts}[2]), NULL, 0))`
}

const SIZE_UNITS = Object.fromEntries(SIZES.map((unit, index) => [unit.toLowerCase(), 1024 ** index]))
const bytes = (x: string | undefined): string => measured(x, SIZE_UNITS)
const seconds = (x: string | undefined): string => measured(x, SPANS)

/** A number as it stands where it is whole, else with two decimals. */
const sized = (value: string): string =>
  `if(floor(${value}) = ${value}, toString(toInt64(${value})), toString(toDecimal64(round(${value} * 100) / 100, 2)))`

function inSizeUnit(value: string, unit: string | undefined): string {
  const wanted = SIZES.findIndex((one) => one.toLowerCase() === unit?.toLowerCase())
  return `concat(${sized(`(${value} / ${1024 ** wanted})`)}, '${SIZES[wanted]}')`
}

/** The largest unit in which the value is at least 1. */
function succinct(value: string, units: readonly (readonly [string, number])[], print: (value: string) => string): string {
  const branches = [...units].reverse().slice(0, -1)
  const cases = branches.map(
    ([name, size]) => `${value} >= toFloat64('${size}'), concat(${print(`(${value} / toFloat64('${size}'))`)}, '${name}')`,
  )
  const [smallest, size] = units[0] ?? ['', 1]
  return `multiIf(isNull(${value}), NULL, ${cases.join(', ')}, concat(${print(`(${value} / toFloat64('${size}'))`)}, '${smallest}'))`
}

const withUnit = (min: number, read: (x: string | undefined) => string): QueryFunction => ({
  min,
  max: 2,
  returns: 'string',
  kind: 'scalar',
  emit(args, context) {
    const value = read(args[0]?.sql)
    if (args.length < 2)
      return succinct(
        value,
        SIZES.map((unit, index) => [unit, 1024 ** index] as const),
        sized,
      )
    const unit = constant(args, 1, context)
    if (!SIZES.some((one) => one.toLowerCase() === unit.toLowerCase()))
      throw context.refuse(1, `The unit must be one of ${SIZES.join(', ')}.`)
    return inSizeUnit(value, unit)
  },
})
const inBytes = (power: number) => scalar(1, 1, 'float', ([x]) => `(${bytes(x)} / ${1024 ** power})`)
const inSeconds = (size: number) => scalar(1, 1, 'float', ([x]) => `(${seconds(x)} / toFloat64('${size}'))`)

/** `3 minutes, 55 seconds`: parts that are 0 are left out. */
function spelled(x: string | undefined): string {
  const whole = `toInt64(${x})`
  const parts = [
    ['week', `intDiv(${whole}, 604800)`],
    ['day', `intDiv(${whole}, 86400) % 7`],
    ['hour', `intDiv(${whole}, 3600) % 24`],
    ['minute', `intDiv(${whole}, 60) % 60`],
    ['second', `${whole} % 60`],
  ].map(([name, value]) => `if(${value} = 0, '', concat(toString(${value}), ' ${name}', if(${value} = 1, '', 's')))`)
  const shown = `arrayStringConcat(arrayFilter(__p -> __p != '', [${parts.map((part) => `ifNull(${part}, '')`).join(', ')}]), ', ')`
  return `if(isNull(${x}), NULL, if(${shown} = '', '0 seconds', ${shown}))`
}

/** `0 00:00:01.340`: days, then the time of day. */
function clock(x: string | undefined): string {
  const millis = `toInt64(round(${seconds(x)} * 1000))`
  const two = (value: string): string => `leftPad(toString(${value}), 2, '0')`
  const parts = [
    `toString(intDiv(${millis}, 86400000))`,
    `' '`,
    two(`intDiv(${millis}, 3600000) % 24`),
    `':'`,
    two(`intDiv(${millis}, 60000) % 60`),
    `':'`,
    two(`intDiv(${millis}, 1000) % 60`),
    `'.'`,
    `leftPad(toString(${millis} % 1000), 3, '0')`,
  ]
  return `concat(${parts.join(', ')})`
}

/** Texts are printed as the library prints them that Presto takes sizes and durations from. Source: Alibaba Cloud SLS, "Unit conversion functions"; airlift units. */
export const UNIT_FUNCTIONS: FunctionTable = {
  convert_data_size: withUnit(1, bytes),
  format_data_size: withUnit(2, (x) => `toFloat64OrNull(toString(${x}))`),
  parse_data_size: inBytes(0),
  to_data_size_b: inBytes(0),
  to_data_size_kb: inBytes(1),
  to_data_size_mb: inBytes(2),
  to_data_size_gb: inBytes(3),
  to_data_size_tb: inBytes(4),
  to_data_size_pb: inBytes(5),
  format_duration: scalar(1, 1, 'string', ([x]) => spelled(x)),
  parse_duration: scalar(1, 1, 'string', ([x]) => clock(x)),
  to_nanoseconds: inSeconds(1e-9),
  to_microseconds: inSeconds(1e-6),
  to_milliseconds: inSeconds(1e-3),
  to_seconds: inSeconds(1),
  to_minutes: inSeconds(60),
  to_hours: inSeconds(3600),
  to_days: inSeconds(86_400),
  to_most_succinct_time_unit: scalar(1, 1, 'string', ([x]) =>
    succinct(seconds(x), Object.entries(SPANS), (value) => `toString(toDecimal64(round(${value} * 100) / 100, 2))`),
  ),
}
