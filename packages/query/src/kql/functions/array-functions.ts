import { convert, toJson, toText, unquoted } from '../expressions/convert.ts'
import type { Scalar } from '../expressions/scalar.ts'
import { arrayJson, elements, isArray } from './json-values.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { sortedArrays } from './sorted-arrays.ts'

/** A list made of an array; null where the value is no array. */
const mapped =
  (make: (list: string, args: readonly string[]) => string) =>
  (args: readonly string[]): string =>
    `if(${isArray(args[0] ?? 'NULL')}, toNullable(${make(elements(args[0] ?? 'NULL'), args)}), NULL)`

const packed = withScalars('any*', 'dynamic', (args, { context }) =>
  args.length === 0
    ? "'[]'"
    : `toNullable(concat('[', ${args.map((arg) => `ifNull(${toJson(arg, context)}, 'null')`).join(", ',', ")}, ']'))`,
)

/** Negative places count from the end, and both ends are part of the result. */
const slice = fn(
  'dynamic long long',
  'dynamic',
  mapped((list, [, start, end]) => {
    const place = (at: string | undefined): string => `if(${at} < 0, greatest(toInt64(length(${list})) + ${at}, 0), ${at})`
    return arrayJson(
      `arraySlice(${list}, toInt64(ifNull(${place(start)}, 0)) + 1, toUInt64(greatest(toInt64(ifNull(${place(end)}, 0)) - toInt64(ifNull(${place(start)}, 0)) + 1, 0)))`,
    )
  }),
)

const sorted = (descending: boolean): KqlFunction =>
  withScalars('dynamic bool?', 'dynamic', (args) => sortedArrays(args, descending)[0] ?? 'NULL')

const concatenated = withScalars('dynamic dynamic*', 'dynamic', (args) =>
  arrayJson(`arrayConcat(${args.map((arg) => elements(arg.sql)).join(', ')})`),
)

const setOf = (name: 'union' | 'difference' | 'intersect'): KqlFunction =>
  withScalars('dynamic dynamic dynamic*', 'dynamic', (args) => {
    const [first = '[]', ...rest] = args.map((arg) => elements(arg.sql))
    if (name === 'union') return arrayJson(`arrayDistinct(arrayConcat(${[first, ...rest].join(', ')}))`)
    const tests = rest.map((list) => `${name === 'difference' ? 'NOT ' : ''}has(${list}, e)`).join(' AND ')
    return arrayJson(`arrayDistinct(arrayFilter(e -> ${tests}, ${first}))`)
  })

const indexOf = withScalars('dynamic any long? long?', 'long', (args, { context, node }) => {
  if (args.length > 2) throw context.refuse(node, 'array_index_of() with a start is not supported.')
  const wanted = toText(args[1] as Scalar, context)
  const list = args[0]?.sql ?? 'NULL'
  return `if(${isArray(list)}, toNullable(toInt64(indexOf(arrayMap(e -> ${unquoted('e')}, ${elements(list)}), ${wanted})) - 1), NULL)`
})

const arrayIff = withScalars('dynamic any any', 'dynamic', ([tests, yes, no], { context }) => {
  const pick = (value: Scalar | undefined): string => {
    const json = `ifNull(${toJson(value as Scalar, context)}, 'null')`
    return `if(startsWith(${json}, '['), if(i < length(JSONExtractArrayRaw(${json})), JSONExtractArrayRaw(${json})[i + 1], 'null'), ${json})`
  }
  const list = elements(tests?.sql ?? 'NULL')
  const truth = `${list}[i + 1]`
  return arrayJson(
    `arrayMap(i -> if(${truth} = 'true' OR (toFloat64OrZero(${truth}) != 0), ${pick(yes)}, ${pick(no)}), range(length(${list})))`,
  )
})

