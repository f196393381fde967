import type { Scalar } from '../scalar.ts'
import { toJson } from '../values/convert.ts'
import type { ColumnFunctionTable } from './column-function.ts'
import { elements, isArray } from './json-values.ts'
import { constantAt, fn, type KqlCall, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { mean, numberOf, numbers, realJson, realSeries, squares, withNumbers } from './series-values.ts'

/** What is no finite number is left out where the second argument says so, else it makes every result null. */
function usable(args: readonly Scalar[], { context }: KqlCall, make: (list: string) => string): string {
  const source = args[0]?.sql ?? 'NULL'
  const ignores = args[1] === undefined ? 'false' : `ifNull(${args[1].sql}, false)`
  return context.once(numbers(source), (all) =>
    context.once(`arrayMap(n -> assumeNotNull(n), arrayFilter(n -> ifNull(isFinite(n), 0), ${all}))`, (list) => {
      const known = `${isArray(source)} AND notEmpty(${list}) AND (${ignores} OR length(${list}) = length(${all}))`
      return `if(${known}, ${make(list)}, NULL)`
    }),
  )
}

/** Sample variance; 0 for a single value. */
const variance = (list: string): string => `if(length(${list}) > 1, ${squares(list, mean(list))} / (length(${list}) - 1), 0.)`
type Part = readonly [name: string, sql: (list: string, all: string) => string, type: 'real' | 'long']
const PARTS: readonly Part[] = [
  ['min', (list) => `arrayMin(${list})`, 'real'],
  ['min_idx', (list, all) => `toInt64(indexOf(${all}, arrayMin(${list}))) - 1`, 'long'],
  ['max', (list) => `arrayMax(${list})`, 'real'],
  ['max_idx', (list, all) => `toInt64(indexOf(${all}, arrayMax(${list}))) - 1`, 'long'],
  ['avg', (list) => mean(list), 'real'],
  ['stdev', (list) => `sqrt(${variance(list)})`, 'real'],
  ['variance', (list) => variance(list), 'real'],
]
const MORE_PARTS: readonly Part[] = [
  ...PARTS,
  ['sum', (list) => `arraySum(${list})`, 'real'],
  ['len', (list) => `toInt64(length(${list}))`, 'long'],
]

export const SERIES_STATISTIC_COLUMNS: ColumnFunctionTable = {
  series_stats: {
    least: 1,
    most: 2,
    emit: (args, call) =>
      PARTS.map(([, part, type]) => ({
        sql: usable(args, call, (list) => `toNullable(${part(list, numbers(args[0]?.sql ?? 'NULL'))})`),
        type,
      })),
  },
}

/** Pairs of both series where both have a number. */
function paired(a: string, b: string, make: (x: string, y: string) => string): string {
  const count = `least(length(${elements(a)}), length(${elements(b)}))`
  const made = make(`arrayResize(${numbers(a)}, ${count})`, `arrayResize(${numbers(b)}, ${count})`)
  return `if(${count} = 0, NULL, toNullable(${made}))`
}
const size = (list: string): string => `sqrt(arraySum(arrayMap(n -> ifNull(n * n, 0), ${numbers(list)})))`
const dot = (a: string, b: string): string => paired(a, b, (x, y) => `arraySum(arrayMap((m, n) -> ifNull(m * n, 0), ${x}, ${y}))`)

const dotProduct = withScalars('any any', 'real', ([x, y], { context }) => {
  const [a, b] = [x, y].map((arg) => toJson(arg as Scalar, context)) as [string, string]
  // A single number stands for every place of the other series.
  const times = (number: string, list: string): string =>
    `if(empty(${elements(list)}), NULL, toNullable(${numberOf(number)} * arraySum(arrayMap(n -> ifNull(n, 0), ${numbers(list)}))))`
  if (x?.type !== 'dynamic') return times(a, b)
  if (y?.type !== 'dynamic') return times(b, a)
  return dot(a, b)
})

const pearson = fn('dynamic dynamic', 'real', ([a = 'NULL', b = 'NULL'], { context }) =>
  withNumbers(a, context, (x) =>
    withNumbers(b, context, (y) => {
      const deviations = `arraySum((m, n) -> (m - ${mean(x)}) * (n - ${mean(y)}), ${x}, ${y})`
      const scale = `sqrt(${squares(x, mean(x))} * ${squares(y, mean(y))})`
      return `if(length(${x}) = length(${y}), toNullable(${deviations} / ${scale}), NULL)`
    }),
  ),
)

/** Distance beyond the fence in units of the range between the two percentiles; 0 inside. */
export function outlierScores(list: string, low: number, high: number, call: KqlCall): string {
  const at = (share: number): string => `arrayReduce('quantileExactInclusive(${share / 100})', ${list})`
  return call.context.once(at(low), (from) =>
    call.context.once(at(high), (to) => {
      // Where both are equal any other value is infinitely far.
      const score = `multiIf(n > ${to}, (n - ${to}) / (${to} - ${from}), n < ${from}, (n - ${from}) / (${to} - ${from}), 0.)`
      return `arrayMap(n -> ${score}, ${list})`
    }),
  )
}

/** The percentiles of a named test. Source: Kusto documentation, series_outliers(). */
export function percentilesOf(kind: string, call: KqlCall): readonly [number, number] {
  if (kind === 'tukey') return [25, 75]
  if (kind === 'ctukey') return [10, 90]
  throw call.context.refuse(call.node, `"${kind}" is no test for outliers.`, 'There are tukey and ctukey.', 'PW-QY-005')
}

const outliers = withScalars('dynamic string? any? any? any?', 'dynamic', (args, call) => {
  const kind = args[1] === undefined ? 'ctukey' : constantAt(args, 1, call)
  const [low, high] = percentilesOf(kind, call)
  const share = (index: number, usual: number): number =>
    args[index] === undefined || kind === 'tukey' ? usual : Math.min(98, Math.max(2, Number(constantAt(args, index, call))))
  const source = args[0]?.sql ?? 'NULL'
  const ignored =
    args[2] === undefined ? 'false' : `ifNull(n = ${numberOf(`ifNull(${toJson(args[2], call.context)}, '')`)}, false)`
  return call.context.once(numbers(source), (all) => {
    const known = `arrayMap(n -> assumeNotNull(n), arrayFilter(n -> isNotNull(n) AND NOT ${ignored}, ${all}))`
    return call.context.once(known, (list) => {
      const scores = outlierScores(list, share(3, low), share(4, high), call)
      return call.context.once(scores, (found) => {
        const place = `indexOf(${list}, assumeNotNull(n))`
        const made = realSeries(`arrayMap(n -> if(isNull(n) OR ${ignored}, 0., ${found}[${place}]), ${all})`)
        return `if(${isArray(source)} AND notEmpty(${list}), toNullable(${made}), NULL)`
      })
    })
  })
})

export const SERIES_STATISTIC_FUNCTIONS: KqlFunctionTable = {
  series_stats_dynamic: withScalars('dynamic bool?', 'dynamic', (args, call) =>
    usable(args, call, (list) => {
      const members = MORE_PARTS.map(([name, part, type]) => {
        const sql = part(list, numbers(args[0]?.sql ?? 'NULL'))
        return `'"${name}":', ${type === 'long' ? `toString(${sql})` : call.context.once(sql, realJson)}`
      })
      return `toNullable(concat('{', ${members.join(", ',', ")}, '}'))`
    }),
  ),
  series_sum: fn('dynamic', 'real', ([x = 'NULL']) => `arraySum(arrayMap(n -> ifNull(n, 0), ${numbers(x)}))`),
  series_product: fn('dynamic', 'real', ([x = 'NULL']) => `arrayProduct(arrayMap(n -> ifNull(n, 1), ${numbers(x)}))`),
  series_magnitude: fn('dynamic', 'real', ([x = 'NULL']) => size(x)),
  series_dot_product: dotProduct,
  /** The sizes of both may be given where they are known. */
  series_cosine_similarity: fn(
    'dynamic dynamic real? real?',
    'real',
    ([a = 'NULL', b = 'NULL', sizeA, sizeB]) => `(${dot(a, b)} / (${sizeA ?? size(a)} * ${sizeB ?? size(b)}))`,
  ),
  series_pearson_correlation: pearson,
  series_outliers: outliers,
}
