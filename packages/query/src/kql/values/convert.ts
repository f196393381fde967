import { type KqlContext, nullOf } from '../context.ts'
import { jsonString } from '../json-string.ts'
import { isNumber, type KqlType } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import { datetimeText, fromTicks, timespanText } from './ticks.ts'

/** JSON text of one value without the quotes of a string. */
export const unquoted = (json: string): string => `if(startsWith(${json}, '"'), JSONExtractString(${json}), ${json})`

/** JSON without blanks between its parts; most has none, which a look at the edges of the parts tells. */
const compact = (json: string, context: KqlContext): string => {
  const [edges, blanks] = [context.string('[\\[{,:]\\s|\\s[\\]}:,]'), context.string('("(?:[^"\\\\]|\\\\.)*")|\\s+')]
  return `if(match(ifNull(${json}, ''), ${edges}), replaceRegexpAll(${json}, ${blanks}, '\\\\1'), ${json})`
}

/** `tostring()`: null becomes the empty text. */
export function toText(value: Scalar, context: KqlContext): string {
  if (value.type === 'string') return value.sql
  return `ifNull(${nullableText(value, context)}, '')`
}

function nullableText({ sql, type }: Scalar, context: KqlContext): string {
  switch (type) {
    case 'bool':
      return `if(isNull(${sql}), NULL, if(${sql}, 'true', 'false'))`
    case 'real':
      return context.once(sql, realText)
    case 'datetime':
      return datetimeText(sql)
    case 'timespan':
      return context.once(sql, timespanText)
    case 'dynamic':
      return context.once(sql, (json) => `if(startsWith(${json}, '"'), JSONExtractString(${json}), ${compact(json, context)})`)
    case 'guid':
      return sql
    default:
      return `toString(${sql})`
  }
}

/** Whole reals keep one decimal, as KQL prints them. */
const realText = (sql: string): string =>
  `multiIf(isNaN(${sql}), 'NaN', isInfinite(${sql}), if(${sql} > 0, 'Infinity', '-Infinity'), ` +
  `${sql} = trunc(${sql}) AND abs(${sql}) < 1e15, concat(toString(toInt64OrZero(toString(${sql}))), '.0'), toString(${sql}))`

/** A value as JSON text; null stays null. */
export function toJson(value: Scalar, context: KqlContext): string {
  const { sql, type } = value
  if (type === 'dynamic') return sql
  if (type === 'string') return jsonString(sql)
  if (type === 'int' || type === 'long') return `toString(${sql})`
  if (type === 'bool') return nullableText(value, context)
  if (type === 'real')
    return context.once(sql, (x) => `multiIf(isNull(${x}), NULL, isFinite(${x}), ${realText(x)}, ${jsonString(realText(x))})`)
  if (type === 'decimal') return `if(isNull(${sql}), NULL, ${toText(value, context)})`
  return `if(isNull(${sql}), NULL, ${jsonString(toText(value, context))})`
}

/** The value as another type, as `toint()`, `todatetime()` … do it: null where it cannot be. */
export function convert(value: Scalar, type: KqlType, context: KqlContext): Scalar {
  if (value.type === type) return value
  // Constants of times are ticks and of reals as they were written, which is not their text.
  const differs = type === 'string' && ['datetime', 'timespan', 'real', 'decimal', 'dynamic'].includes(value.type)
  const keep = value.constant === undefined || type === 'dynamic' || differs ? {} : { constant: value.constant }
  return { sql: converted(value, type, context), type, ...keep }
}

function converted(value: Scalar, type: KqlType, context: KqlContext): string {
  const { sql } = value
  if (type === 'string') return toText(value, context)
  if (type === 'dynamic') return toJson(value, context)
  const from = value.type
  if (from === 'dynamic') return context.once(sql, (json) => fromText(unquoted(json), type, context))
  if (from === 'string' || from === 'guid') return fromText(sql, type, context)
  if (from === 'bool')
    return type === 'decimal'
      ? fromNumber(`toInt64(${sql})`, 'long', type)
      : isNumber(type)
        ? `${numberCast(type)}(${sql})`
        : nullOf(type)
  if (isNumber(from) && isNumber(type)) return fromNumber(sql, from, type)
  if (isNumber(from) && type === 'bool') return `(${sql} != 0)`
  if (isNumber(from) && type === 'timespan') return `accurateCastOrNull(round(${sql} * 864000000000), 'Int64')`
  if (isNumber(from) && type === 'datetime') return fromTicks(`(${fromNumber(sql, from, 'long')} - 621355968000000000)`)
  if (from === 'timespan' && isNumber(type)) return type === 'real' ? `toFloat64(${sql})` : sql
  if (from === 'datetime' && isNumber(type)) return `(reinterpret(${sql}, 'Int64') + 621355968000000000)`
  return nullOf(type)
}

const numberCast = (type: KqlType): string => (type === 'real' ? 'toFloat64' : 'toInt64')

function fromNumber(sql: string, from: KqlType, type: KqlType): string {
  if (type === 'decimal') return `toDecimal256OrNull(toString(${sql}), 12)`
  if (type === 'real') return `toFloat64(${sql})`
  const whole = from === 'int' || from === 'long' ? sql : `accurateCastOrNull(trunc(${sql}), 'Int64')`
  return type === 'int' && from !== 'int' ? `toInt64(accurateCastOrNull(${whole}, 'Int32'))` : whole
}

