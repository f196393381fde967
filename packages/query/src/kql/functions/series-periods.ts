import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import type { ColumnFunctionTable } from './column-function.ts'
import { fn, type KqlCall, type KqlFunctionTable } from './kql-function.ts'
import { mean, realSeries, withNumbers } from './series-values.ts'

/** Shortest period looked for. Source: Kusto documentation, series_periods_detect(). */
const SHORTEST_PERIOD = 4
/** A multiple of a shorter period must be better than it by this share to count as a period of its own. */
const REPEAT_SHARE = 0.8

/**
 * Scores of all periods: the autocorrelation at one period, or at two where that is less, and 0 where two do not fit into
 * the series. Kusto does not print its formula; this one gives the scores of the examples of its documentation.
 */
function scores(list: string, context: KqlContext, make: (scores: string, correlations: string) => string): string {
  return context.once(`arrayMap(n -> n - ${mean(list)}, ${list})`, (d) => {
    const shifted = `arraySum((p, q) -> p * q, arraySlice(${d}, 1, length(${d}) - k), arraySlice(${d}, k + 1)) / (length(${d}) - k)`
    return context.once(`arrayMap(k -> ${shifted}, range(length(${d})))`, (raw) =>
      context.once(`arrayMap(n -> if(${raw}[1] = 0, 0., n / ${raw}[1]), ${raw})`, (all) => {
        const score = `if(2 * k < length(${all}), greatest(0., least(${all}[k + 1], ${all}[2 * k + 1])), 0.)`
        return context.once(`arrayMap(k -> ${score}, range(length(${all})))`, (found) => make(found, all))
      }),
    )
  })
}

/** Periods with their scores, best first: peaks of the correlation that chance does not explain at 95 %. */
function detected(list: string, from: string, to: string, context: KqlContext, make: (periods: string) => string): string {
  return scores(list, context, (found, all) => {
    const peak = `${all}[k + 1] > ${all}[k] AND ${all}[k + 1] >= ${all}[k + 2]`
    const strong = `${found}[k + 1] > 2 / sqrt(length(${list}))`
    const inside = `k >= ${from} AND k <= ${to} AND 2 * k < length(${list})`
    const peaks = `arrayFilter(k -> ${inside} AND ${peak} AND ${strong}, range(${SHORTEST_PERIOD}, greatest(length(${list}), ${SHORTEST_PERIOD})))`
    return context.once(peaks, (candidates) => {
      const repeats = `arrayExists(j -> j < k AND k % j = 0 AND ${found}[j + 1] >= ${REPEAT_SHARE} * ${found}[k + 1], ${candidates})`
      const own = `arrayFilter(k -> NOT ${repeats}, ${candidates})`
      return context.once(
        `arrayReverseSort(p -> tupleElement(p, 2), arrayMap(k -> (toFloat64(k), ${found}[k + 1]), ${own}))`,
        make,
      )
    })
  })
}

/** The period of a series whose score is at least `threshold`; 0 where there is none. */
export function bestPeriod(list: string, threshold: string, context: KqlContext): string {
  return detected(list, '0', `length(${list})`, context, (periods) => {
    const good = `notEmpty(${periods}) AND tupleElement(${periods}[1], 2) >= ${threshold}`
    return `toInt64(if(${good}, tupleElement(${periods}[1], 1), 0))`
  })
}

/** What repeats: the median of all points at the same place of a period. The first `learned` points count. */
export function seasonal(list: string, period: string, learned: string): string {
  const phase = `arrayFilter((n, j) -> (j - 1) % ${period} = (i - 1) % ${period} AND j <= ${learned}, ${list}, arrayEnumerate(${list}))`
  const middles = `arrayMap(i -> arrayReduce('quantileExactInclusive(0.5)', ${phase}), range(1, toUInt64(greatest(${period}, 0)) + 1))`
  return `if(${period} < 1, arrayMap(n -> 0., ${list}), arrayMap((i, m) -> m[(i - 1) % ${period} + 1], arrayEnumerate(${list}), arrayMap(n -> ${middles}, ${list})))`
}

const real = (arg: Scalar | undefined, { context }: KqlCall): string =>
  `ifNull(${convert(arg as Scalar, 'real', context).sql}, 0.)`

export const SERIES_PERIOD_COLUMNS: ColumnFunctionTable = {
  series_periods_detect: {
    least: 4,
    most: 4,
    emit(args, call) {
      const { context } = call
      const count = `toUInt32(greatest(least(ifNull(${convert(args[3] as Scalar, 'long', context).sql}, 0), 1000), 0))`
      return [1, 2].map((member) => ({
        sql: withNumbers(args[0]?.sql ?? 'NULL', context, (list) =>
          detected(list, real(args[1], call), real(args[2], call), context, (periods) => {
            const values = `arrayMap(p -> tupleElement(p, ${member}), ${periods})`
            return `toNullable(${realSeries(`arrayResize(${values}, ${count}, 0.)`)})`
          }),
        ),
        type: 'dynamic',
      }))
    },
  },
  series_periods_validate: {
    least: 2,
    most: 65,
    emit(args, call) {
      const { context } = call
      const periods = `[${args
        .slice(1)
        .map((arg) => real(arg, call))
        .join(', ')}]`
      const score = (found: string): string => {
        const place = 'toInt64(round(p))'
        return `if(${place} >= ${SHORTEST_PERIOD} AND ${place} < toInt64(length(${found})), ${found}[${place} + 1], 0.)`
      }
      return [
        { sql: `toNullable(${realSeries(periods)})`, type: 'dynamic' },
        {
          sql: withNumbers(args[0]?.sql ?? 'NULL', context, (list) =>
            scores(list, context, (found) => `toNullable(${realSeries(`arrayMap(p -> ${score(found)}, ${periods})`)})`),
          ),
          type: 'dynamic',
        },
      ]
    },
  },
}

/** Score from which series_seasonal() takes a period. Source: Kusto documentation, series_seasonal(). */
const SEASONAL_THRESHOLD = '0.7'

export const SERIES_PERIOD_FUNCTIONS: KqlFunctionTable = {
  series_seasonal: fn('dynamic long?', 'dynamic', ([source = 'NULL', given], { context }) =>
    withNumbers(source, context, (list) => {
      const auto = bestPeriod(list, SEASONAL_THRESHOLD, context)
      const period = given === undefined ? auto : `if(ifNull(${given}, -1) = -1, ${auto}, assumeNotNull(${given}))`
      return context.once(period, (size) => `toNullable(${realSeries(seasonal(list, size, `length(${list})`))})`)
    }),
  ),
}
