import { convert } from '../values/convert.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const real = (name: string): KqlFunction => fn('real', 'real', ([x]) => `${name}(${x})`)
/** Outside of where a function is defined KQL has null or NaN; the engine has NaN for both. */
const defined = (name: string, domain: (x: string) => string): KqlFunction =>
  fn('real', 'real', ([x = 'NULL'], { context }) => context.once(x, (value) => `if(${domain(value)}, ${name}(${value}), NULL)`))
const sameKind = (emit: (x: string) => string): KqlFunction =>
  withScalars('any', 'bound', ([x], { context }) =>
    emit(x?.type === 'dynamic' ? convert(x, 'real', context).sql : (x?.sql ?? 'NULL')),
  )
const bits = (sign: string): KqlFunction => fn('long long', 'long', ([a, b]) => `toInt64(${sign}(toInt64(${a}), toInt64(${b})))`)
/** Moved by a number of bits, of which a negative one is none. Source: Kusto documentation, binary_shift_left(). */
const shifted = (name: string): KqlFunction =>
  fn('long long', 'long', ([x, by]) => `if(${by} >= 0, toInt64(${name}(toInt64(${x}), ${by} % 64)), NULL)`)
/** Ties go away from zero, as C++ rounds; the Kusto documentation does not say. */
const rounded = fn('real long?', 'real', ([x, digits], { context }) => {
  const away = (value: string): string => `(sign(${value}) * floor(abs(${value}) + 0.5))`
  if (digits === undefined) return context.once(x ?? 'NULL', away)
  return context.once(`pow(10., ${digits})`, (scale) =>
    context.once(`(${x} * ${scale})`, (value) => `if(isFinite(${value}), ${away(value)} / ${scale}, ${x})`),
  )
})

export const NUMBER_FUNCTIONS: KqlFunctionTable = {
  abs: sameKind((x) => `abs(${x})`),
  ceiling: fn('real', 'real', ([x]) => `ceil(${x})`),
  sign: sameKind((x) => `sign(${x})`),
  exp: real('exp'),
  exp2: real('exp2'),
  exp10: real('exp10'),
  sqrt: defined('sqrt', (x) => `${x} >= 0`),
  log: defined('log', (x) => `${x} >= 0`),
  log2: defined('log2', (x) => `${x} >= 0`),
  log10: defined('log10', (x) => `${x} >= 0`),
  loggamma: real('lgamma'),
  gamma: real('tgamma'),
  pow: fn('real real', 'real', ([x, y]) => `pow(${x}, ${y})`),
  sin: real('sin'),
  cos: real('cos'),
  tan: real('tan'),
  cot: fn('real', 'real', ([x]) => `(1 / tan(${x}))`),
  asin: defined('asin', (x) => `abs(${x}) <= 1`),
  acos: defined('acos', (x) => `abs(${x}) <= 1`),
  atan: real('atan'),
  atan2: fn('real real', 'real', ([y, x]) => `atan2(${y}, ${x})`),
  pi: fn('', 'real', () => 'pi()'),
  degrees: real('degrees'),
  radians: real('radians'),
  round: rounded,
  isnan: fn('real', 'bool', ([x]) => `isNaN(${x}) = 1`),
  isinf: fn('real', 'bool', ([x]) => `isInfinite(${x}) = 1`),
  isfinite: fn('real', 'bool', ([x]) => `isFinite(${x}) = 1`),
  binary_and: bits('bitAnd'),
  binary_or: bits('bitOr'),
  binary_xor: bits('bitXor'),
  binary_not: fn('long', 'long', ([x]) => `toInt64(bitNot(toInt64(${x})))`),
  binary_shift_left: shifted('bitShiftLeft'),
  binary_shift_right: shifted('bitShiftRight'),
  bitset_count_ones: fn('long', 'long', ([x]) => `toInt64(bitCount(toInt64(${x})))`),
}
