import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { floorTo, fromOldTicks, fromTicks, toOldTicks, toTicks } from '../values/ticks.ts'
import { formatDatetime, formatTimespan } from './format-time.ts'
import { constantAt, fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const ZONE = "'UTC'"
/** The start of a period as a datetime again; functions of the engine give dates, which know no years before 1900. */
const startOf = (begin: (date: string, shift: string) => string): KqlFunction =>
  fn('datetime long?', 'datetime', ([date = 'NULL', shift = '0']) => begin(date, shift))
const DAY = 864_000_000_000n
const day = (date: string, shift: string): string =>
  fromOldTicks(`(${floorTo(toOldTicks(date), String(DAY))} + ${shift} * ${DAY})`)
/** Weeks begin on Sunday; 0001-01-01 was a Monday. */
const week = (date: string, shift: string): string =>
  fromOldTicks(`(${floorTo(`(${toOldTicks(date)} + ${DAY})`, String(7n * DAY))} - ${DAY} + ${shift} * ${7n * DAY})`)
const month = (date: string, shift: string): string =>
  `addMonths(${fromOldTicks(`(${toOldTicks(date)} - positiveModulo(${toOldTicks(date)}, ${DAY}) - (toDayOfMonth(${date}) - 1) * ${DAY})`)}, ${shift})`
const year = (date: string, shift: string): string =>
  `addYears(${fromOldTicks(`(${toOldTicks(date)} - positiveModulo(${toOldTicks(date)}, ${DAY}) - (toDayOfYear(${date}) - 1) * ${DAY})`)}, ${shift})`
const endOf = (begin: (date: string, shift: string) => string): KqlFunction =>
  fn('datetime long?', 'datetime', ([date = 'NULL', shift = '0']) => fromTicks(`(${toTicks(begin(date, `(${shift} + 1)`))} - 1)`))

/** The size of a bin; null where it is none. Source: Kusto documentation, bin(). */
const positive = ({ sql, constant }: Scalar): string =>
  constant !== undefined && Number(constant) > 0 ? sql : `if(${sql} > 0, ${sql}, NULL)`

/** `bin(value, size)`: the multiple of size at or below; datetimes count from 0001-01-01. */
function binned([value, size]: readonly Scalar[], { context, node, type }: KqlCall): string {
  if (value === undefined || size === undefined) return 'NULL'
  if (type === 'datetime' && (value.type !== 'datetime' || size.type !== 'timespan'))
    throw context.refuse(node, 'The size of a bin is a number or a timespan.', undefined, 'PW-QY-005')
  if (value.type === 'datetime') return fromOldTicks(floorTo(toOldTicks(value.sql), positive(size)))
  const [x, by] = [convert(value, type, context).sql, positive(convert(size, type, context))]
  if (type === 'real' || type === 'decimal') return `(floor(${x} / ${by}) * ${by})`
  return floorTo(x, by)
}

const binAt = withScalars('any any any', 'bound', ([value, size, start], { context, node, type }) => {
  if ((value?.type === 'datetime' || value?.type === 'timespan') && size?.type !== 'timespan')
    throw context.refuse(node, 'The size of a bin of times is a timespan.', undefined, 'PW-QY-005')
  if (value?.type === 'datetime' && start !== undefined) {
    const from = toTicks(convert(start, 'datetime', context).sql)
    return fromTicks(`(${from} + ${floorTo(`(${toTicks(value.sql)} - ${from})`, positive(size as Scalar))})`)
  }
  const [x, from] = [value, start].map((one) => convert(one as Scalar, type, context).sql)
  const by = positive(convert(size as Scalar, type, context))
  return type === 'real'
    ? `(${from} + floor((${x} - ${from}) / ${by}) * ${by})`
    : `(${from} + ${floorTo(`(${x} - ${from})`, by)})`
})

const UNITS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
}
/** Smaller units and weeks are counted in ticks, since the engine's weeks begin on Monday and its ticks are not ours. */
const TICK_UNITS: Readonly<Record<string, bigint>> = { millisecond: 10_000n, microsecond: 10n, nanosecond: 0n }

function unitOf(args: readonly Scalar[], call: KqlCall): string {
  const unit = constantAt(args, 0, call).toLowerCase().replace(/s$/, '')
  if (unit in UNITS || unit in TICK_UNITS) return unit
  throw call.context.refuse(call.node, `"${unit}" is no part of a date.`, `Parts: ${Object.keys(UNITS).join(', ')}.`, 'PW-QY-005')
}

