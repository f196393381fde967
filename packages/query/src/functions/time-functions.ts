import { readTime, timeWriter } from './date-format.ts'
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

/** Units of which a date stays a date. */
const WHOLE_DAYS: ReadonlySet<string> = new Set(['day', 'week', 'month', 'quarter', 'year'])

/** A point in time from Unix seconds, text or a time. */
export function asTime(value: Value | undefined): string {
  const sql = value?.sql ?? 'NULL'
  if (value?.type === 'int' || value?.type === 'float') return `fromUnixTimestamp64Milli(toInt64(${sql} * 1000), 'UTC')`
  if (value?.type === 'string' || value?.type === 'json') return `parseDateTime64BestEffortOrNull(toString(${sql}), 3, 'UTC')`
  return sql
}

/** With its clock, where it is a date. */
const clock = (value: Value | undefined): string => `toDateTime64(${asTime(value)}, 3, 'UTC')`

function unit(args: readonly Value[], index: number, context: CallContext): string {
  const known = UNITS[constant(args, index, context).toLowerCase()]
  if (known === undefined) throw context.refuse(index, `The unit must be one of ${Object.keys(UNITS).join(', ')}.`)
  return known
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
  current_date: scalar(0, 0, 'time', () => "toDate32(now64(3, 'UTC'))"),
  // A date is a time to the compiler and a day to the engine, which shows it without the clock.
  date: made('time', 1, ([x]) => `toDate32(${asTime(x)})`),
  from_iso8601_date: made('time', 1, ([x]) => `toDate32(${asTime(x)})`),
  last_day_of_month: made('time', 1, ([x]) => `toDate32(toLastDayOfMonth(${asTime(x)}))`),
  to_iso8601: made('string', 1, ([x]) => {
    const text = `toString(${asTime(x)})`
    return `if(length(${text}) = 10, ${text}, concat(replaceOne(${text}, ' ', 'T'), 'Z'))`
  }),
  from_unixtime: made('time', 1, ([x]) => `fromUnixTimestamp64Milli(toInt64(${x?.sql} * 1000), 'UTC')`),
  to_unixtime: made('float', 1, ([x]) => `(toUnixTimestamp64Milli(${clock(x)}) / 1000)`),
  from_iso8601_timestamp: made('time', 1, ([x]) => `parseDateTime64BestEffortOrNull(toString(${x?.sql}), 3, 'UTC')`),
  date_trunc: made(
    'time',
    2,
    (args, context) => `toDateTime64(dateTrunc('${unit(args, 0, context)}', ${clock(args[1])}), 3, 'UTC')`,
  ),
  date_format: made('string', 2, (args, context) => timeWriter(args, 1, context)(asTime(args[0]))),
  date_parse: made('time', 2, (args, context) => readTime(args[0]?.sql ?? 'NULL', args, 1, context)),
  date_add: made('time', 3, (args, context) => {
    const part = unit(args, 0, context)
    // A date stays one where whole days are added.
    return args[2]?.type === 'time' && WHOLE_DAYS.has(part)
      ? `dateAdd(${part}, ${args[1]?.sql}, ${args[2].sql})`
      : `toDateTime64(dateAdd(${part}, ${args[1]?.sql}, ${asTime(args[2])}), 3, 'UTC')`
  }),
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
  hour: made('int', 1, ([x]) => `toInt64(toHour(${clock(x)}))`),
  minute: made('int', 1, ([x]) => `toInt64(toMinute(${clock(x)}))`),
  second: made('int', 1, ([x]) => `toInt64(toSecond(${clock(x)}))`),
  millisecond: made('int', 1, ([x]) => `toInt64(toMillisecond(${clock(x)}))`),
  week_of_year: part('toISOWeek'),
  year_of_week: part('toISOYear'),
  yow: part('toISOYear'),
}
