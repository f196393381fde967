import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import type { ColumnFunction, ColumnFunctionTable } from './column-function.ts'
import { arrayJson } from './json-values.ts'
import { constantAt, type KqlCall } from './kql-function.ts'
import { line } from './series-fits.ts'
import { bestPeriod, seasonal } from './series-periods.ts'
import { outlierScores, percentilesOf } from './series-statistics.ts'
import { realSeries, withNumbers } from './series-values.ts'

/** Arguments that series_decompose() and the functions made of it share, by their places. */
interface Places {
  readonly seasonality: number
  readonly trend: number
  /** Points at the end to leave out of learning. */
  readonly test: number
  readonly threshold: number
}

interface Parts {
  readonly list: string
  readonly seasonal: string
  readonly trend: string
  readonly context: KqlContext
}

const baseline = ({ seasonal: repeats, trend }: Parts): string => `arrayMap((s, t) -> s + t, ${repeats}, ${trend})`
const residual = (parts: Parts): string => `arrayMap((n, s, t) -> n - s - t, ${parts.list}, ${parts.seasonal}, ${parts.trend})`

/** Source: Kusto documentation, series_decompose(): trend first, then the median of each phase of what is left. */
function decomposed(args: readonly Scalar[], places: Places, call: KqlCall, make: (parts: Parts) => string): string {
  const { context } = call
  const number = (index: number, usual: string): string => {
    const arg = args[index]
    return arg === undefined ? usual : `ifNull(toInt64(${convert(arg, 'long', context).sql}), ${usual})`
  }
  const kind = args[places.trend] === undefined ? 'avg' : constantAt(args, places.trend, call)
  const threshold = args[places.threshold]
  const least = threshold === undefined ? '0.6' : `ifNull(${convert(threshold, 'real', context).sql}, 0.6)`
  return withNumbers(args[0]?.sql ?? 'NULL', context, (list) =>
    context.once(`greatest(toInt64(length(${list})) - ${number(places.test, '0')}, 0)`, (learned) =>
      context.once(`arraySlice(${list}, 1, ${learned})`, (known) =>
        withTrend(list, known, kind, call, (trend) => {
          const rest = `arrayMap((n, t) -> n - t, ${list}, ${trend})`
          return context.once(rest, (left) => {
            const auto = bestPeriod(`arraySlice(${left}, 1, ${learned})`, least, context)
            const asked = number(places.seasonality, 'toInt64(-1)')
            return context.once(`if(${asked} = -1, ${auto}, ${asked})`, (period) =>
              context.once(seasonal(left, period, learned), (repeats) => make({ list, seasonal: repeats, trend, context })),
            )
          })
        }),
      ),
    ),
  )
}

function withTrend(list: string, known: string, kind: string, call: KqlCall, make: (trend: string) => string): string {
  const { context, node } = call
  if (kind === 'none') return context.once(`arrayMap(n -> 0., ${list})`, make)
  if (kind === 'avg') return context.once(`arrayMap(n -> if(empty(${known}), 0., arrayAvg(${known})), ${list})`, make)
  if (kind === 'linefit')
    return line(known, context, (slope, start) =>
      context.once(`arrayMap(i -> ${start} + ${slope} * i, range(length(${list})))`, make),
    )
  throw context.refuse(node, `"${kind}" is no trend.`, 'There are avg, linefit and none.', 'PW-QY-005')
}

const columns = (
  [least, most]: readonly [number, number],
  places: Places,
  parts: readonly ((parts: Parts, args: readonly Scalar[], call: KqlCall) => string)[],
): ColumnFunction => ({
  least,
  most,
  emit: (args, call) =>
    parts.map((part) => ({
      sql: decomposed(args, places, call, (made) => `toNullable(${part(made, args, call)})`),
      type: 'dynamic',
    })),
})

/** Scores of the residuals by the test that is asked for. */
function anomalyScores(parts: Parts, args: readonly Scalar[], call: KqlCall): string {
  const [low, high] = percentilesOf(args[5] === undefined ? 'ctukey' : constantAt(args, 5, call), call)
  return call.context.once(residual(parts), (rest) => outlierScores(rest, low, high, call))
}

function anomalyFlags(parts: Parts, args: readonly Scalar[], call: KqlCall): string {
  const fence = args[1] === undefined ? '1.5' : `ifNull(${convert(args[1], 'real', call.context).sql}, 1.5)`
  return arrayJson(`arrayMap(n -> multiIf(n > ${fence}, '1', n < -${fence}, '-1', '0'), ${anomalyScores(parts, args, call)})`)
}

const COMPONENTS = [
  (parts: Parts) => realSeries(baseline(parts)),
  (parts: Parts) => realSeries(parts.seasonal),
  (parts: Parts) => realSeries(parts.trend),
  (parts: Parts) => realSeries(residual(parts)),
]

export const SERIES_DECOMPOSE_COLUMNS: ColumnFunctionTable = {
  series_decompose: columns([1, 5], { seasonality: 1, trend: 2, test: 3, threshold: 4 }, COMPONENTS),
  // The number of points to predict is the second argument, and must be there.
  series_decompose_forecast: columns([2, 5], { seasonality: 2, trend: 3, test: 1, threshold: 4 }, COMPONENTS),
  series_decompose_anomalies: columns([1, 7], { seasonality: 2, trend: 3, test: 4, threshold: 6 }, [
    anomalyFlags,
    (parts, args, call) => realSeries(anomalyScores(parts, args, call)),
    (parts) => realSeries(baseline(parts)),
  ]),
}
