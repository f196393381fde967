import { type CallContext, constant, type FunctionTable, type QueryFunction, scalar, type Value } from './query-function.ts'

/** Units by name: the engine's own words, so that a user's never reaches the SQL. */
const UNITS: Readonly<Record<string, string>> = {
  millisecond: 'millisecond',
  second: 'second',
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
/** What both MySQL's and the engine's formats mean alike. Source: Presto date_format; ClickHouse formatDateTime. */
const FORMAT = /^(?:[^%]|%[aWbMcdefHhIijklmprSsTYyv%])*$/u

/** A point in time from Unix seconds, text or a time. */
export function asTime(value: Value | undefined): string {
  const sql = value?.sql ?? 'NULL'
  if (value?.type === 'int' || value?.type === 'float') return `fromUnixTimestamp64Milli(toInt64(${sql} * 1000), 'UTC')`
  if (value?.type === 'string' || value?.type === 'json') return `parseDateTime64BestEffortOrNull(toString(${sql}), 3, 'UTC')`
  return sql
}

function unit(args: readonly Value[], index: number, context: CallContext): string {
  const known = UNITS[constant(args, index, context).toLowerCase()]
  if (known === undefined) throw context.refuse(index, `The unit must be one of ${Object.keys(UNITS).join(', ')}.`)
  return known
}

/** Checks a date format and binds it. */
export function timeFormat(args: readonly Value[], index: number, context: CallContext): string {
  const format = constant(args, index, context)
  if (!FORMAT.test(format)) throw context.refuse(index, 'This date format holds a letter that is not supported.')
  return context.parameters.text(format)
}

const made = (returns: QueryFunction['returns'], min: number, emit: QueryFunction['emit']): QueryFunction => ({
  min,
  max: min,
  returns,
  kind: 'scalar',
  emit,
})
const part = (name: string): QueryFunction => made('int', 1, ([x]) => `toInt64(${name}(${asTime(x)}))`)

export const TIME_FUNCTIONS: FunctionTable = {
  now: scalar(0, 0, 'time', () => "now64(3, 'UTC')"),
  current_timestamp: scalar(0, 0, 'time', () => "now64(3, 'UTC')"),
  localtimestamp: scalar(0, 0, 'time', () => "now64(3, 'UTC')"),
  current_time: scalar(0, 0, 'string', () => "formatDateTime(now64(3, 'UTC'), '%T')"),
  localtime: scalar(0, 0, 'string', () => "formatDateTime(now64(3, 'UTC'), '%T')"),
  current_timezone: scalar(0, 0, 'string', () => "'UTC'"),
  // Every time is in UTC.
  timezone_hour: made('int', 1, ([x]) => `if(isNull(${asTime(x)}), NULL, toNullable(toInt64(0)))`),
  timezone_minute: made('int', 1, ([x]) => `if(isNull(${asTime(x)}), NULL, toNullable(toInt64(0)))`),
  current_date: scalar(0, 0, 'time', () => "toDateTime64(toStartOfDay(now64(3, 'UTC')), 3, 'UTC')"),
  date: made('time', 1, ([x]) => `toDateTime64(toStartOfDay(${asTime(x)}), 3, 'UTC')`),
  from_iso8601_date: made('time', 1, ([x]) => `toDateTime64(toStartOfDay(${asTime(x)}), 3, 'UTC')`),
  last_day_of_month: made('time', 1, ([x]) => `toDateTime64(toLastDayOfMonth(${asTime(x)}), 3, 'UTC')`),
  to_iso8601: made('string', 1, ([x]) => `concat(replaceOne(toString(${asTime(x)}), ' ', 'T'), 'Z')`),
  from_unixtime: made('time', 1, ([x]) => `fromUnixTimestamp64Milli(toInt64(${x?.sql} * 1000), 'UTC')`),
  to_unixtime: made('float', 1, ([x]) => `(toUnixTimestamp64Milli(${asTime(x)}) / 1000)`),
  from_iso8601_timestamp: made('time', 1, ([x]) => `parseDateTime64BestEffortOrNull(toString(${x?.sql}), 3, 'UTC')`),
  date_trunc: made(
    'time',
    2,
    (args, context) => `toDateTime64(dateTrunc('${unit(args, 0, context)}', ${asTime(args[1])}), 3, 'UTC')`,
  ),
  date_format: made('string', 2, (args, context) => `formatDateTime(${asTime(args[0])}, ${timeFormat(args, 1, context)})`),
  date_parse: made(
    'time',
    2,
    (args, context) =>
      `toDateTime64(parseDateTimeOrNull(toString(${args[0]?.sql}), ${timeFormat(args, 1, context)}, 'UTC'), 3, 'UTC')`,
  ),
  date_add: made(
    'time',
    3,
    (args, context) => `toDateTime64(dateAdd(${unit(args, 0, context)}, ${args[1]?.sql}, ${asTime(args[2])}), 3, 'UTC')`,
  ),
  // Whole units that have passed, not boundaries crossed.
  date_diff: made(
    'int',
    3,
    (args, context) => `toInt64(age('${unit(args, 0, context)}', ${asTime(args[1])}, ${asTime(args[2])}))`,
  ),
  year: part('toYear'),
  quarter: part('toQuarter'),
  month: part('toMonth'),
  week: part('toISOWeek'),
  day: part('toDayOfMonth'),
  day_of_month: part('toDayOfMonth'),
  day_of_week: part('toDayOfWeek'),
  dow: part('toDayOfWeek'),
  day_of_year: part('toDayOfYear'),
  doy: part('toDayOfYear'),
  hour: part('toHour'),
  minute: part('toMinute'),
  second: part('toSecond'),
  millisecond: part('toMillisecond'),
  week_of_year: part('toISOWeek'),
  year_of_week: part('toISOYear'),
  yow: part('toISOYear'),
}