function fromText(sql: string, type: KqlType, context: KqlContext): string {
  const trimmed = `trimBoth(${sql}, ' \\t\\r\\n')`
  switch (type) {
    case 'int':
    case 'long':
      return context.once(trimmed, (text) => wholeFromText(text, type === 'int' ? 'Int32' : 'Int64'))
    case 'real':
      return `toFloat64OrNull(${trimmed})`
    case 'decimal':
      return `toDecimal256OrNull(${trimmed}, 12)`
    case 'bool':
      return context.once(trimmed, boolFromText)
    case 'datetime':
      return context.once(`ifNull(${trimmed}, '')`, datetimeFromText)
    case 'timespan':
      return context.once(trimmed, timespanFromText)
    case 'guid':
      return guidFromText(`ifNull(${trimmed}, '')`)
    default:
      return nullOf(type)
  }
}

/** The first 32 digits count, with hyphens where they belong or without; what follows is ignored. Source: toguid(). */
const guidFromText = (text: string): string => {
  const groups = `extractGroups(lower(${text}), '^\\\\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})')`
  return `nullIf(arrayStringConcat(${groups}, '-'), '')`
}

const wholeFromText = (text: string, width: string): string =>
  `toInt64(multiIf(match(ifNull(${text}, ''), '^0[xX][0-9a-fA-F]{1,16}$'), ` +
  `reinterpretAsInt64(reverse(unhex(leftPad(substring(ifNull(${text}, ''), 3), 16, '0')))), ` +
  `match(ifNull(${text}, ''), '^[+-]?[0-9]+$'), accurateCastOrNull(${text}, '${width}'), ` +
  `accurateCastOrNull(trunc(toFloat64OrNull(${text})), '${width}')))`

const boolFromText = (text: string): string =>
  `multiIf(lower(${text}) IN ('true', '1'), toNullable(true), lower(${text}) IN ('false', '0'), false, ` +
  `isNotNull(toInt64OrNull(ifNull(${text}, ''))), true, NULL)`

/** RFC 822 writes years with two digits, which the engine takes for hours: those before 50 are of this century. */
const fullYear = (text: string): string => {
  const before = '^((?:[A-Za-z]{3,9},?\\\\s+)?[0-9]{1,2}[ -][A-Za-z]{3,9}[ -])'
  const year = (digits: string, from: string, century: string): string =>
    `replaceRegexpOne(${from}, '${before}(${digits}[0-9])(\\\\s|$)', '\\\\1${century}\\\\2\\\\3')`
  return year('[5-9]', year('[0-4]', text, '20'), '19')
}

/** The engine would take bare numbers and days in front of months too. */
const datetimeFromText = (text: string): string =>
  `multiIf(match(${text}, '^(?:0?[1-9]|1[0-2])/[0-9]{1,2}/[0-9]{4}'), parseDateTime64BestEffortUSOrNull(${text}, 7, 'UTC'), ` +
  `match(${text}, '^[0-9]{4}-[0-9]|^[^/]*[A-Za-z]{3}'), parseDateTime64BestEffortOrNull(${fullYear(text)}, 7, 'UTC'), NULL)`

const CLOCK = "'^(-)?(?:([0-9]+)[.])?([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\\\\.([0-9]{1,7}))?)?$'"
const UNIT = "'^(-?[0-9]+(?:\\\\.[0-9]+)?) *(d|h|m|s|ms|day|days|hour|hours|min|minute|minutes|sec|second|seconds|tick|ticks)?$'"

/** Source: Kusto documentation, "The timespan data type". */
function timespanFromText(text: string): string {
  // Four parts begin with days, which a point may divide from the rest too.
  const safe = `replaceRegexpOne(ifNull(${text}, ''), '^(-?[0-9]+):([0-9]{1,2}:[0-9]{1,2}:[0-9])', '\\1.\\2')`
  const group = (at: number): string => `toInt64OrZero(extractGroups(${safe}, ${CLOCK})[${at}])`
  const ticks =
    `(${group(2)} * 864000000000 + ${group(3)} * 36000000000 + ${group(4)} * 600000000 + ${group(5)} * 10000000 + ` +
    `toInt64OrZero(rightPad(extractGroups(${safe}, ${CLOCK})[6], 7, '0')))`
  const units =
    "['', 'd', 'day', 'days', 'h', 'hour', 'hours', 'm', 'min', 'minute', 'minutes', 's', 'sec', 'second', 'seconds', 'ms', 'tick', 'ticks']"
  const sizes =
    '[864000000000, 864000000000, 864000000000, 864000000000, 36000000000, 36000000000, 36000000000, 600000000, 600000000, ' +
    '600000000, 600000000, 10000000, 10000000, 10000000, 10000000, 10000, 1, 1]'
  const counted = `toInt64(round(toFloat64OrZero(extractGroups(${safe}, ${UNIT})[1]) * transform(extractGroups(${safe}, ${UNIT})[2], ${units}, ${sizes}, 0)))`
  return `multiIf(match(${safe}, ${CLOCK}), toNullable(if(startsWith(${safe}, '-'), -${ticks}, ${ticks})), match(${safe}, ${UNIT}), ${counted}, NULL)`
}
