import { type CallContext, constant, type FunctionTable, type QueryFunction, scalar, type Value } from './query-function.ts'

const higher = (name: string, returns: QueryFunction['returns']) =>
  scalar(2, 2, returns, ([list, lambda]) => `${name}(${lambda}, ${list})`)
/** The engine's own function drops nulls. */
const distinct = (list: string | undefined): string => `arrayFilter((__e, __n) -> __n = 1, ${list}, arrayEnumerateUniq(${list}))`
const isArray = (args: readonly Value[]): boolean => args[0]?.type === 'array'
/** Most elements a constant may ask for. */
const MAX_ELEMENTS = 1_000_000

function bounded(args: readonly Value[], index: number, context: Parameters<QueryFunction['emit']>[1]): number {
  const count = Number(constant(args, index, context))
  if (!Number.isSafeInteger(count) || Math.abs(count) > MAX_ELEMENTS)
    throw context.refuse(index, `This must be a whole number, not beyond ${MAX_ELEMENTS}.`)
  return count
}

const repeat: QueryFunction = {
  min: 2,
  max: 2,
  returns: 'array',
  kind: 'scalar',
  emit: (args, context) => `arrayMap(__i -> ${args[0]?.sql}, range(toUInt64(${Math.max(bounded(args, 1, context), 0)})))`,
}
/** Both ends count, as in Presto. */
const sequence: QueryFunction = {
  min: 2,
  max: 3,
  returns: 'array',
  kind: 'scalar',
  emit(args, context) {
    const [from, to] = [bounded(args, 0, context), bounded(args, 1, context)]
    const step = args.length < 3 ? (from <= to ? 1 : -1) : bounded(args, 2, context)
    if (step === 0) throw context.refuse(2, 'The step must not be 0.')
    const count = Math.floor((to - from) / step) + 1
    if (count < 1) throw context.refuse(1, 'The sequence ends before it begins.')
    return `arrayMap(__i -> toInt64(${from}) + toInt64(__i) * ${step}, range(toUInt64(${count})))`
  },
}

/** A lambda of one name with another body. */
function withBody(lambda: Value | undefined, context: CallContext, made: (body: string) => string): string {
  const parts = /^\((\w+)\) -> ([\s\S]+)$/.exec(lambda?.sql ?? '')
  if (parts === null) throw context.refuse(1, 'This must be a lambda of one name: x -> ….')
  return `${parts[1]} -> ${made(parts[2] ?? '')}`
}

/** Where no element decides it, one whose condition is null leaves it open. Source: Presto, "Lambda expressions", any_match. */
const match = (decides: (body: string) => string, decided: boolean): QueryFunction => ({
  min: 2,
  max: 2,
  returns: 'bool',
  kind: 'scalar',
  emit([list, lambda], context) {
    const exists = (made: (body: string) => string): string => `arrayExists(${withBody(lambda, context, made)}, ${list?.sql})`
    return `multiIf(${exists(decides)}, ${decided}, ${exists((body) => `isNull(${body})`)}, NULL, ${!decided})`
  },
})
const holds = (body: string): string => `ifNull(${body}, false)`
const fails = (body: string): string => `NOT ifNull(${body}, true)`

/** `array_sort(list, (a, b) -> …)`: an element's place is how many stand before it, and what is equal keeps its order. */
const sorted: QueryFunction = {
  min: 1,
  max: 2,
  returns: 'array',
  kind: 'scalar',
  emit([list, lambda], context) {
    if (lambda === undefined) return `arraySort(${list?.sql})`
    const [, a, b, body] = /^\((\w+), (\w+)\) -> ([\s\S]+)$/.exec(lambda.sql) ?? []
    if (body === undefined) throw context.refuse(1, 'This must be a lambda of two names: (a, b) -> ….')
    const compared = (x: string, y: string): string =>
      `ifNull(arrayElement(arrayMap((${a}, ${b}) -> ${body}, [${x}], [${y}]), 1) < 0, false)`
    // Two that stand before each other are equal: the published way to put nulls first says so of two nulls.
    const before = `arrayCount(__y -> ${compared('__y', '__x')} AND NOT ${compared('__x', '__y')}, ${list?.sql})`
    return `arraySort((__e, __p) -> __p, ${list?.sql}, arrayMap((__x, __i) -> tuple(${before}, __i), ${list?.sql}, arrayEnumerate(${list?.sql})))`
  },
}

