import type { Scalar } from '../scalar.ts'
import { convert, unquoted } from '../values/convert.ts'
import { arrayJson, elements } from './json-values.ts'
import { constantAt, fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { rankedPair } from './nearest-rank.ts'

/** What hll() gives: the sorted hashes. The texts that Kusto gives are not documented, and no query should look inside. */
export const hashesJson = (hashes: string): string => `toNullable(${arrayJson(`arrayMap(h -> toString(h), ${hashes})`)})`
export const hashesOf = (dynamic: string): string => `arrayMap(h -> toInt64OrZero(h), ${elements(dynamic)})`

/** What tdigest() gives: a list of a version, the values and their weights, as Kusto prints it. */
export const digestJson = (pairs: string): string => {
  const list = (member: number): string => arrayJson(`arrayMap(p -> toString(tupleElement(p, ${member})), ${pairs})`)
  return `concat('[[7],', ${list(1)}, ',', ${list(2)}, ']')`
}
const part = (dynamic: string, place: number): string => `JSONExtractArrayRaw(JSONExtractRaw(ifNull(${dynamic}, ''), ${place}))`
export const digestPairs = (dynamic: string): string =>
  `arrayMap((v, w) -> (v, toInt64OrZero(w)), ${part(dynamic, 2)}, arrayResize(${part(dynamic, 3)}, length(${part(dynamic, 2)}), '0'))`

/** Numbers by value; times, which are texts, by their text. */
const sortedPairs = (dynamic: string): string =>
  `arraySort(p -> (toFloat64OrZero(tupleElement(p, 1)), tupleElement(p, 1)), ${digestPairs(dynamic)})`

/** The value at a percentile, as the JSON text that the digest has of it. */
const rank = (digest: string, share: string, call: KqlCall): string => rankedPair(sortedPairs(digest), share, call)

const percentile: KqlFunction = withScalars('dynamic any any?', 'dynamic', (args, call) =>
  rank(args[0]?.sql ?? 'NULL', convert(args[1] as Scalar, 'real', call.context).sql, call),
)

/** Percentiles as constants, or as one array. */
const percentiles: KqlFunction = withScalars('dynamic any any*', 'dynamic', (args, call) => {
  const digest = args[0]?.sql ?? 'NULL'
  const [, first] = args
  if (first?.type === 'dynamic') {
    const given: unknown = JSON.parse(constantAt(args, 1, call))
    return Array.isArray(given) ? ranks(digest, given.map(Number), call) : rank(digest, first.sql, call)
  }
  return ranks(
    digest,
    args.slice(1).flatMap(({ constant }) => (constant === undefined ? [] : [Number(constant)])),
    call,
  )
})
function ranks(digest: string, shares: readonly number[], call: KqlCall): string {
  if (shares.length === 0 || shares.some((share) => !Number.isFinite(share)))
    throw call.context.refuse(call.node, 'A percentile must be a constant number.', undefined, 'PW-QY-005')
  return `toNullable(concat('[', ${shares.map((share) => `ifNull(${rank(digest, String(share), call)}, 'null')`).join(", ',', ")}, ']'))`
}

/** How many values are not greater. */
const rankOf = (digest: string, value: Scalar, { context }: KqlCall): string => {
  const text = convert(value, 'string', context).sql
  const number = `toFloat64OrNull(${text})`
  const below = `if(isNull(${number}), ${unquoted('tupleElement(p, 1)')} <= ${text}, toFloat64OrZero(tupleElement(p, 1)) <= ${number})`
  return `toFloat64(arraySum(p -> if(${below}, tupleElement(p, 2), 0), ${digestPairs(digest)}))`
}
const total = (digest: string): string => `arraySum(p -> tupleElement(p, 2), ${digestPairs(digest)})`

const merged: KqlFunction = withScalars('dynamic dynamic dynamic*', 'dynamic', (args, { context }) =>
  context.once(
    `arrayConcat(${args.map((arg) => digestPairs(arg.sql)).join(', ')})`,
    (pairs) => `if(empty(${pairs}), NULL, toNullable(${digestJson(pairs)}))`,
  ),
)

export const SKETCH_FUNCTIONS: KqlFunctionTable = {
  dcount_hll: fn('dynamic', 'long', ([x]) => `toInt64(length(${elements(x ?? 'NULL')}))`),
  hll_merge: withScalars('dynamic dynamic dynamic*', 'dynamic', (args) =>
    hashesJson(`arraySort(arrayDistinct(arrayConcat(${args.map((arg) => hashesOf(arg.sql)).join(', ')})))`),
  ),
  merge_tdigest: merged,
  tdigest_merge: merged,
  percentile_tdigest: percentile,
  percentile_array_tdigest: percentiles,
  percentiles_array_tdigest: percentiles,
  rank_tdigest: withScalars('dynamic any', 'real', (args, call) => rankOf(args[0]?.sql ?? 'NULL', args[1] as Scalar, call)),
  percentrank_tdigest: withScalars('dynamic any', 'real', (args, call) => {
    const digest = args[0]?.sql ?? 'NULL'
    return `(100 * ${rankOf(digest, args[1] as Scalar, call)} / ${total(digest)})`
  }),
}
