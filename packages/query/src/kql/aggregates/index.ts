import { constantAt, withScalars } from '../functions/kql-function.ts'
import { nearestRank, numeric, weightedRank } from '../functions/nearest-rank.ts'
import type { Scalar } from '../scalar.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'
import { type AggregateCall, engineCall, type KqlAggregate, type KqlAggregateTable } from './aggregate.ts'
import { BAG_AGGREGATES, LIST_AGGREGATES } from './list-aggregates.ts'
import { SKETCH_AGGREGATES } from './sketch-aggregates.ts'

type Emit = (args: readonly Scalar[], call: AggregateCall) => string

function aggregate(signature: string, returns: KqlAggregate['returns'], emit: Emit, conditional = false): KqlAggregate {
  const { emit: _, ...shape } = withScalars(signature, returns, () => '')
  return { ...shape, emit, conditional }
}

const named =
  (name: string): Emit =>
  (args, call) =>
    engineCall(
      name,
      args.map((arg) => arg.sql),
      call,
    )

/** Dynamic values have no order that their text would show. */
const smallest =
  (name: string): Emit =>
  (args, call) => {
    if (args[0]?.type === 'dynamic')
      throw call.context.refuse(call.node, 'Dynamic values have no order.', 'Convert it, e.g. with tolong().', 'PW-QY-005')
    return named(name)(args, call)
  }

const counted: Emit = (_, call) => `toInt64(${engineCall('count', [], call)})`
const summed: Emit = ([x], call) => {
  if (x?.type === 'datetime' || x?.type === 'string' || x?.type === 'guid')
    throw call.context.refuse(
      call.node,
      `Values of type ${x.type} have no sum.`,
      'Convert them, e.g. with tolong().',
      'PW-QY-005',
    )
  return `ifNull(${engineCall('sum', [numeric(x as Scalar)], call)}, 0)`
}
const averaged: Emit = ([x], call) => {
  const value = x as Scalar
  if (value.type === 'datetime') return fromTicks(`toInt64(${engineCall('avg', [toTicks(value.sql)], call)})`)
  const mean = engineCall('avg', [numeric(value)], call)
  return value.type === 'timespan' ? `toInt64(trunc(${mean}))` : `ifNull(${mean}, nan)`
}
const distinct: Emit = ([x], call) => `toInt64(${engineCall('uniqExact', [x?.sql ?? 'NULL'], call)})`
const spread =
  (name: string): Emit =>
  ([x], call) => {
    const value = numeric(x as Scalar)
    const count = engineCall('count', [value], call)
    return `if(${count} < 2, 0., ${engineCall(name, [`toFloat64(${value})`], call)})`
  }

const percentile: Emit = (args, call) => nearestRank(args[0] as Scalar, `${Number(constantAt(args, 1, call))}`, call)
const bits = (name: string): KqlAggregate =>
  aggregate('long', 'long', ([x], call) => `toInt64(${engineCall(name, [`toInt64(${x?.sql})`], call)})`)
const dcount = aggregate('any long?', 'long', distinct, true)
const anyValue = aggregate(
  'any',
  'bound',
  ([x], call) => {
    if (x?.type === 'string') return `ifNull(${engineCall('any', [`nullIf(${x.sql}, '')`], call)}, '')`
    return engineCall('any', [x?.sql ?? 'NULL'], call)
  },
  true,
)

/** Aggregations by name. A name that ends in `if` and is not here is its conditional form. */
export const AGGREGATES: KqlAggregateTable = {
  count: aggregate('any?', 'long', counted, true),
  cnt: aggregate('any?', 'long', counted, true),
  sum: aggregate('any', 'bound', summed, true),
  avg: aggregate('any', 'bound', averaged, true),
  min: aggregate('any', 'bound', smallest('min'), true),
  max: aggregate('any', 'bound', smallest('max'), true),
  dcount,
  count_distinct: dcount,
  stdev: aggregate('any', 'real', spread('stddevSamp'), true),
  stdevp: aggregate('any', 'real', spread('stddevPop'), true),
  variance: aggregate('any', 'real', spread('varSamp'), true),
  variancep: aggregate('any', 'real', spread('varPop'), true),
  covariance: aggregate('real real', 'real', named('covarSamp'), true),
  covariancep: aggregate('real real', 'real', named('covarPop'), true),
  percentile: aggregate('any any', 'bound', percentile),
  percentilew: aggregate('any long any', 'bound', (args, call) =>
    weightedRank(args[0] as Scalar, args[1] as Scalar, `${Number(constantAt(args, 2, call))}`, call),
  ),
  binary_all_and: bits('groupBitAnd'),
  binary_all_or: bits('groupBitOr'),
  binary_all_xor: bits('groupBitXor'),
  take_any: anyValue,
  any: anyValue,
  anyif: anyValue,
  ...SKETCH_AGGREGATES(aggregate),
  ...LIST_AGGREGATES(aggregate),
  ...BAG_AGGREGATES(aggregate),
}