export const ARRAY_FUNCTIONS: FunctionTable = {
  cardinality: scalar(1, 1, 'int', ([x]) => `toInt64(length(${x}))`),
  // With a null in the list it is open whether the value is in it.
  contains: scalar(2, 2, 'bool', ([list, x]) => `multiIf(has(${list}, ${x}), true, has(${list}, NULL), NULL, false)`),
  shuffle: scalar(1, 1, 'array', ([list]) => `arrayShuffle(${list})`),
  element_at: {
    min: 2,
    max: 2,
    returns: 'unknown',
    kind: 'scalar',
    emit: ([list, x]) =>
      list?.type === 'map'
        ? `if(mapContains(${list.sql}, ${x?.sql}), ${list.sql}[${x?.sql}], NULL)`
        : `arrayElementOrNull(${list?.sql}, ${x?.sql})`,
  },
  array_join: scalar(2, 3, 'string', ([list, x, absent]) =>
    absent === undefined
      ? `arrayStringConcat(${list}, ${x})`
      : `arrayStringConcat(arrayMap(__e -> ifNull(toString(__e), ${absent}), ${list}), ${x})`,
  ),
  array_distinct: scalar(1, 1, 'array', ([list]) => distinct(list)),
  array_sort: sorted,
  array_max: scalar(1, 1, 'unknown', ([list]) => `if(empty(${list}) OR has(${list}, NULL), NULL, arrayMax(${list}))`),
  array_min: scalar(1, 1, 'unknown', ([list]) => `if(empty(${list}) OR has(${list}, NULL), NULL, arrayMin(${list}))`),
  array_position: scalar(2, 2, 'int', ([list, x]) => `if(isNull(${x}), NULL, toInt64(indexOf(${list}, ${x})))`),
  array_intersect: scalar(2, 2, 'array', ([a, b]) => `arrayIntersect(${a}, ${b})`),
  array_union: scalar(2, 2, 'array', ([a, b]) => distinct(`arrayConcat(${a}, ${b})`)),
  array_except: scalar(2, 2, 'array', ([a, b]) => `arrayFilter(__e -> NOT has(${b}, __e), ${distinct(a)})`),
  array_remove: scalar(2, 2, 'array', ([list, x]) => `arrayFilter(__e -> ifNull(__e != ${x}, 1), ${list})`),
  arrays_overlap: scalar(
    2,
    2,
    'bool',
    ([a, b]) =>
      `multiIf(arrayExists(__e -> isNotNull(__e) AND has(${b}, __e), ${a}), true, empty(${a}) OR empty(${b}), false, has(${a}, NULL) OR has(${b}, NULL), NULL, false)`,
  ),
  flatten: scalar(1, 1, 'array', ([list]) => `arrayFlatten(${list})`),
  slice: scalar(3, 3, 'array', ([list, from, count]) => `arraySlice(${list}, ${from}, ${count})`),
  repeat,
  sequence,
  zip: scalar(2, 5, 'array', (lists) => `arrayZipUnaligned(${lists.join(', ')})`),
  zip_with: scalar(3, 3, 'array', ([a, b, lambda]) => `arrayMap(${lambda}, ${a}, ${b})`),
  transform: higher('arrayMap', 'array'),
  filter: higher('arrayFilter', 'array'),
  any_match: match(holds, true),
  all_match: match(fails, false),
  none_match: match(holds, false),
  // The state has one type from the start; whole numbers and fractions both fit this one.
  reduce: scalar(
    4,
    4,
    'unknown',
    ([list, state, step, result]) =>
      `arrayElement(arrayMap(${result}, [arrayFold(${step}, arrayMap(__e -> toFloat64(__e), ${list}), toFloat64(${state}))]), 1)`,
  ),
  concat: {
    min: 1,
    max: 50,
    returns: (args) => (isArray(args) ? 'array' : 'string'),
    kind: 'scalar',
    emit: (args) =>
      isArray(args)
        ? `arrayConcat(${args.map(({ sql }) => sql).join(', ')})`
        : `concat(${args.map(({ sql }) => `toString(${sql})`).join(', ')})`,
  },
  reverse: {
    min: 1,
    max: 1,
    returns: (args) => (isArray(args) ? 'array' : 'string'),
    kind: 'scalar',
    emit: (args) => (isArray(args) ? `arrayReverse(${args[0]?.sql})` : `reverseUTF8(toString(${args[0]?.sql}))`),
  },
}