const datetimeDiff = withScalars('string datetime datetime', 'long', (args, call) => {
  const unit = unitOf(args, call)
  const [, later, earlier] = args.map((arg) => arg.sql) as [string, string, string]
  if (unit === 'nanosecond') return `((${toTicks(later)} - ${toTicks(earlier)}) * 100)`
  const ticks = TICK_UNITS[unit] ?? (unit === 'week' ? 7n * DAY : undefined)
  if (ticks === undefined) return `toInt64(dateDiff('${unit}', ${earlier}, ${later}, ${ZONE}))`
  const count = (date: string): string => `intDiv(${toOldTicks(date)}${unit === 'week' ? ` + ${DAY}` : ''}, ${ticks})`
  return `(${count(later)} - ${count(earlier)})`
})

const datetimeAdd = withScalars('string long datetime', 'datetime', (args, call) => {
  const unit = unitOf(args, call)
  const [, amount, date] = args.map((arg) => arg.sql) as [string, string, string]
  const ticks = { ...TICK_UNITS, week: 7n * DAY, day: DAY, hour: 36_000_000_000n, minute: 600_000_000n, second: 10_000_000n }[
    unit
  ]
  if (unit === 'nanosecond') return fromTicks(`(${toTicks(date)} + intDiv(${amount}, 100))`)
  if (ticks !== undefined) return fromTicks(`(${toTicks(date)} + ${amount} * ${ticks})`)
  return `${{ year: 'addYears', quarter: 'addQuarters', month: 'addMonths' }[unit]}(${date}, ${amount})`
})

const PARTS: Readonly<Record<string, string>> = {
  year: 'toYear',
  quarter: 'toQuarter',
  month: 'toMonth',
  week_of_year: 'toISOWeek',
  day: 'toDayOfMonth',
  dayofyear: 'toDayOfYear',
  hour: 'toHour',
  minute: 'toMinute',
  second: 'toSecond',
}
const part = (name: string): KqlFunction => fn('datetime', 'int', ([date]) => `toInt64(${name}(${date}))`)

const datetimePart = withScalars('string datetime', 'long', (args, call) => {
  const unit = constantAt(args, 0, call).toLowerCase()
  const date = args[1]?.sql ?? 'NULL'
  const small = { millisecond: 10_000, microsecond: 10 }[unit]
  if (small !== undefined) return `intDiv(positiveModulo(${toTicks(date)}, 10000000), ${small})`
  if (unit === 'nanosecond') return `(positiveModulo(${toTicks(date)}, 10000000) * 100)`
  const name = PARTS[unit]
  if (name === undefined) throw call.context.refuse(call.node, `"${unit}" is no part of a date.`, undefined, 'PW-QY-005')
  return `toInt64(${name}(${date}))`
})

const makeDatetime = withScalars('any long? long? long? long? real?', 'datetime', (args, { context }) => {
  if (args.length === 1) return convert(args[0] as Scalar, 'datetime', context).sql
  const [year, month = '1', day = '1', hour = '0', minute = '0', second = '0'] = args.map((arg) => arg.sql)
  const pad = (sql: string, width: number): string => `leftPad(toString(${sql}), ${width}, '0')`
  const date = `concat(${pad(year ?? '1', 4)}, '-', ${pad(month, 2)}, '-', ${pad(day, 2)}, ' 00:00:00')`
  const clock = `(toInt64(${hour}) * 36000000000 + toInt64(${minute}) * 600000000 + toInt64(round(${second} * 10000000)))`
  // The engine takes the 30th of February for the 1st of March.
  const start = `toDateTime64OrNull(${date}, 7, ${ZONE})`
  const days = `(${month} BETWEEN 1 AND 12 AND ${day} BETWEEN 1 AND 31 AND toDayOfMonth(${start}) = ${day})`
  const valid = `(${days} AND ${hour} BETWEEN 0 AND 23 AND ${minute} BETWEEN 0 AND 59 AND ${second} >= 0 AND ${second} < 60)`
  return `if(${valid}, ${fromTicks(`(${toTicks(start)} + ${clock})`)}, NULL)`
})

/** Null where a part is not of its unit: 25 hours are none. */
function clockTicks(days: string, [hours, minutes, seconds = '0']: readonly string[]): string {
  const ticks = `(${days} * ${DAY} + ${hours} * 36000000000 + ${minutes} * 600000000 + toInt64(round(${seconds} * 10000000)))`
  return `if(${hours} BETWEEN 0 AND 23 AND ${minutes} BETWEEN 0 AND 59 AND ${seconds} >= 0 AND ${seconds} < 60, ${ticks}, NULL)`
}
const makeTimespan = fn('long long real?', 'timespan', (args) => clockTicks('0', args))
const longTimespan = fn('long long long real', 'timespan', ([days = '0', ...rest]) => clockTicks(days, rest))

