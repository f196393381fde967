import { character, codepoint } from '../../functions/codepoints.ts'
import { jsonString } from '../json-string.ts'
import type { Scalar } from '../scalar.ts'
import { convert, toText, unquoted } from '../values/convert.ts'
import { checkedPattern } from '../values/regex-pattern.ts'
import { regex } from '../values/text-match.ts'
import { arrayJson, elements } from './json-values.ts'
import { constantAt, fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const text = (value: Scalar | undefined, { context }: KqlCall): string => (value === undefined ? "''" : toText(value, context))
const strcat = withScalars(
  'any any*',
  'string',
  (args, call) => `concat(${["''", ...args.map((arg) => text(arg, call))].join(', ')})`,
)
/** Texts with another between them; the engine's own function wants that to be a constant. */
const concatenated = (list: string, by: Scalar | undefined, call: KqlCall): string =>
  by === undefined || by.constant !== undefined
    ? `arrayStringConcat(${list}, ${text(by, call)})`
    : call.context.once(
        list,
        (texts) =>
          `arrayStringConcat(arrayMap((t, i) -> concat(if(i > 1, ${text(by, call)}, ''), t), ${texts}, arrayEnumerate(${texts})))`,
      )
const delimited = withScalars('string any any*', 'string', ([by, ...rest], call) =>
  concatenated(`[${rest.map((arg) => text(arg, call)).join(', ')}]`, by, call),
)

const groupCount = (pattern: string): number => (pattern.replace(/\\./g, '').match(/\((?!\?)|\(\?P?<[A-Za-z]/g) ?? []).length

/** Where the group number is 0 the whole match. The pattern must be a constant for the engine. */
const extract = withScalars('string long string any?', 'bound', (args, call) => {
  const group = Number(constantAt(args, 1, call))
  const { context } = call
  if (!Number.isInteger(group) || group < 0)
    throw context.refuse(call.node, `The pattern has no group ${group}.`, undefined, 'PW-QY-005')
  const pattern = { ...(args[0] as Scalar), constant: `(${constantAt(args, 0, call)})` }
  const found = `extractGroups(${args[2]?.sql}, ${regex(pattern, context)})[${group + 1}]`
  return call.type === 'string' ? found : convert({ sql: found, type: 'string' }, call.type, context).sql
})

/** One group gives texts, several give arrays of texts; a list of group numbers picks. */
const extractAll = withScalars('string any any?', 'dynamic', (args, call) => {
  const source = args.length === 3 ? args[2] : args[1]
  const { context } = call
  const pattern = checkedPattern(constantAt(args, 0, call), context)
  const groups = groupCount(pattern)
  const wanted =
    args.length === 3
      ? (JSON.parse(constantAt(args, 1, call)) as unknown[]).map((group) => groupNumber(group, pattern, call))
      : Array.from({ length: groups }, (_, index) => index + 1)
  const all = `extractAllGroupsVertical(${text(source, call)}, ${context.string(`(?-s)(${pattern})`)})`
  const pick = (at: number): string => jsonString(`g[${at + 1}]`)
  const [only] = wanted
  const row = wanted.length === 1 && only !== undefined ? pick(only) : arrayJson(`[${wanted.map(pick).join(', ')}]`)
  return context.once(all, (found) => `if(empty(${found}), NULL, toNullable(${arrayJson(`arrayMap(g -> ${row}, ${found})`)}))`)
})

/** A group by its number or by its name in the pattern. */
function groupNumber(group: unknown, pattern: string, { context, node }: KqlCall): number {
  if (typeof group === 'number') return group
  const opened = pattern.replace(/\\./g, '').match(/\((?!\?)|\(\?P?<[A-Za-z]\w*>/g) ?? []
  const at = opened.findIndex((open) => /<(\w+)>/.exec(open)?.[1] === group)
  if (at < 0) throw context.refuse(node, `The pattern has no group "${group}".`, undefined, 'PW-QY-005')
  return at + 1
}

/** An empty text splits into one empty text; with a number only that part, as a list. */
const split = withScalars('string string long?', 'dynamic', (args, { context }) => {
  const [source, by, at] = args.map((arg) => arg.sql)
  // A delimiter that differs by row becomes a character of its own first: the engine splits by constants.
  const cut =
    args[1]?.constant === undefined
      ? `splitByChar(char(0), replaceAll(${source}, ${by}, char(0)))`
      : `splitByString(${by}, ${source})`
  const parts = `if(${by} = '', [${source}], ${cut})`
  if (at === undefined) return arrayJson(`arrayMap(p -> ${jsonString('p')}, ${parts})`)
  return context.once(parts, (list) => `if(${at} < length(${list}), concat('[', ${jsonString(`${list}[${at} + 1]`)}, ']'), NULL)`)
})

const trim = (edges: 'both' | 'start' | 'end'): KqlFunction =>
  withScalars('string string', 'string', (args, call) => {
    const pattern = checkedPattern(constantAt(args, 0, call), call.context)
    const start = `replaceRegexpOne(${args[1]?.sql}, ${call.context.string(`^(?:${pattern})+`)}, '')`
    const from = edges === 'end' ? (args[1]?.sql ?? "''") : start
    return edges === 'start' ? from : `replaceRegexpOne(${from}, ${call.context.string(`(?:${pattern})+$`)}, '')`
  })

/** A negative start counts from the end; it is moved to 0 where it is before the text. */
const substring = fn('string long long?', 'string', ([source, start, length], { context }) =>
  context.once(`ifNull(if(${start} < 0, greatest(toInt64(lengthUTF8(${source})) + ${start}, 0), ${start}), 0)`, (from) =>
    length === undefined
      ? `substringUTF8(${source}, ${from} + 1)`
      : `substringUTF8(${source}, ${from} + 1, greatest(ifNull(${length}, 0), 0))`,
  ),
)

const replaceRegex = withScalars('string string string', 'string', (args, { context }) => {
  const [source, pattern, by] = args as [Scalar, Scalar, Scalar]
  return `replaceRegexpAll(${source.sql}, ${regex(pattern, context)}, ${by.sql})`
})
const repeated = withScalars('any long any?', 'string', (args, call) => {
  const [value, count, by] = args
  return concatenated(
    `arrayMap(i -> ${text(value, call)}, range(toUInt64(greatest(least(ifNull(${count?.sql}, 0), 1024), 0))))`,
    by,
    call,
  )
})
/** Plain texts may overlap, matches of a regular expression may not. Source: Kusto documentation, countof(). */
const countOf = withScalars('string string string?', 'long', (args, { context }) => {
  const [source = "''", wanted = "''", kind = "'normal'"] = args.map((arg) => arg.sql)
  const plain = context.once(
    `toInt64(length(${wanted}))`,
    (size) =>
      `if(${size} = 0, 0, arrayCount(i -> substring(${source}, i, ${size}) = ${wanted}, range(1, toUInt64(greatest(toInt64(length(${source})) - ${size} + 2, 1)))))`,
  )
  const matches = `countMatches(${source}, ${regex(args[1] as Scalar, context)})`
  return `toInt64(${args[2] === undefined ? plain : `if(${kind} = 'regex', ${matches}, ${plain})`})`
})

const joined = withScalars('dynamic any', 'string', ([list, by], call) =>
  concatenated(`arrayMap(e -> ${unquoted('e')}, ${elements(list?.sql ?? 'NULL')})`, by, call),
)
const toCodepoints = fn('string', 'dynamic', ([x]) =>
  arrayJson(`arrayMap(c -> toString(${codepoint('c')}), extractAll(${x}, '(?s).'))`),
)
const fromCodepoints = withScalars('any any*', 'string', (args, { context }) => {
  const lists = args.map(({ sql, type }) =>
    type === 'dynamic' ? `arrayMap(e -> ifNull(toInt64OrNull(e), -1), ${elements(sql)})` : `[toInt64(ifNull(${sql}, -1))]`,
  )
  return context.once(`arrayConcat(${lists.join(', ')})`, (points) => {
    const text = `arrayStringConcat(arrayMap(p -> ${character('toUInt32(p)')}, ${points}))`
    // Halves of a pair of UTF-16 are no characters.
    return `if(arrayExists(p -> p < 0 OR p > 1114111 OR (p >= 55296 AND p <= 57343), ${points}), '', ${text})`
  })
})

export const TEXT_FUNCTIONS: KqlFunctionTable = {
  strcat,
  strcat_delim: delimited,
  strcat_array: joined,
  array_strcat: joined,
  strlen: fn('string', 'long', ([x]) => `toInt64(lengthUTF8(${x}))`),
  string_size: fn('string', 'long', ([x]) => `toInt64(length(${x}))`),
  tolower: fn('string', 'string', ([x]) => `lowerUTF8(${x})`),
  toupper: fn('string', 'string', ([x]) => `upperUTF8(${x})`),
  reverse: fn('string', 'string', ([x]) => `reverseUTF8(${x})`),
  substring,
  split,
  extract,
  extract_all: extractAll,
  extractall: extractAll,
  trim: trim('both'),
  trim_start: trim('start'),
  trim_end: trim('end'),
  replace_string: fn(
    'string string string',
    'string',
    ([x, from, by]) => `if(${from} = '', ${x}, replaceAll(${x}, ${from}, ${by}))`,
  ),
  replace_regex: replaceRegex,
  replace: withScalars(
    'string string string',
    'string',
    ([pattern, by, source], { context }) => `replaceRegexpAll(${source?.sql}, ${regex(pattern as Scalar, context)}, ${by?.sql})`,
  ),
  countof: countOf,
  strrep: repeated,
  strcmp: fn('string string', 'int', ([a, b]) => `multiIf(${a} < ${b}, -1, ${a} > ${b}, 1, 0)`),
  isascii: fn('string', 'bool', ([x]) => `match(${x}, '^[\\\\x00-\\\\x7f]*$')`),
  isutf8: fn('string', 'bool', ([x]) => `(isValidUTF8(${x}) = 1)`),
  regex_quote: fn('string', 'string', ([x]) => `regexpQuoteMeta(${x})`),
  unicode_codepoints_from_string: toCodepoints,
  to_utf8: toCodepoints,
  unicode_codepoints_to_string: fromCodepoints,
  make_string: fromCodepoints,
}
