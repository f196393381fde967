import type { Scalar } from '../scalar.ts'
import { toJson } from '../values/convert.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'
import type { KqlCall } from './kql-function.ts'

/** Dynamic and timespan values are numbers or text to the engine; what they are is the binder's knowledge. */
export const numeric = ({ sql, type }: Scalar): string =>
  type === 'bool' ? `toInt64(${sql})` : type === 'dynamic' ? `toFloat64OrNull(${sql})` : sql

/** What is compared: a number for everything, datetimes by their ticks. */
const comparable = (value: Scalar): string => (value.type === 'datetime' ? toTicks(value.sql) : numeric(value))
const asValue = (raw: string, value: Scalar): string => (value.type === 'datetime' ? fromTicks(raw) : raw)

/** A call over several rows, of which those may count that fulfil a condition. */
interface FilteredCall extends KqlCall {
  readonly filter: string | undefined
}

function kept(raw: string, call: FilteredCall): string {
  return `isNotNull(${raw})${call.filter === undefined ? '' : ` AND ifNull(${call.filter}, false)`}`
}

/** Nearest rank: the smallest value that at least that share of the values does not exceed. */
export function nearestRank(value: Scalar, share: string, call: FilteredCall): string {
  const raw = comparable(value)
  const sorted = `arraySort(groupArrayIf(assumeNotNull(${raw}), ${kept(raw, call)}))`
  const found = call.context.once(
    sorted,
    (list) => `if(empty(${list}), NULL, toNullable(${list}[greatest(1, toUInt64(ceil(length(${list}) * ${share} / 100)))]))`,
  )
  return asValue(found, value)
}

/** The same where each value counts as often as its weight says. */
export function weightedRank(value: Scalar, weight: Scalar, share: string, call: FilteredCall): string {
  const raw = comparable(value)
  const count = `toInt64(ifNull(${weight.sql}, 0))`
  const sorted = `arraySort(groupArrayIf((assumeNotNull(${raw}), ${count}), ${kept(raw, call)} AND ${count} > 0))`
  return asValue(rankedPair(sorted, share, call), value)
}

/** From pairs of value and weight in the order of the values. */
export function rankedPair(sorted: string, share: string, { context }: Pick<KqlCall, 'context'>): string {
  return context.once(sorted, (list) =>
    context.once(`arrayCumSum(p -> tupleElement(p, 2), ${list})`, (sums) => {
      const place = `arrayFirstIndex(s -> s >= ${sums}[-1] * ${share} / 100, ${sums})`
      return `if(empty(${list}), NULL, toNullable(tupleElement(${list}[greatest(1, ${place})], 1)))`
    }),
  )
}

/** Several ranks as a dynamic array. */
export function rankArray(value: Scalar, ranks: readonly string[], { context }: KqlCall): string {
  const texts = ranks.map(
    (sql) =>
      `ifNull(${toJson({ sql, type: value.type === 'dynamic' ? 'real' : value.type === 'bool' ? 'long' : value.type }, context)}, 'null')`,
  )
  return `toNullable(concat('[', ${texts.join(", ',', ")}, ']'))`
}
