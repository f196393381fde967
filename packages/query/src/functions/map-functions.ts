import { aggregate, type CallContext, type FunctionTable, type QueryFunction, scalar, type Value } from './query-function.ts'

/** Applies a lambda of key and value; `made` writes the pair that comes out. */
function applied(made: (key: string, value: string, body: string) => string): QueryFunction {
  const emit = ([map, lambda]: readonly Value[], context: CallContext): string => {
    const parts = /^\((\w+), (\w+)\) -> ([\s\S]+)$/.exec(lambda?.sql ?? '')
    if (parts === null) throw context.refuse(1, 'This must be a lambda of two names: (k, v) -> ….')
    const [, key = '', value = '', body = ''] = parts
    return `mapApply((${key}, ${value}) -> ${made(key, value, body)}, ${map?.sql})`
  }
  return { min: 2, max: 2, returns: 'map', kind: 'scalar', emit }
}

const pairs = (x: string | undefined, between: string | undefined, within: string | undefined): string =>
  `arrayMap(__p -> splitByString(${within}, __p), splitByString(${between}, ifNull(toString(${x}), '')))`

/** Keys that are there, each with its value, which may be absent. */
const keyed = (key: string | undefined, value: string | undefined): string =>
  `groupArrayIf(tuple(assumeNotNull(${key}), tuple(toNullable(${value}))), isNotNull(${key}))`

export const MAP_FUNCTIONS: FunctionTable = {
  map: scalar(2, 2, 'map', ([keys, values]) => `mapFromArrays(${keys}, ${values})`),
  map_keys: scalar(1, 1, 'array', ([x]) => `mapKeys(${x})`),
  map_values: scalar(1, 1, 'array', ([x]) => `mapValues(${x})`),
  map_concat: scalar(2, 10, 'map', ([first = '', ...others]) => others.reduce((all, one) => `mapUpdate(${all}, ${one})`, first)),
  map_filter: scalar(2, 2, 'map', ([x, lambda]) => `mapFilter(${lambda}, ${x})`),
  transform_keys: applied((_key, value, body) => `(${body}, ${value})`),
  transform_values: applied((key, _value, body) => `(${key}, ${body})`),
  split_to_map: scalar(
    3,
    3,
    'map',
    ([x, between, within]) =>
      `mapFromArrays(arrayMap(__q -> __q[1], ${pairs(x, between, within)}), arrayMap(__q -> __q[2], ${pairs(x, between, within)}))`,
  ),
  // Of several values of a key any may stand.
  map_union: aggregate(1, 1, 'map', ([x]) => {
    const keys = `arrayDistinct(arrayFlatten(groupArray(mapKeys(${x}))))`
    return `mapFromArrays(${keys}, arrayMap(__k -> arrayFirst(__m -> mapContains(__m, __k), groupArray(${x}))[__k], ${keys}))`
  }),
  multimap_agg: aggregate(2, 2, 'map', ([key, value]) => {
    const rows = keyed(key, value)
    const keys = `arrayDistinct(arrayMap(__t -> tupleElement(__t, 1), ${rows}))`
    const ofKey = `arrayMap(__t -> tupleElement(tupleElement(__t, 2), 1), arrayFilter(__t -> tupleElement(__t, 1) = __k, ${rows}))`
    return `mapFromArrays(${keys}, arrayMap(__k -> ${ofKey}, ${keys}))`
  }),
  // Of several values of a key the first that was read stands, as in Presto.
  map_agg: aggregate(2, 2, 'map', ([key, value]) => {
    const rows = keyed(key, value)
    const keys = `arrayMap(__t -> tupleElement(__t, 1), ${rows})`
    const first = (list: string): string => `arrayFilter((__e, __n) -> __n = 1, ${list}, arrayEnumerateUniq(${keys}))`
    return `mapFromArrays(${first(keys)}, ${first(`arrayMap(__t -> tupleElement(tupleElement(__t, 2), 1), ${rows})`)})`
  }),
}
