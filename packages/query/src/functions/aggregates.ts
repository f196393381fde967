import {
  aggregate,
  type CallContext,
  constant,
  type FunctionTable,
  type QueryFunction,
  sameType,
  type Value,
} from './query-function.ts'
import { asTime } from './time-functions.ts'

/** `(x, share)`, `(x, weight, share)` and `(x, weight, share, accuracy)`; several shares in an array give several values. */
const percentile: QueryFunction = {
  min: 2,
  max: 4,
  returns: (args) => (shareOf(args)?.items === undefined ? 'float' : 'array'),
  kind: 'aggregate',
  emit(args, context) {
    const at = args.length === 2 ? 1 : 2
    const items = shareOf(args)?.items
    const shares = (items ?? [shareOf(args)]).map((one) => Number(one?.literal ?? 'none'))
    if (shares.length === 0 || !shares.every((share) => share >= 0 && share <= 1))
      throw context.refuse(at, 'The share must be a constant between 0 and 1, or an array of such.')
    const name = `quantile${items === undefined ? '' : 's'}TDigest${args.length === 2 ? '' : 'Weighted'}`
    const weight = args.length === 2 ? '' : `, toUInt64(${args[1]?.sql})`
    return `${name}(${shares.join(', ')})(${args[0]?.sql}${weight})`
  },
}
const shareOf = (args: readonly Value[]): Value | undefined => args[args.length === 2 ? 1 : 2]

/**
 * How many of the steps follow each other within so many seconds: `(seconds, time, array[condition, …])`, or
 * `(seconds, time, value, array[first, …])`. Source: Alibaba Cloud SLS, "Window funnel function".
 */
const windowFunnel: QueryFunction = {
  min: 3,
  max: 4,
  returns: 'int',
  kind: 'aggregate',
  emit(args, context) {
    const [, time, event] = args
    const steps = args.at(-1)?.items ?? []
    if (steps.length === 0 || steps.length > 32) throw context.refuse(args.length - 1, 'The steps must be an array of 1 to 32.')
    const conditions = steps.map(({ sql }) => `ifNull(${args.length === 4 ? `${event?.sql} = ${sql}` : sql}, 0)`)
    const seconds = time?.type === 'int' ? time.sql : `toUnixTimestamp(${asTime(time)})`
    return `toInt64(windowFunnel(${whole(args, 0, context)})(assumeNotNull(toUInt64(${seconds})), ${conditions.join(', ')}))`
  },
}
const numeric = (name: string) => aggregate(1, 1, 'float', ([x]) => `${name}(${x})`)
/** Of rows too few to tell it is null in Presto, and no number in the engine. */
const ofEnough = (made: QueryFunction): QueryFunction => ({ ...made, finish: (sql) => `if(isNaN(${sql}), NULL, ${sql})` })

/** `max(x)`, and `max(x, n)`: the n greatest, greatest first. */
const extreme = (name: 'min' | 'max'): QueryFunction => ({
  min: 1,
  max: 2,
  returns: (args) => (args.length < 2 ? sameType(args) : 'array'),
  kind: 'aggregate',
  emit: (args, context) =>
    args.length < 2
      ? `${name}(toNullable(${args[0]?.sql}))`
      : `arraySlice(${name === 'max' ? 'arrayReverseSort' : 'arraySort'}(groupArray(toNullable(${args[0]?.sql}))), 1, ${whole(args, 1, context)})`,
})

/** `max_by(x, y)`, and `max_by(x, y, n)`: the values at the n greatest of y. */
const extremeBy = (one: string, sorted: string): QueryFunction => ({
  min: 2,
  max: 3,
  returns: (args) => (args.length < 3 ? sameType(args.slice(0, 1)) : 'array'),
  kind: 'aggregate',
  emit: (args, context) => {
    const [x, y] = args.map(({ sql }) => sql)
    if (args.length < 3) return `tupleElement(${one}(tuple(${x}), ${y}), 1)`
    const rows = `groupArrayIf(tuple(${y}, tuple(${x})), isNotNull(${y}))`
    return `arrayMap(__t -> tupleElement(tupleElement(__t, 2), 1), arraySlice(${sorted}(__t -> tupleElement(__t, 1), ${rows}), 1, ${whole(args, 2, context)}))`
  },
})