const repeated = withScalars('any long', 'dynamic', ([value, count], { context }) =>
  arrayJson(
    `arrayMap(i -> ifNull(${toJson(value as Scalar, context)}, 'null'), range(toUInt64(greatest(least(ifNull(${count?.sql}, 0), 1048576), 0))))`,
  ),
)

/** `range(from, to, step)` as a list; the step of a datetime is a timespan. */
const ranged = withScalars('any any any?', 'dynamic', (args, { context, node }) => {
  const [from, to, step] = args as [Scalar, Scalar, Scalar | undefined]
  if (from.type === 'datetime' || from.type === 'timespan')
    throw context.refuse(node, 'range() of times is not supported as a list.', 'Use the operator range.')
  const type = [from, to, step].some((one) => one?.type === 'real') ? 'real' : 'long'
  const [a, b] = [convert(from, type, context).sql, convert(to, type, context).sql]
  const by = step === undefined ? '1' : convert(step, type, context).sql
  const count = `toUInt64(least(greatest(ifNull(floor((${b} - ${a}) / nullIf(${by}, 0)), -1) + 1, 0), 1048576))`
  const value: Scalar = { sql: `toNullable(${a} + i * ${by})`, type }
  return arrayJson(`arrayMap(i -> ifNull(${toJson(value, context)}, 'null'), range(${count}))`)
})

const numbers = (list: string): string => `arrayMap(e -> toFloat64OrNull(${unquoted('e')}), ${elements(list)})`
const numberJson = (sql: string): string => `if(isNull(${sql}) OR isNaN(${sql}), 'null', toString(${sql}))`
/** Element by element; the result is as long as the longer list, with nulls where one is missing. */
const series = (make: (a: string, b: string) => string, logical = false): KqlFunction =>
  withScalars('any any', 'dynamic', (args, { context }) => {
    const [a, b] = args.map((arg) => toJson(arg, context)) as [string, string]
    const at = (list: string, index: number): string =>
      args[index]?.type === 'dynamic'
        ? `if(i < length(${elements(list)}), ${numbers(list)}[i + 1], NULL)`
        : `toFloat64OrNull(${list})`
    const value = make(at(a, 0), at(b, 1))
    const json = logical ? `multiIf(isNull(${value}), 'null', ${value}, 'true', 'false')` : numberJson(value)
    return arrayJson(`arrayMap(i -> ${json}, range(greatest(length(${elements(a)}), length(${elements(b)}))))`)
  })
const each = (make: (x: string) => string): KqlFunction =>
  fn('dynamic', 'dynamic', ([x = 'NULL']) => arrayJson(`arrayMap(n -> ${numberJson(make('n'))}, ${numbers(x)})`))

