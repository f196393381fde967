import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { toTicks } from '../values/ticks.ts'
import { constantAt, type KqlCall, type KqlFunction, withScalars } from './kql-function.ts'

/** At least that many digits; the engine would cut longer numbers. */
const pad = (sql: string, width: number): string =>
  width === 1 ? `toString(${sql})` : `leftPad(toString(${sql}), greatest(${width}, length(toString(${sql}))), '0')`
const TOKENS = /y{1,4}|M{1,2}|d{1,8}|[Hh]{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|tt|[\s\S]/g

/** Pieces of a date by the format's letters. Source: Kusto documentation, format_datetime(). */
function datePiece(token: string, date: string): string | undefined {
  const width = token.length
  switch (token[0]) {
    case 'y':
      if (width === 3) return undefined
      return width < 4 ? pad(`toYear(${date}) % 100`, width) : pad(`toYear(${date})`, 4)
    case 'M':
      return pad(`toMonth(${date})`, width)
    case 'd':
      return width > 2 ? undefined : pad(`toDayOfMonth(${date})`, width)
    case 'H':
      return pad(`toHour(${date})`, width)
    case 'h':
      return pad(`((toHour(${date}) + 11) % 12 + 1)`, width)
    case 'm':
      return pad(`toMinute(${date})`, width)
    case 's':
      return pad(`toSecond(${date})`, width)
    case 't':
      return width === 2 ? `if(toHour(${date}) < 12, 'AM', 'PM')` : undefined
    default:
      return fractionPiece(token, toTicks(date))
  }
}

function fractionPiece(token: string, ticks: string): string | undefined {
  if (token[0] !== 'f' && token[0] !== 'F') return undefined
  const digits = `substring(${pad(`positiveModulo(abs(${ticks}), 10000000)`, 7)}, 1, ${token.length})`
  return token[0] === 'f' ? digits : `replaceRegexpOne(${digits}, '0+$', '')`
}

function spanPiece(token: string, ticks: string): string | undefined {
  const unit = {
    d: [864_000_000_000n, 1_000_000_000n],
    H: [36_000_000_000n, 24n],
    h: [36_000_000_000n, 24n],
    m: [600_000_000n, 60n],
    s: [10_000_000n, 60n],
  }[token[0] ?? '']
  if (unit === undefined) return fractionPiece(token, ticks)
  return pad(`(intDiv(abs(${ticks}), ${unit[0]}) % ${unit[1]})`, token.length)
}

function formatted(
  args: readonly Scalar[],
  call: KqlCall,
  piece: (token: string, value: string) => string | undefined,
  separators: RegExp,
): string {
  const format = constantAt(args, 1, call)
  const { context, node } = call
  const make = (value: string): string => {
    const parts = (format.match(TOKENS) ?? []).map((token) => {
      const made = piece(token, value)
      if (made !== undefined) return made
      if (!separators.test(token)) throw context.refuse(node, `"${token}" is no part of a format.`, undefined, 'PW-QY-005')
      return quoted(token, context)
    })
    return `ifNull(concat('', ${parts.join(', ') || "''"}), '')`
  }
  return context.once(args[0]?.sql ?? 'NULL', make)
}

const quoted = (text: string, context: KqlContext): string => context.string(text)

export const formatDatetime: KqlFunction = withScalars('datetime string', 'string', (args, call) =>
  formatted(args, call, datePiece, /^[ /\-:,._[\]T]$/),
)
export const formatTimespan: KqlFunction = withScalars('timespan string', 'string', (args, call) =>
  formatted(args, call, spanPiece, /^[ /\-:,._[\]]$/),
)
