import { constantAt } from '../functions/kql-function.ts'
import { nearestRank, rankArray, weightedRank } from '../functions/nearest-rank.ts'
import { digestJson, digestPairs, hashesJson, hashesOf } from '../functions/sketch-functions.ts'
import type { Scalar } from '../scalar.ts'
import { toJson, toText } from '../values/convert.ts'
import type { AggregateCall, KqlAggregateTable } from './aggregate.ts'
import type { Make } from './list-aggregates.ts'

const kept = (test: string, { filter }: AggregateCall): string =>
  filter === undefined ? test : `${test} AND ifNull(${filter}, false)`

/** The shares of percentiles_array(): single constants, or one constant array of them. */
function shares(args: readonly Scalar[], from: number, call: AggregateCall): string[] {
  const texts = args.slice(from).map((_, index) => constantAt(args, from + index, call))
  const [only] = texts
  const list: unknown[] = texts.length === 1 && only?.startsWith('[') ? JSON.parse(only) : texts
  return list.map((share) => {
    if (!Number.isFinite(Number(share)))
      throw call.context.refuse(call.node, 'A percentile must be a number.', undefined, 'PW-QY-005')
    return `${Number(share)}`
  })
}

/** hll(): the hash of every value there is, so that counting is exact. */
function hashes([x]: readonly Scalar[], call: AggregateCall): string {
  const value = x as Scalar
  const present = value.type === 'string' ? 'true' : `isNotNull(${value.sql})`
  const hash = `reinterpretAsInt64(xxHash64(${toText(value, call.context)}))`
  return hashesJson(`arraySort(groupUniqArrayIf(${hash}, ${kept(present, call)}))`)
}

/** tdigest(): every value with how often it was there, so that ranks are exact. */
function digest([x, weight]: readonly Scalar[], call: AggregateCall): string {
  const json = toJson(x as Scalar, call.context)
  const count = weight === undefined ? 'toInt64(1)' : `toInt64(ifNull(${weight.sql}, 0))`
  const pairs = `groupArrayIf((assumeNotNull(${json}), ${count}), ${kept(`isNotNull(${json}) AND ${count} > 0`, call)})`
  return call.context.once(pairs, (list) => `if(empty(${list}), NULL, toNullable(${digestJson(list)}))`)
}

export const SKETCH_AGGREGATES = (aggregate: Make): KqlAggregateTable => {
  const mergedDigests = aggregate('dynamic', 'dynamic', ([x], call) => {
    const list = `arrayFlatten(groupArrayIf(${digestPairs(x?.sql ?? 'NULL')}, ${kept(`isNotNull(${x?.sql})`, call)}))`
    return call.context.once(list, (pairs) => `if(empty(${pairs}), NULL, toNullable(${digestJson(pairs)}))`)
  })
  return {
    hll: aggregate('any long?', 'dynamic', hashes, true),
    hll_merge: aggregate('dynamic', 'dynamic', ([x], call) =>
      hashesJson(
        `arraySort(arrayDistinct(arrayFlatten(groupArrayIf(${hashesOf(x?.sql ?? 'NULL')}, ${kept(`isNotNull(${x?.sql})`, call)}))))`,
      ),
    ),
    tdigest: aggregate('any long?', 'dynamic', digest),
    tdigest_merge: mergedDigests,
    merge_tdigest: mergedDigests,
    percentiles_array: {
      ...aggregate('any any', 'dynamic', (args, call) =>
        rankArray(
          args[0] as Scalar,
          shares(args, 1, call).map((share) => nearestRank(args[0] as Scalar, share, call)),
          call,
        ),
      ),
      variadic: true,
    },
    percentilesw_array: {
      ...aggregate('any long any', 'dynamic', (args, call) =>
        rankArray(
          args[0] as Scalar,
          shares(args, 2, call).map((share) => weightedRank(args[0] as Scalar, args[1] as Scalar, share, call)),
          call,
        ),
      ),
      variadic: true,
    },
  }
}
