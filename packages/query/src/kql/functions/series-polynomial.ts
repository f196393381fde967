import type { KqlContext } from '../context.ts'
import type { ColumnFunction } from './column-function.ts'
import { constantAt } from './kql-function.ts'
import { explained, realSeries, sampleOf, spreadOf, withNumbers } from './series-values.ts'

/** Normal equations of a polynomial, solved by elimination; the degree is a constant, so the steps are written out. */
export const fitPolynomial: ColumnFunction = {
  least: 1,
  most: 3,
  emit(args, call) {
    const { context, node } = call
    const degreeAt = args.length === 2 && args[1]?.type !== 'dynamic' ? 1 : 2
    const degree = args[degreeAt] === undefined ? 1 : Number(constantAt(args, degreeAt, call))
    if (!Number.isInteger(degree) || degree < 1 || degree > 6)
      throw context.refuse(node, 'The degree must be a whole number from 1 to 6.', undefined, 'PW-QY-005')
    const axis = args[1]?.type === 'dynamic' ? args[1].sql : undefined
    const value = (pick: (x: string, y: string, c: string) => string): string =>
      withNumbers(args[0]?.sql ?? 'NULL', context, (y) => {
        const points = (x: string): string =>
          context.once(
            polynomial(x, y, degree, context),
            (c) => `if(length(${x}) = length(${y}), toNullable(${pick(x, y, c)}), NULL)`,
          )
        return axis === undefined
          ? context.once(`arrayMap(i -> toFloat64(i), arrayEnumerate(${y}))`, points)
          : withNumbers(axis, context, points)
      })
    const at = (x: string, c: string): string => `arrayFold((s, k) -> s * ${x} + k, ${c}, toFloat64(0))`
    const left = (x: string, y: string, c: string): string =>
      `arraySum((p, n) -> (n - ${at('p', c)}) * (n - ${at('p', c)}), ${x}, ${y})`
    return [
      { sql: value((x, y, c) => explained(left(x, y, c), spreadOf(y))), type: 'real' },
      { sql: value((_x, _y, c) => realSeries(c)), type: 'dynamic' },
      { sql: value((_x, y) => sampleOf(spreadOf(y), y)), type: 'real' },
      { sql: value((x, y, c) => sampleOf(left(x, y, c), y)), type: 'real' },
      { sql: value((x, _y, c) => realSeries(`arrayMap(p -> ${at('p', c)}, ${x})`)), type: 'dynamic' },
    ]
  },
}

/** Coefficients from the highest power to the lowest, by Gauss and Jordan over the rows of the normal equations. */
function polynomial(x: string, y: string, degree: number, context: KqlContext): string {
  const size = degree + 1
  const cell = (r: string, c: string): string => `arraySum(p -> pow(p, ${r} + ${c}), ${x})`
  const right = (r: string): string => `arraySum((p, n) -> n * pow(p, ${r}), ${x}, ${y})`
  let rows = `arrayMap(r -> arrayPushBack(arrayMap(c -> ${cell('r', 'c')}, range(${size})), ${right('r')}), range(${size}))`
  for (let step = 1; step <= size; step += 1) {
    const [m, best] = [context.fresh('v'), context.fresh('v')]
    // The row with the greatest value in this column changes places with the one at the step.
    const swapped = `arrayMap(r -> multiIf(r = ${step}, ${m}[${best}], r = ${best}, ${m}[${step}], ${m}[r]), arrayEnumerate(${m}))`
    const choose = `toInt64(arraySort(r -> -abs(${m}[r][${step}]), range(${step}, ${size + 1}))[1])`
    const made = `arrayMap(${best} -> ${swapped}, [${choose}])[1]`
    const s = context.fresh('v')
    const scaled = `arrayMap(n -> n / ${s}[${step}][${step}], ${s}[${step}])`
    const cleared = `arrayMap(r -> if(r = ${step}, ${scaled}, arrayMap((n, k) -> n - ${s}[r][${step}] * k, ${s}[r], ${scaled})), arrayEnumerate(${s}))`
    rows = `arrayMap(${s} -> ${cleared}, [arrayMap(${m} -> ${made}, [${rows}])[1]])[1]`
  }
  return `arrayReverse(arrayMap(r -> r[${size + 1}], ${rows}))`
}
