import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { toJson } from '../values/convert.ts'
import { arrayJson, elements, isArray } from './json-values.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { isWhole, numberOf, realJson } from './series-values.ts'

type Kind = 'number' | 'real' | 'bool'

/** Whole numbers stay whole where all that goes in is whole. */
function resultJson(value: string, kind: Kind, whole: string): string {
  if (kind === 'bool') return `multiIf(isNull(${value}), 'null', ${value}, 'true', 'false')`
  if (kind === 'real') return realJson(value)
  // Beyond the whole numbers there are, a real says it all the same.
  const fits = `ifNull(abs(${value}) < 9e18, false)`
  return `if(${whole} AND ${fits}, toString(toInt64(if(${fits}, assumeNotNull(${value}), 0))), ${realJson(value)})`
}

/** Element by element; a single number stands for every place, and the shorter series is filled with nulls. */
const series = (make: (a: string, b: string) => string, kind: Kind = 'number'): KqlFunction =>
  withScalars('any any', 'dynamic', (args, { context }) => {
    const [a, b] = args.map((arg: Scalar) => `ifNull(${toJson(arg, context)}, 'null')`) as [string, string]
    return context.once(a, (x) => context.once(b, (y) => zipped(x, y, make, kind, context)))
  })

function zipped(x: string, y: string, make: (a: string, b: string) => string, kind: Kind, context: KqlContext): string {
  const size = (json: string): string => `if(${isArray(json)}, length(${elements(json)}), 0)`
  const filled = (json: string, count: string): string =>
    `if(${isArray(json)}, arrayResize(${elements(json)}, ${count}, 'null'), arrayWithConstant(${count}, ${json}))`
  const [p, q] = [context.fresh('v'), context.fresh('v')]
  const value = context.once(make(numberOf(p), numberOf(q)), (v) => resultJson(v, kind, `${isWhole(x)} AND ${isWhole(y)}`))
  return context.once(`greatest(${size(x)}, ${size(y)})`, (count) => {
    const list = arrayJson(`arrayMap((${p}, ${q}) -> ${value}, ${filled(x, count)}, ${filled(y, count)})`)
    return `if(${isArray(x)} OR ${isArray(y)}, toNullable(${list}), NULL)`
  })
}

const each = (make: (x: string) => string, kind: Kind = 'real'): KqlFunction =>
  fn('dynamic', 'dynamic', ([list = 'NULL'], { context }) => {
    const e = context.fresh('v')
    const value = context.once(make(numberOf(e)), (v) => resultJson(v, kind, isWhole(list)))
    return `if(${isArray(list)}, toNullable(${arrayJson(`arrayMap(${e} -> ${value}, ${elements(list)})`)}), NULL)`
  })

export const SERIES_ELEMENT_FUNCTIONS: KqlFunctionTable = {
  series_add: series((a, b) => `(${a} + ${b})`),
  series_subtract: series((a, b) => `(${a} - ${b})`),
  series_multiply: series((a, b) => `(${a} * ${b})`),
  series_divide: series((a, b) => `(${a} / ${b})`, 'real'),
  series_pow: series((a, b) => `pow(${a}, ${b})`, 'real'),
  series_equals: series((a, b) => `(${a} = ${b})`, 'bool'),
  series_not_equals: series((a, b) => `(${a} != ${b})`, 'bool'),
  series_less: series((a, b) => `(${a} < ${b})`, 'bool'),
  series_less_equals: series((a, b) => `(${a} <= ${b})`, 'bool'),
  series_greater: series((a, b) => `(${a} > ${b})`, 'bool'),
  series_greater_equals: series((a, b) => `(${a} >= ${b})`, 'bool'),
  series_abs: each((x) => `abs(${x})`, 'number'),
  series_sign: each((x) => `sign(${x})`, 'number'),
  series_ceiling: each((x) => `ceil(${x})`),
  series_floor: each((x) => `floor(${x})`),
  series_sin: each((x) => `sin(${x})`),
  series_cos: each((x) => `cos(${x})`),
  series_tan: each((x) => `tan(${x})`),
  series_asin: each((x) => `asin(${x})`),
  series_acos: each((x) => `acos(${x})`),
  series_atan: each((x) => `atan(${x})`),
  series_exp: each((x) => `exp(${x})`),
  series_log: each((x) => `log(${x})`),
}