export const ARRAY_FUNCTIONS: KqlFunctionTable = {
  pack_array: packed,
  array_length: fn(
    'dynamic',
    'long',
    ([x]) => `if(${isArray(x ?? 'NULL')}, toNullable(toInt64(length(${elements(x ?? 'NULL')}))), NULL)`,
  ),
  arraylength: fn(
    'dynamic',
    'long',
    ([x]) => `if(${isArray(x ?? 'NULL')}, toNullable(toInt64(length(${elements(x ?? 'NULL')}))), NULL)`,
  ),
  array_concat: concatenated,
  array_slice: slice,
  array_reverse: fn(
    'dynamic',
    'dynamic',
    mapped((list) => arrayJson(`arrayReverse(${list})`)),
  ),
  array_sort_asc: sorted(false),
  array_sort_desc: sorted(true),
  array_index_of: indexOf,
  array_iff: arrayIff,
  array_iif: arrayIff,
  array_sum: fn('dynamic', 'real', ([x]) => `arraySum(arrayMap(n -> ifNull(n, 0), ${numbers(x ?? 'NULL')}))`),
  set_union: setOf('union'),
  set_difference: setOf('difference'),
  set_intersect: setOf('intersect'),
  set_has_element: withScalars(
    'dynamic any',
    'bool',
    ([list, value], { context }) =>
      `has(arrayMap(e -> ${unquoted('e')}, ${elements(list?.sql ?? 'NULL')}), ${toText(value as Scalar, context)})`,
  ),
  repeat: repeated,
  range: ranged,
  series_add: series((a, b) => `(${a} + ${b})`),
  series_subtract: series((a, b) => `(${a} - ${b})`),
  series_multiply: series((a, b) => `(${a} * ${b})`),
  series_divide: series((a, b) => `(${a} / ${b})`),
  series_equals: series((a, b) => `(${a} = ${b})`, true),
  series_not_equals: series((a, b) => `(${a} != ${b})`, true),
  series_less: series((a, b) => `(${a} < ${b})`, true),
  series_less_equals: series((a, b) => `(${a} <= ${b})`, true),
  series_greater: series((a, b) => `(${a} > ${b})`, true),
  series_greater_equals: series((a, b) => `(${a} >= ${b})`, true),
  series_abs: each((x) => `abs(${x})`),
  series_ceiling: each((x) => `ceil(${x})`),
  series_floor: each((x) => `floor(${x})`),
  series_sin: each((x) => `sin(${x})`),
  series_cos: each((x) => `cos(${x})`),
  series_tan: each((x) => `tan(${x})`),
  series_asin: each((x) => `asin(${x})`),
  series_acos: each((x) => `acos(${x})`),
  series_atan: each((x) => `atan(${x})`),
  series_exp: each((x) => `exp(${x})`),
  series_sign: each((x) => `sign(${x})`),
  series_sum: fn('dynamic', 'real', ([x]) => `arraySum(arrayMap(n -> ifNull(n, 0), ${numbers(x ?? 'NULL')}))`),
  series_dot_product: withScalars('any any', 'real', (args, { context }) => {
    const [a, b] = args.map((arg) => toJson(arg, context)) as [string, string]
    const at = (list: string, index: number): string =>
      args[index]?.type === 'dynamic' ? `${numbers(list)}[i + 1]` : `toFloat64OrNull(${list})`
    const lists = [a, b].filter((_, index) => args[index]?.type === 'dynamic').map((list) => `length(${elements(list)})`)
    if (lists.length === 0) return `(${at(a, 0)} * ${at(b, 1)})`
    return `arraySum(arrayMap(i -> ifNull(${at(a, 0)} * ${at(b, 1)}, 0), range(${lists.length === 2 ? `least(${lists.join(', ')})` : lists[0]})))`
  }),
  series_fill_const: withScalars('dynamic any', 'dynamic', ([list, value], { context }) =>
    arrayJson(
      `arrayMap(e -> if(e = 'null', ifNull(${toJson(value as Scalar, context)}, 'null'), e), ${elements(list?.sql ?? 'NULL')})`,
    ),
  ),
  series_fill_forward: fn('dynamic', 'dynamic', ([x = 'NULL']) => arrayJson(`arrayFill(e -> e != 'null', ${elements(x)})`)),
  series_fill_backward: fn('dynamic', 'dynamic', ([x = 'NULL']) =>
    arrayJson(`arrayReverseFill(e -> e != 'null', ${elements(x)})`),
  ),
  series_magnitude: fn('dynamic', 'real', ([x = 'NULL']) => `sqrt(arraySum(arrayMap(n -> ifNull(n * n, 0), ${numbers(x)})))`),
  series_cosine_similarity: fn('dynamic dynamic', 'real', ([a = 'NULL', b = 'NULL']) => {
    const dot = `arraySum(arrayMap(i -> ifNull(${numbers(a)}[i + 1] * ${numbers(b)}[i + 1], 0), range(least(length(${elements(a)}), length(${elements(b)})))))`
    const size = (list: string): string => `sqrt(arraySum(arrayMap(n -> ifNull(n * n, 0), ${numbers(list)})))`
    return `(${dot} / (${size(a)} * ${size(b)}))`
  }),
}
