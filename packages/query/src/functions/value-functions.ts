import { constant, type FunctionTable, type QueryFunction, sameType, scalar } from './query-function.ts'

const math = (name: string, returns: 'int' | 'float' = 'float') => scalar(1, 1, returns, ([x]) => `${name}(${x})`)
const higher = (name: string, returns: QueryFunction['returns']) =>
  scalar(2, 2, returns, ([list, lambda]) => `${name}(${lambda}, ${list})`)

/** Conditions, numbers, arrays and maps. */
export const VALUE_FUNCTIONS: FunctionTable = {
  if: scalar(
    2,
    3,
    (args) => sameType(args.slice(1)),
    ([condition, yes, no]) => `if(ifNull(${condition}, 0), ${yes}, ${no ?? 'NULL'})`,
  ),
  coalesce: scalar(1, 50, sameType, (args) => `coalesce(${args.join(', ')})`),
  nullif: scalar(2, 2, sameType, ([x, y]) => `nullIf(${x}, ${y})`),
  greatest: scalar(
    1,
    50,
    sameType,
    (args) => `if(${args.map((x) => `isNull(${x})`).join(' OR ')}, NULL, greatest(${args.join(', ')}))`,
  ),
  least: scalar(
    1,
    50,
    sameType,
    (args) => `if(${args.map((x) => `isNull(${x})`).join(' OR ')}, NULL, least(${args.join(', ')}))`,
  ),
  typeof: scalar(1, 1, 'string', ([x]) => `toTypeName(${x})`),
  abs: scalar(1, 1, sameType, ([x]) => `abs(${x})`),
  ceil: math('ceil'),
  floor: math('floor'),
  // Presto rounds halves away from zero; the engine's round() goes to even.
  round: {
    min: 1,
    max: 2,
    returns: 'float',
    kind: 'scalar',
    emit(args, context) {
      const digits = args.length < 2 ? 0 : Number(constant(args, 1, context))
      if (!Number.isInteger(digits) || Math.abs(digits) > 15)
        throw context.refuse(1, 'The digits must be a whole number from -15 to 15.')
      const [x] = args
      return `(sign(${x?.sql}) * floor(abs(${x?.sql}) * ${10 ** digits} + 0.5) / ${10 ** digits})`
    },
  },
  sqrt: math('sqrt'),
  exp: math('exp'),
  ln: math('log'),
  log2: math('log2'),
  log10: math('log10'),
  power: scalar(2, 2, 'float', ([x, y]) => `pow(${x}, ${y})`),
  mod: scalar(2, 2, sameType, ([x, y]) => `(${x} % ${y})`),
  bitwise_and: scalar(2, 2, 'int', ([x, y]) => `bitAnd(${x}, ${y})`),
  bitwise_or: scalar(2, 2, 'int', ([x, y]) => `bitOr(${x}, ${y})`),
  bitwise_xor: scalar(2, 2, 'int', ([x, y]) => `bitXor(${x}, ${y})`),
  cardinality: math('length', 'int'),
  contains: scalar(2, 2, 'bool', ([list, x]) => `has(${list}, ${x})`),
  element_at: scalar(2, 2, 'unknown', ([list, x]) => `arrayElementOrNull(${list}, ${x})`),
  array_join: scalar(2, 2, 'string', ([list, x]) => `arrayStringConcat(${list}, ${x})`),
  array_distinct: scalar(1, 1, 'array', ([list]) => `arrayDistinct(${list})`),
  array_sort: scalar(1, 1, 'array', ([list]) => `arraySort(${list})`),
  array_max: scalar(1, 1, 'unknown', ([list]) => `if(empty(${list}), NULL, arrayMax(${list}))`),
  array_min: scalar(1, 1, 'unknown', ([list]) => `if(empty(${list}), NULL, arrayMin(${list}))`),
  array_position: scalar(2, 2, 'int', ([list, x]) => `toInt64(indexOf(${list}, ${x}))`),
  array_intersect: scalar(2, 2, 'array', ([a, b]) => `arrayIntersect(${a}, ${b})`),
  slice: scalar(3, 3, 'array', ([list, from, count]) => `arraySlice(${list}, ${from}, ${count})`),
  transform: higher('arrayMap', 'array'),
  filter: higher('arrayFilter', 'array'),
  any_match: higher('arrayExists', 'bool'),
  all_match: higher('arrayAll', 'bool'),
  map_keys: scalar(1, 1, 'array', ([x]) => `mapKeys(${x})`),
  map_values: scalar(1, 1, 'array', ([x]) => `mapValues(${x})`),
}