/** Ticks of the moment a query runs at, or of the one that its option says. */
function nowTicks(context: KqlContext): string {
  const given = context.options.get('query_now')
  return given?.type === 'datetime' ? toTicks(given.sql) : context.integer(context.nowTicks)
}
const now = fn('timespan?', 'datetime', ([shift = '0'], { context }) => fromTicks(`(${nowTicks(context)} + ${shift})`))
const unixtime = (ticks: number): KqlFunction =>
  fn('real', 'datetime', ([x]) => fromTicks(`accurateCastOrNull(round(${x} * ${ticks}), 'Int64')`))
const dayOfWeek = fn('datetime', 'timespan', ([date]) => `(toDayOfWeek(${date}) % 7 * ${DAY})`)
const bin = withScalars('any any', 'bound', binned)

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Zones are IANA names, and must be constants for the engine. */
const zone = (args: readonly Scalar[], call: KqlCall): string => {
  const name = constantAt(args, 1, call)
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(name) || !isZone(name))
    throw call.context.refuse(call.node, 'This is no name of a time zone.', 'Write it like Europe/Berlin.', 'PW-QY-005')
  return call.context.string(name)
}
/** The same clock in another zone: the shift between the two is taken from the second, as zones have no finer. */
const toLocal = withScalars('datetime string', 'datetime', (args, call) =>
  fromTicks(
    `(${toTicks(args[0]?.sql ?? 'NULL')} + toInt64(timeZoneOffset(toTimeZone(${args[0]?.sql}, ${zone(args, call)}))) * 10000000)`,
  ),
)
const toUtc = withScalars('datetime string', 'datetime', (args, call) => {
  const date = args[0]?.sql ?? 'NULL'
  const there = `toDateTime64(formatDateTime(${date}, '%F %T'), 0, ${zone(args, call)})`
  return fromTicks(`(toInt64(toUnixTimestamp64Second(${there})) * 10000000 + positiveModulo(${toTicks(date)}, 10000000))`)
})

const timeZones = fn('', 'dynamic', (_, { context }) => context.string(JSON.stringify(Intl.supportedValuesOf('timeZone'))))

/** `bin_auto(value)`: bins whose size, and one of whose starts, the query sets as options. */
const binAuto = withScalars('any', 'bound', ([value], call) => {
  const size = call.context.options.get('query_bin_auto_size')
  if (size === undefined)
    throw call.context.refuse(
      call.node,
      'The size of the bins is not set.',
      'Put set query_bin_auto_size=1h; before.',
      'PW-QY-005',
    )
  const start = call.context.options.get('query_bin_auto_at')
  return start === undefined ? binned([value as Scalar, size], call) : binAt.emit([value as Scalar, size, start], call)
})

export const TIME_FUNCTIONS: KqlFunctionTable = {
  now,
  ago: fn('timespan', 'datetime', ([age], { context }) => fromTicks(`(${nowTicks(context)} - ${age})`)),
  bin,
  floor: bin,
  bin_at: binAt,
  startofday: startOf(day),
  startofweek: startOf(week),
  startofmonth: startOf(month),
  startofyear: startOf(year),
  endofday: endOf(day),
  endofweek: endOf(week),
  endofmonth: endOf(month),
  endofyear: endOf(year),
  datetime_diff: datetimeDiff,
  datetime_add: datetimeAdd,
  datetime_part: datetimePart,
  datepart: datetimePart,
  datetime_list_timezones: timeZones,
  bin_auto: binAuto,
  dayofweek: dayOfWeek,
  dayofmonth: part('toDayOfMonth'),
  dayofyear: part('toDayOfYear'),
  week_of_year: part('toISOWeek'),
  /** Before ISO 8601: weeks begin on Sunday, and the first of a year has its first Wednesday. */
  weekofyear: fn(
    'datetime',
    'int',
    ([date = 'NULL']) => `toInt64(intDiv(toDayOfYear(${week(date, '0')} + INTERVAL 3 DAY) - 1, 7) + 1)`,
  ),
  monthofyear: part('toMonth'),
  getmonth: part('toMonth'),
  getyear: part('toYear'),
  hourofday: part('toHour'),
  make_datetime: makeDatetime,
  make_timespan: {
    ...makeTimespan,
    parameters: ['any', 'any', 'any', 'any'],
    emit: (args, call) => {
      const entry = args.length === 4 ? longTimespan : makeTimespan
      return entry.emit(
        args.map((arg, index) => convert(arg, entry.parameters[index] as 'long' | 'real', call.context)),
        call,
      )
    },
  },
  unixtime_seconds_todatetime: unixtime(10_000_000),
  unixtime_milliseconds_todatetime: unixtime(10_000),
  unixtime_microseconds_todatetime: unixtime(10),
  unixtime_nanoseconds_todatetime: unixtime(0.01),
  datetime_utc_to_local: toLocal,
  datetime_local_to_utc: toUtc,
  format_datetime: formatDatetime,
  format_timespan: formatTimespan,
}
