import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { arithmetic } from '../values/arithmetic.ts'
import { ordering } from '../values/compare.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Terms of the continued fraction, and halvings of an interval: more change nothing in a double. */
const TERMS = 200
const HALVINGS = 60

const logBeta = (a: string, b: string): string => `(lgamma(${a}) + lgamma(${b}) - lgamma(${a} + ${b}))`

/**
 * The regularized incomplete beta function, for 0 ≤ x ≤ 1. Source: the continued fraction of the NIST Digital Library of
 * Mathematical Functions, 8.17.22, by the method of Lentz; x and 1 − x change places where it converges slowly.
 */
function incompleteBeta(x: string, a: string, b: string, context: KqlContext): string {
  const fraction = (z: string, p: string, q: string): string => {
    const m = 'intDiv(i, 2)'
    const even = `(${m} * (${q} - ${m}) * ${z} / ((${p} + 2 * ${m} - 1) * (${p} + 2 * ${m})))`
    const odd = `(-(${p} + ${m}) * (${p} + ${q} + ${m}) * ${z} / ((${p} + 2 * ${m}) * (${p} + 2 * ${m} + 1)))`
    const d = `if(i = 0, 1., if(i % 2 = 0, ${even}, ${odd}))`
    const safe = (value: string): string => `(if(abs(${value}) < 1e-300, 1e-300, ${value}))`
    const [f, c, e] = ['tupleElement(s, 1)', 'tupleElement(s, 2)', 'tupleElement(s, 3)']
    const nextE = `(1 / ${safe(`1 + ${d} * ${e}`)})`
    const nextC = safe(`1 + ${d} / ${c}`)
    const step = `(${f} * ${nextC} * ${nextE}, ${nextC}, ${nextE})`
    const folded = `tupleElement(arrayFold((s, i) -> ${step}, arrayMap(n -> toInt64(n), range(${TERMS})), (1., 1., 0.)), 1)`
    return `exp(${p} * log(${z}) + ${q} * log(1 - ${z}) - ${logBeta(p, q)}) * (${folded} - 1) / ${p}`
  }
  const near = `${x} < (${a} + 1) / (${a} + ${b} + 2)`
  return context.once(
    `(1 - ${x})`,
    (y) => `multiIf(${x} <= 0, 0., ${x} >= 1, 1., ${near}, ${fraction(x, a, b)}, 1 - ${fraction(y, b, a)})`,
  )
}

const bound3 = (args: readonly string[], context: KqlContext, make: (x: string, a: string, b: string) => string): string => {
  const [x, a, b] = args.map((arg) => `toFloat64(ifNull(${arg}, nan))`) as [string, string, string]
  return context.once(x, (p) => context.once(a, (q) => context.once(b, (r) => make(p, q, r))))
}
const outside = (x: string, a: string, b: string): string => `isNaN(${x}) OR ${x} < 0 OR ${x} > 1 OR ${a} <= 0 OR ${b} <= 0`

const betaCdf: KqlFunction = fn('real real real', 'real', (args, { context }) =>
  bound3(args, context, (x, a, b) => `toNullable(if(${outside(x, a, b)}, nan, ${incompleteBeta(x, a, b, context)}))`),
)
const betaPdf: KqlFunction = fn('real real real', 'real', (args, { context }) =>
  bound3(args, context, (x, a, b) => {
    const density = `exp((${a} - 1) * log(${x}) + (${b} - 1) * log(1 - ${x}) - ${logBeta(a, b)})`
    return `toNullable(if(${outside(x, a, b)}, nan, ${density}))`
  }),
)
/** By halving: each step needs the function once. */
const betaInv: KqlFunction = fn('real real real', 'real', (args, { context }) =>
  bound3(args, context, (p, a, b) => {
    const [low, high] = ['tupleElement(h, 1)', 'tupleElement(h, 2)']
    const middle = `((${low} + ${high}) / 2)`
    const step = context.once(middle, (m) => `if(${incompleteBeta(m, a, b, context)} < ${p}, (${m}, ${high}), (${low}, ${m}))`)
    const folded = `arrayFold((h, k) -> ${step}, range(${HALVINGS}), (0., 1.))`
    return `multiIf(${a} <= 0 OR ${b} <= 0, toNullable(nan), isNaN(${p}) OR ${p} < 0 OR ${p} > 1, NULL, tupleElement(${folded}, 1))`
  }),
)

/** Two-sided, with the degrees of freedom of Welch and Satterthwaite. */
const welch: KqlFunction = fn('real real real real real real', 'real', (args, { context }) => {
  const [m1, v1, n1, m2, v2, n2] = args.map((arg) => `toFloat64(ifNull(${arg}, nan))`) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return context.once(`${v1} / ${n1}`, (a) =>
    context.once(`${v2} / ${n2}`, (b) => {
      const squared = `((${m1} - ${m2}) * (${m1} - ${m2}) / (${a} + ${b}))`
      const freedom = `((${a} + ${b}) * (${a} + ${b}) / (${a} * ${a} / (${n1} - 1) + ${b} * ${b} / (${n2} - 1)))`
      return context.once(freedom, (f) =>
        context.once(
          `(${f} / (${f} + ${squared}))`,
          (x) => `toNullable(if(isNaN(${x}), nan, ${incompleteBeta(x, `(${f} / 2)`, '0.5', context)}))`,
        ),
      )
    }),
  )
})

const around: KqlFunction = withScalars('any any any', 'bool', (args, { context, node }) => {
  const [value, center, delta] = args as [Scalar, Scalar, Scalar]
  const from = arithmetic(node, '-', [center, delta], context)
  const to = arithmetic(node, '+', [center, delta], context)
  return `(${ordering(value, from, '>=', context)} AND ${ordering(value, to, '<=', context)})`
})

export const STATISTIC_FUNCTIONS: KqlFunctionTable = {
  erf: fn('real', 'real', ([x]) => `erf(${x})`),
  erfc: fn('real', 'real', ([x]) => `erfc(${x})`),
  beta_cdf: betaCdf,
  beta_pdf: betaPdf,
  beta_inv: betaInv,
  welch_test: welch,
  around,
}
