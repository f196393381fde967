import type { KqlContext } from '../context.ts'
import { isNumber } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import { convert, toJson } from '../values/convert.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'
import { arrayJson, elements, isArray } from './json-values.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { numbers } from './series-values.ts'

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

/** Whether an element of a list is a value: a number by its value, all others as they are written there. */
function isElement(json: string, value: Scalar, context: KqlContext): string {
  const text = toJson(value, context)
  if (isNumber(value.type))
    return `ifNull(toFloat64OrNull(${json}) = toFloat64(${value.sql}) AND NOT startsWith(${json}, '"'), false)`
  if (value.type !== 'dynamic') return `ifNull(${json} = ${text}, false)`
  const number = `toFloat64OrNull(${json}) = toFloat64OrNull(ifNull(${text}, ''))`
  return `(ifNull(${json} = ${text}, false) OR ifNull(${number}, false))`
}

/** Where the value stands: from `start`, among `length` elements, for the time `nth`. */
const indexOf = withScalars('dynamic any long? long? long?', 'long', ([list, value, start, length, nth], { context }) => {
  const source = list?.sql ?? 'NULL'
  return context.once(elements(source), (items) => {
    const size = `toInt64(length(${items}))`
    const from = start === undefined ? '0' : `if(${start.sql} < 0, greatest(${size} + ${start.sql}, 0), ${start.sql})`
    const most = length === undefined ? '-1' : length.sql
    const inside = `toInt64(i) >= ${from} AND (${most} = -1 OR toInt64(i) < ${from} + ${most})`
    const found = `arrayFilter(i -> ${inside} AND ${isElement(`${items}[i + 1]`, value as Scalar, context)}, range(length(${items})))`
    const known = `${isArray(source)} AND ${nth?.sql ?? '1'} > 0 AND ${most} >= -1`
    return `if(${known}, ifNull(toInt64(arrayElementOrNull(${found}, toUInt32(${nth?.sql ?? '1'}))), -1), NULL)`
  })
})

/** A condition that is neither true nor false, nor a number, gives null. */
const arrayIff = withScalars('dynamic any any', 'dynamic', ([tests, yes, no], { context }) => {
  const pick = (value: Scalar | undefined): string => {
    const json = `ifNull(${toJson(value as Scalar, context)}, 'null')`
    return `if(startsWith(${json}, '['), if(i < length(JSONExtractArrayRaw(${json})), JSONExtractArrayRaw(${json})[i + 1], 'null'), ${json})`
  }
  const list = elements(tests?.sql ?? 'NULL')
  const truth = `${list}[i + 1]`
  const chosen = `multiIf(${truth} = 'true', 1, ${truth} = 'false', 0, isNull(toFloat64OrNull(${truth})), 2, toFloat64OrZero(${truth}) != 0)`
  return arrayJson(`arrayMap(i -> arrayElement([${pick(no)}, ${pick(yes)}, 'null'], ${chosen} + 1), range(length(${list})))`)
})

const repeated = withScalars('any long', 'dynamic', ([value, count], { context }) =>
  context.once(`ifNull(${count?.sql}, -1)`, (times) => {
    const list = `arrayMap(i -> ifNull(${toJson(value as Scalar, context)}, 'null'), range(toUInt64(greatest(least(${times}, 1048576), 0))))`
    return `if(${times} < 0, NULL, toNullable(${arrayJson(list)}))`
  }),
)

/** `range(from, to, step)` as a list; steps of times are timespans, an hour where none is given. */
const ranged = withScalars('any any any?', 'dynamic', (args, { context }) => {
  const [from, to, step] = args as [Scalar, Scalar, Scalar | undefined]
  const timed = from.type === 'datetime' || from.type === 'timespan'
  const type = timed ? 'long' : [from, to, step].some((one) => one?.type === 'real') ? 'real' : 'long'
  const number = (one: Scalar): string =>
    one.type === 'datetime' ? toTicks(one.sql) : one.type === 'timespan' ? one.sql : convert(one, type, context).sql
  const [a, b] = [number(from), number(to)]
  const by = step === undefined ? (timed ? '36000000000' : '1') : number(step)
  const count = `toUInt64(least(greatest(ifNull(floor((${b} - ${a}) / nullIf(${by}, 0)), -1) + 1, 0), 1048576))`
  const next = `toNullable(${a} + i * ${by})`
  const value: Scalar =
    from.type === 'datetime' ? { sql: fromTicks(next), type: 'datetime' } : { sql: next, type: timed ? 'timespan' : type }
  return arrayJson(`arrayMap(i -> ifNull(${toJson(value, context)}, 'null'), range(${count}))`)
})

/** Both as sets of texts: what they share over what either has. */
const jaccard = fn('dynamic dynamic', 'real', ([a = 'NULL', b = 'NULL']) => {
  const [x, y] = [`arrayDistinct(${elements(a)})`, `arrayDistinct(${elements(b)})`]
  return `(length(arrayIntersect(${x}, ${y})) / nullIf(length(arrayDistinct(arrayConcat(${x}, ${y}))), 0))`
})

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
  array_index_of: indexOf,
  array_iff: arrayIff,
  array_iif: arrayIff,
  /** Null where one of the elements is no number. */
  array_sum: fn('dynamic', 'real', ([x = 'NULL'], { context }) =>
    context.once(numbers(x), (list) => {
      const sum = `arraySum(arrayMap(n -> ifNull(n, 0), ${list}))`
      return `if(${isArray(x)} AND NOT arrayExists(n -> isNull(n), ${list}), toNullable(${sum}), NULL)`
    }),
  ),
  set_union: setOf('union'),
  set_difference: setOf('difference'),
  set_intersect: setOf('intersect'),
  set_has_element: withScalars(
    'dynamic any',
    'bool',
    ([list, value], { context }) =>
      `arrayExists(e -> ${isElement('e', value as Scalar, context)}, ${elements(list?.sql ?? 'NULL')})`,
  ),
  /** Whether both have the same elements, however often and wherever they stand. */
  set_equals: fn('dynamic dynamic', 'bool', ([a = 'NULL', b = 'NULL']) => {
    const sets = `arraySort(arrayDistinct(${elements(a)})) = arraySort(arrayDistinct(${elements(b)}))`
    return `if(${isArray(a)} AND ${isArray(b)}, toNullable(${sets}), NULL)`
  }),
  jaccard_index: jaccard,
  repeat: repeated,
  range: ranged,
}
