import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import type { ColumnFunction, ColumnFunctionTable } from './column-function.ts'
import { realSeries, withNumbers } from './series-values.ts'

/**
 * The discrete Fourier transform by its definition: any length, and as many steps as its square. Longer series are refused
 * by the engine's limit of time, not here.
 */
function transformed(re: string, im: string | undefined, inverse: boolean, real: boolean): string {
  const angle = `(${inverse ? '' : '-'}2 * pi() * k * j / length(${re}))`
  const [c, s] = [`cos(${angle})`, `sin(${angle})`]
  const scale = inverse ? ` / length(${re})` : ''
  const own = `(m * ${real ? c : s})`
  const term = im === undefined ? own : `(${own} ${real ? '-' : '+'} n * ${real ? s : c})`
  const lists =
    im === undefined
      ? `arraySum((m, j) -> ${term}, ${re}, range(length(${re})))`
      : `arraySum((m, n, j) -> ${term}, ${re}, ${im}, range(length(${re})))`
  return realSeries(`arrayMap(k -> ${lists}${scale}, range(length(${re})))`)
}

const fourier = (inverse: boolean): ColumnFunction => ({
  least: 1,
  most: 2,
  emit: (args, { context }) =>
    [true, false].map((real) => ({
      sql: withBoth(args, context, (re, im) => transformed(re, im, inverse, real)),
      type: 'dynamic',
    })),
})

function withBoth(args: readonly Scalar[], context: KqlContext, make: (re: string, im: string | undefined) => string): string {
  return withNumbers(args[0]?.sql ?? 'NULL', context, (re) => {
    const second = args[1]
    if (second === undefined) return `toNullable(${make(re, undefined)})`
    return withNumbers(second.sql, context, (im) => `if(length(${re}) = length(${im}), toNullable(${make(re, im)}), NULL)`)
  })
}

export const SERIES_FOURIER_COLUMNS: ColumnFunctionTable = { series_fft: fourier(false), series_ifft: fourier(true) }
