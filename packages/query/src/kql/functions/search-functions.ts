import type { Scalar } from '../scalar.ts'
import { toText } from '../values/convert.ts'
import { checkedPattern } from '../values/regex-pattern.ts'
import { TEXT_MATCHES } from '../values/text-match.ts'
import { elements } from './json-values.ts'
import { constantAt, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Most occurrences that are searched one after the other. */
const MAX_OCCURRENCES = 1000

/** Where to search: from `start`, counted from the end where negative, for `length` characters, the time `nth`. */
interface Window {
  readonly from: string
  readonly part: string
  readonly most: string
  readonly nth: string
  readonly valid: string
}

function windowOf(source: string, [start, length, nth]: readonly (Scalar | undefined)[]): Window {
  const from =
    start === undefined ? '0' : `if(${start.sql} < 0, greatest(toInt64(lengthUTF8(${source})) + ${start.sql}, 0), ${start.sql})`
  const most = length?.sql ?? '-1'
  const part =
    length === undefined
      ? `substringUTF8(${source}, ${from} + 1)`
      : `if(${most} < 0, substringUTF8(${source}, ${from} + 1), substringUTF8(${source}, ${from} + 1, ifNull(${most}, 0)))`
  return { from, part: `assumeNotNull(${part})`, most, nth: nth?.sql ?? '1', valid: `${most} >= -1 AND ${nth?.sql ?? '1'} > 0` }
}

const indexOf: KqlFunction = withScalars('string string long? long? long?', 'long', (args, { context }) => {
  const [source, wanted] = args.map((arg) => arg.sql) as [string, string]
  if (args.length === 2) return `(toInt64(positionUTF8(${source}, ${wanted})) - 1)`
  const { from, valid, nth, most } = windowOf(source, args.slice(2))
  // Each further search begins behind the last place and may look at as many characters as the first.
  const at = 'tupleElement(s, 1)'
  const part = `if(${most} < 0, substringUTF8(${source}, ${at} + 1), substringUTF8(${source}, ${at} + 1, ifNull(${most}, 0)))`
  const step = context.once(`toInt64(positionUTF8(assumeNotNull(${part}), ${wanted}))`, (place) => {
    const next = `(${at} + ${place}, ${at} + ${place} - 1)`
    return `if(tupleElement(s, 2) = -1 OR ${place} = 0, (${at}, toInt64(-1)), ${next})`
  })
  const times = `range(toUInt32(least(greatest(ifNull(${nth}, 1), 1), ${MAX_OCCURRENCES})))`
  const folded = `tupleElement(arrayFold((s, i) -> ${step}, ${times}, (toInt64(ifNull(${from}, 0)), toInt64(-2))), 2)`
  return `if(${valid}, ${folded}, NULL)`
})

/** Matches do not overlap. A start before the text is no place, and gives null. */
const indexOfRegex: KqlFunction = withScalars('string string long? long? long?', 'long', (args, call) => {
  const { context } = call
  const source = args[0]?.sql ?? "''"
  const pattern = context.string(`(?-s)${checkedPattern(constantAt(args, 1, call), context)}`)
  const { from, part, nth, valid } = windowOf(source, args.slice(2))
  const known = args[2] === undefined ? valid : `${valid} AND ${args[2].sql} >= 0`
  return context.once(part, (text) => {
    const at = `regexpPosition(${text}, ${pattern}, 1, toUInt32(greatest(${nth}, 1)))`
    const place = context.once(
      at,
      (byte) => `if(${byte} = 0, toInt64(-1), toInt64(lengthUTF8(substring(${text}, 1, ${byte} - 1))) + ${from})`,
    )
    return `if(${known}, ${place}, NULL)`
  })
})

/** The place of the first term of the list that the text has. */
const hasAnyIndex: KqlFunction = withScalars('string dynamic', 'long', ([source, list], { context }) => {
  const text = { sql: "if(startsWith(e, '\"'), JSONExtractString(e), e)", type: 'string' } as const
  const test = TEXT_MATCHES.Has?.(source?.sql ?? "''", text, context) ?? 'false'
  return `(toInt64(arrayFirstIndex(e -> ${test}, ${elements(list?.sql ?? 'NULL')})) - 1)`
})

/** A character of the private planes for each replacement, so that what was replaced is not searched again. */
const marker = (index: string): string => `char(244, 143, 128 + intDiv(${index}, 64), 128 + ${index} % 64)`

/** One search after the other; what an earlier one replaced, or would have, is out of reach of the later ones. */
const replaceStrings: KqlFunction = withScalars('string dynamic dynamic', 'string', ([source, lookups, rewrites], { context }) =>
  context.once(elements(lookups?.sql ?? 'NULL'), (from) =>
    context.once(elements(rewrites?.sql ?? 'NULL'), (to) => {
      const places = `arrayFilter(i -> startsWith(${from}[i], '"') AND ${from}[i] != '""', arrayEnumerate(${from}))`
      const word = `JSONExtractString(${from}[i])`
      const other = `if(startsWith(${to}[i], '"'), JSONExtractString(${to}[i]), ${word})`
      const marked = `arrayFold((t, i) -> replaceAll(t, ${word}, ${marker('i')}), ${places}, ${source?.sql})`
      return `arrayFold((t, i) -> replaceAll(t, ${marker('i')}, ${other}), ${places}, ${marked})`
    }),
  ),
)

/** Characters by the place they have in the list; the last of the replacements stands for those that are missing. */
const translate: KqlFunction = withScalars('string string string', 'string', (args: readonly Scalar[], { context }: KqlCall) => {
  const [from, to, source] = args.map((arg) => `extractAll(${toText(arg, context)}, '(?s).')`) as [string, string, string]
  return context.once(from, (old) =>
    context.once(to, (made) => {
      const place = `indexOf(${old}, c)`
      const other = `if(empty(${made}), '', arrayElement(${made}, toInt64(least(${place}, length(${made})))))`
      return `arrayStringConcat(arrayMap(c -> if(${place} = 0, c, ${other}), ${source}))`
    }),
  )
})

export const SEARCH_FUNCTIONS: KqlFunctionTable = {
  indexof: indexOf,
  indexof_regex: indexOfRegex,
  has_any_index: hasAnyIndex,
  replace_strings: replaceStrings,
  translate,
}
