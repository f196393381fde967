import { isArray } from './json-values.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { numbers, realSeries } from './series-values.ts'

const known = (dynamic: string): string => `arrayMap(n -> ifNull(n, 0), ${numbers(dynamic)})`

/** Each point is the sum of the points up to it, or around it, each times a coefficient; outside of the series is 0. */
const fir: KqlFunction = withScalars(
  'dynamic dynamic bool? bool?',
  'dynamic',
  ([list, filter, normalize, center], { context }) => {
    const source = list?.sql ?? 'NULL'
    return context.once(known(source), (x) =>
      context.once(known(filter?.sql ?? 'NULL'), (h) => {
        const negative = `arrayExists(n -> n < 0, ${h})`
        const divides = normalize === undefined ? `NOT ${negative}` : `ifNull(${normalize.sql}, NOT ${negative})`
        const shift = center === undefined ? '0' : `if(ifNull(${center.sql}, false), intDiv(toInt64(length(${h})), 2), 0)`
        const at = `toInt64(i) + ${shift} - toInt64(k)`
        const point = `arraySum(arrayMap((c, k) -> if(${at} >= 1 AND ${at} <= toInt64(length(${x})), c * ${x}[${at}], 0.), ${h}, range(length(${h}))))`
        const scale = `if(${divides}, arraySum(${h}), 1.)`
        const made = realSeries(`arrayMap(i -> ${point} / ${scale}, arrayEnumerate(${x}))`)
        return `if(${isArray(source)} AND notEmpty(${h}) AND NOT (${divides} AND ${negative}), toNullable(${made}), NULL)`
      }),
    )
  },
)

/** The recursive filter of the Kusto documentation, series_iir(): numerators on the input, denominators on the output. */
const iir: KqlFunction = fn('dynamic dynamic dynamic', 'dynamic', ([list = 'NULL', top = 'NULL', bottom = 'NULL'], { context }) =>
  context.once(known(list), (x) =>
    context.once(known(top), (b) =>
      context.once(known(bottom), (a) => {
        const forward = `arraySum(arrayMap((c, k) -> if(toInt64(i) - toInt64(k) >= 1, c * ${x}[toInt64(i) - toInt64(k)], 0.), ${b}, range(length(${b}))))`
        const back = `arraySum(arrayMap((c, k) -> if(k > 0 AND toInt64(i) - toInt64(k) >= 1, c * y[toInt64(i) - toInt64(k)], 0.), ${a}, range(length(${a}))))`
        const folded = `arrayFold((y, i) -> arrayPushBack(y, (${forward} - ${back}) / ${a}[1]), arrayEnumerate(${x}), emptyArrayFloat64())`
        return `if(${isArray(list)} AND notEmpty(${a}) AND notEmpty(${b}), toNullable(${realSeries(folded)}), NULL)`
      }),
    ),
  ),
)

export const SERIES_FILTER_FUNCTIONS: KqlFunctionTable = { series_fir: fir, series_iir: iir }
