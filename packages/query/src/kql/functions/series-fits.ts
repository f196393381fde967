import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import type { ColumnFunction, ColumnFunctionTable } from './column-function.ts'
import { type KqlCall, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { fitPolynomial } from './series-polynomial.ts'
import { explained, mean, realJson, realSeries, sampleOf, spreadOf, withNumbers } from './series-values.ts'

/** A straight line through the points (0, y0), (1, y1) …: slope and value at 0, by least squares. */
export function line(list: string, context: KqlContext, make: (slope: string, start: string) => string): string {
  const middle = `((length(${list}) - 1) / 2)`
  const spread = `arraySum(i -> (i - ${middle}) * (i - ${middle}), range(length(${list})))`
  const together = `arraySum((i, n) -> (i - ${middle}) * n, range(length(${list})), ${list})`
  const slope = `if(length(${list}) < 2, 0., ${together} / ${spread})`
  return context.once(slope, (a) => context.once(`(${mean(list)} - ${a} * ${middle})`, (b) => make(a, b)))
}

/** The squares that the line leaves over. */
const residue = (list: string, slope: string, start: string): string =>
  `arraySum((i, n) -> (n - ${start} - ${slope} * i) * (n - ${start} - ${slope} * i), range(length(${list})), ${list})`
type Value = readonly [name: string, type: 'real' | 'dynamic' | 'long', sql: string]
/** Values of one fitted line, in the order of series_fit_line(). */
function lineValues(list: string, slope: string, start: string): readonly Value[] {
  const left = residue(list, slope, start)
  return [
    ['rsquare', 'real', explained(left, spreadOf(list))],
    ['slope', 'real', slope],
    ['variance', 'real', sampleOf(spreadOf(list), list)],
    ['rvariance', 'real', sampleOf(left, list)],
    // Kusto counts the points of a line from 1, so its value at 0 is one step before the first.
    ['interception', 'real', `(${start} - ${slope})`],
    ['line_fit', 'dynamic', realSeries(`arrayMap(i -> ${start} + ${slope} * i, range(length(${list})))`)],
  ]
}
const LINE_PARTS = 6

const fitted = (args: readonly Scalar[], { context }: KqlCall, pick: (values: readonly Value[]) => string): string =>
  withNumbers(args[0]?.sql ?? 'NULL', context, (list) =>
    line(list, context, (slope, start) => `toNullable(${pick(lineValues(list, slope, start))})`),
  )

/** The place where two lines leave the least: the first point of the right one. */
function withSplit(args: readonly Scalar[], { context }: KqlCall, make: (list: string, at: string) => string): string {
  return withNumbers(args[0]?.sql ?? 'NULL', context, (list) => {
    const part = (sql: string): string => context.once(sql, (half) => line(half, context, (a, b) => residue(half, a, b)))
    const left = `${part(`arraySlice(${list}, 1, k)`)} + ${part(`arraySlice(${list}, k + 1)`)}`
    const sums = `arrayMap(k -> ${left}, range(1, length(${list})))`
    return context.once(sums, (all) => {
      const best = `toInt64(indexOf(${all}, arrayMin(${all})))`
      return context.once(best, (at) => `if(length(${list}) < 2, NULL, ${make(list, at)})`)
    })
  })
}

const TWO_LINES = [
  'rsquare',
  'split_idx',
  'variance',
  'rvariance',
  'line_fit',
  'right_rsquare',
  'right_slope',
  'right_interception',
  'right_variance',
  'right_rvariance',
  'left_rsquare',
  'left_slope',
  'left_interception',
  'left_variance',
  'left_rvariance',
] as const

/** One value of two lines; each half counts its own points from 0. */
function twoLines(name: string, list: string, at: string, context: KqlContext): string {
  const halves = (make: (left: string, right: string) => string): string =>
    context.once(`arraySlice(${list}, 1, ${at})`, (left) =>
      context.once(`arraySlice(${list}, ${at} + 1)`, (right) => make(left, right)),
    )
  const side = /^(left|right)_(\w+)$/.exec(name)
  if (side !== null)
    return halves((left, right) => {
      const half = side[1] === 'left' ? left : right
      return line(half, context, (a, b) => lineValues(half, a, b).find(([part]) => part === side[2])?.[2] ?? 'NULL')
    })
  if (name === 'split_idx') return at
  if (name === 'variance') return sampleOf(spreadOf(list), list)
  return halves((left, right) =>
    line(left, context, (a, b) =>
      line(right, context, (c, d) => {
        if (name === 'line_fit') {
          const points = (half: string, slope: string, start: string): string =>
            `arrayMap(i -> ${start} + ${slope} * i, range(length(${half})))`
          return realSeries(`arrayConcat(${points(left, a, b)}, ${points(right, c, d)})`)
        }
        const rest = `(${residue(left, a, b)} + ${residue(right, c, d)})`
        return name === 'rsquare' ? explained(rest, spreadOf(list)) : sampleOf(rest, list)
      }),
    ),
  )
}

const typeOfPart = (name: string): 'real' | 'dynamic' | 'long' =>
  name === 'line_fit' ? 'dynamic' : name === 'split_idx' ? 'long' : 'real'

const fitLine: ColumnFunction = {
  least: 1,
  most: 1,
  emit: (args, call) =>
    Array.from({ length: LINE_PARTS }, (_, at) => ({
      sql: fitted(args, call, (values) => values[at]?.[2] ?? 'NULL'),
      type: at === LINE_PARTS - 1 ? 'dynamic' : 'real',
    })),
}
const fitTwoLines: ColumnFunction = {
  least: 1,
  most: 1,
  emit: (args, call) =>
    TWO_LINES.map((name) => ({
      sql: withSplit(args, call, (list, at) => `toNullable(${twoLines(name, list, at, call.context)})`),
      type: typeOfPart(name),
    })),
}

export const SERIES_FIT_COLUMNS: ColumnFunctionTable = {
  series_fit_line: fitLine,
  series_fit_2lines: fitTwoLines,
  series_fit_poly: fitPolynomial,
}

const member = ([name, type, sql]: Value, context: KqlContext): string => {
  const text = type === 'dynamic' ? sql : type === 'long' ? `toString(${sql})` : context.once(sql, realJson)
  return `'"${name}":', ${text}`
}
const bag = (values: readonly Value[], context: KqlContext): string =>
  `concat('{', ${values.map((value) => member(value, context)).join(", ',', ")}, '}')`

const RESULT_ORDER = ['rsquare', 'slope', 'interception', 'variance', 'rvariance', 'line_fit']

export const SERIES_FIT_FUNCTIONS: KqlFunctionTable = {
  series_fit_line_dynamic: withScalars('dynamic', 'dynamic', (args, call) =>
    fitted(args, call, (values) => {
      const sorted = [...values].sort(([a], [b]) => RESULT_ORDER.indexOf(a) - RESULT_ORDER.indexOf(b))
      return bag(sorted, call.context)
    }),
  ),
  series_fit_2lines_dynamic: withScalars('dynamic', 'dynamic', (args, call) =>
    withSplit(args, call, (list, at) => {
      const of = (name: string): Value => [
        name.replace(/^(left|right)_/, ''),
        typeOfPart(name),
        twoLines(name, list, at, call.context),
      ]
      const half = (side: string): string => bag(TWO_LINES.filter((name) => name.startsWith(side)).map(of), call.context)
      const whole = TWO_LINES.slice(0, 5)
        .map(of)
        .map((value) => member(value, call.context))
      return `toNullable(concat('{', ${whole.join(", ',', ")}, ',"right":', ${half('right_')}, ',"left":', ${half('left_')}, '}'))`
    }),
  ),
}