/** Nulls are left out, as in Presto, except by `array_agg`, which keeps them. */
export const AGGREGATES: FunctionTable = {
  count: aggregate(0, 1, 'int', ([x]) => (x === undefined ? 'count()' : `count(${x})`)),
  count_if: aggregate(1, 1, 'int', ([x]) => `countIf(ifNull(${x}, 0))`),
  sum: { min: 1, max: 1, kind: 'aggregate', returns: sameType, emit: ([x]) => `sum(toNullable(${x?.sql}))` },
  avg: aggregate(1, 1, 'float', ([x]) => `avg(toNullable(${x}))`),
  min: extreme('min'),
  max: extreme('max'),
  // In a tuple a null is a value like others: the row decides, not the first value that is there.
  max_by: extremeBy('argMax', 'arrayReverseSort'),
  min_by: extremeBy('argMin', 'arraySort'),
  approx_distinct: aggregate(1, 2, 'int', ([x]) => `toInt64(ifNull(uniqCombined64(${x}), 0))`),
  approx_percentile: percentile,
  window_funnel: windowFunnel,
  // Source: Presto, kurtosis and skewness: the unbiased estimate of the first, the second of the rows as they are.
  kurtosis: aggregate(
    1,
    1,
    'float',
    ([x]) =>
      `if(count(${x}) < 4, NULL, (count(${x}) - 1) / ((count(${x}) - 2) * (count(${x}) - 3)) * ((count(${x}) + 1) * kurtPop(${x}) - 3 * count(${x}) + 3))`,
  ),
  skewness: aggregate(1, 1, 'float', ([x]) => `if(count(${x}) < 3, NULL, skewPop(${x}))`),
  array_agg: aggregate(1, 1, 'array', ([x]) => `arrayMap(t -> tupleElement(t, 1), groupArray(tuple(${x})))`),
  arbitrary: aggregate(1, 1, sameType, ([x]) => `any(toNullable(${x}))`),
  any_value: aggregate(1, 1, sameType, ([x]) => `any(toNullable(${x}))`),
  histogram: aggregate(1, 1, 'map', ([x]) => `sumMapIf(map(assumeNotNull(${x}), toUInt64(1)), isNotNull(${x}))`),
  bool_and: aggregate(1, 1, 'bool', ([x]) => `toBool(min(toNullable(${x})))`),
  bool_or: aggregate(1, 1, 'bool', ([x]) => `toBool(max(toNullable(${x})))`),
  every: aggregate(1, 1, 'bool', ([x]) => `toBool(min(toNullable(${x})))`),
  corr: ofEnough(aggregate(2, 2, 'float', ([y, x]) => `corr(${y}, ${x})`)),
  covar_pop: aggregate(2, 2, 'float', ([y, x]) => `covarPop(${y}, ${x})`),
  covar_samp: ofEnough(aggregate(2, 2, 'float', ([y, x]) => `covarSamp(${y}, ${x})`)),
  regr_slope: ofEnough(aggregate(2, 2, 'float', ([y, x]) => `tupleElement(simpleLinearRegression(${x}, ${y}), 1)`)),
  regr_intercept: ofEnough(aggregate(2, 2, 'float', ([y, x]) => `tupleElement(simpleLinearRegression(${x}, ${y}), 2)`)),
  bitwise_and_agg: aggregate(1, 1, 'int', ([x]) => `groupBitAnd(toInt64(${x}))`),
  bitwise_or_agg: aggregate(1, 1, 'int', ([x]) => `groupBitOr(toInt64(${x}))`),
  stddev: ofEnough(numeric('stddevSamp')),
  stddev_samp: ofEnough(numeric('stddevSamp')),
  stddev_pop: numeric('stddevPop'),
  variance: ofEnough(numeric('varSamp')),
  var_samp: ofEnough(numeric('varSamp')),
  var_pop: numeric('varPop'),
  geometric_mean: aggregate(1, 1, 'float', ([x]) => `exp(avg(log(${x})))`),
}

/** A constant number of rows. */
function whole(args: readonly Value[], index: number, context: CallContext): number {
  const number = Number(constant(args, index, context))
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw context.refuse(index, 'This must be a whole number above 0.')
  return number
}

const ranking = (sql: string): QueryFunction => ({ min: 0, max: 0, returns: 'int', kind: 'window', emit: () => sql })
const neighbour = (name: string): QueryFunction => ({
  min: 1,
  max: 3,
  returns: sameType,
  kind: 'window',
  emit: ([x, offset, fallback]) =>
    `${name}(toNullable(${x?.sql})${offset === undefined ? '' : `, ${offset.sql}`}${fallback === undefined ? '' : `, ${fallback.sql}`})`,
})

/** Only with OVER (…); aggregates may stand there as well. */
export const WINDOWS: FunctionTable = {
  row_number: ranking('row_number()'),
  rank: ranking('rank()'),
  dense_rank: ranking('dense_rank()'),
  percent_rank: { ...ranking('percent_rank()'), returns: 'float' },
  cume_dist: { ...ranking('cume_dist()'), returns: 'float' },
  ntile: { min: 1, max: 1, returns: 'int', kind: 'window', emit: (args, context) => `ntile(${whole(args, 0, context)})` },
  nth_value: {
    min: 2,
    max: 2,
    returns: sameType,
    kind: 'window',
    emit: (args, context) => `nth_value(toNullable(${args[0]?.sql}), ${whole(args, 1, context)})`,
  },
  lag: neighbour('lag'),
  lead: neighbour('lead'),
  first_value: { min: 1, max: 1, returns: sameType, kind: 'window', emit: ([x]) => `first_value(toNullable(${x?.sql}))` },
  last_value: { min: 1, max: 1, returns: sameType, kind: 'window', emit: ([x]) => `last_value(toNullable(${x?.sql}))` },
}
