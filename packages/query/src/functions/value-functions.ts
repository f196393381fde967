import {
  type CallContext,
  constant,
  type FunctionTable,
  type QueryFunction,
  sameType,
  scalar,
  type Value,
} from './query-function.ts'

const math = (name: string, returns: 'int' | 'float' = 'float') => scalar(1, 1, returns, ([x]) => `${name}(${x})`)

function digitsOf(args: readonly Value[], context: CallContext): number {
  const digits = Number(constant(args, 1, context))
  if (!Number.isInteger(digits) || Math.abs(digits) > 15)
    throw context.refuse(1, 'The digits must be a whole number from -15 to 15.')
  return digits
}

/** Types of the engine by Presto's names for them, the longer first. */
const TYPE_NAMES: readonly (readonly [pattern: string, name: string])[] = [
  ['Nullable\\\\(([^()]*|DateTime64\\\\([^()]*\\\\))\\\\)', '\\\\1'],
  ['DateTime64\\\\([^()]*\\\\)', 'timestamp'],
  ['Date32', 'date'],
  ['U?Int64', 'bigint'],
  ['U?Int32', 'integer'],
  ['U?Int16', 'smallint'],
  ['U?Int8', 'tinyint'],
  ['Float64', 'double'],
  ['Float32', 'real'],
  ['String', 'varchar'],
  ['Bool', 'boolean'],
  ['Nothing', 'unknown'],
  ['Array', 'array'],
  ['Map', 'map'],
]

/** What a value is called; texts and numbers the query writes are of their own types. */
function typeName(value: Value | undefined): string {
  if (value?.type === 'json') return "'json'"
  if (value?.type === 'bool') return "'boolean'"
  const { literal } = value ?? {}
  if (literal !== undefined && value?.type === 'string') return `'varchar(${[...literal].length})'`
  if (literal !== undefined && value?.type === 'int' && Math.abs(Number(literal)) < 2 ** 31) return "'integer'"
  return TYPE_NAMES.reduce(
    (sql, [pattern, name]) => `replaceRegexpAll(${sql}, '${pattern}', '${name}')`,
    `toTypeName(${value?.sql})`,
  )
}

/** Conditions and numbers. */
/** A fraction among whole numbers makes all of them fractions, which the engine does not do by itself. */
const extreme = (name: 'greatest' | 'least'): QueryFunction => ({
  min: 1,
  max: 50,
  returns: (args) => (mixed(args) ? 'float' : sameType(args)),
  kind: 'scalar',
  emit: (args) => {
    const values = args.map(({ sql, type }) => (mixed(args) && type === 'int' ? `toFloat64(${sql})` : sql))
    return `if(${args.map(({ sql }) => `isNull(${sql})`).join(' OR ')}, NULL, ${name}(${values.join(', ')}))`
  },
})
const mixed = (args: readonly Value[]): boolean => ['int', 'float'].every((type) => args.some((arg) => arg.type === type))

export const VALUE_FUNCTIONS: FunctionTable = {
  if: scalar(
    2,
    3,
    (args) => sameType(args.slice(1)),
    ([condition, yes, no]) => `if(ifNull(${condition}, 0), ${yes}, ${no ?? 'NULL'})`,
  ),
  coalesce: scalar(1, 50, sameType, (args) => `coalesce(${args.join(', ')})`),
  nullif: scalar(2, 2, sameType, ([x, y]) => `nullIf(${x}, ${y})`),
  greatest: extreme('greatest'),
  least: extreme('least'),
  typeof: { min: 1, max: 1, returns: 'string', kind: 'scalar', emit: ([x]) => typeName(x) },
  abs: scalar(1, 1, sameType, ([x]) => `abs(${x})`),
  ceil: math('ceil'),
  floor: math('floor'),
  // Presto rounds halves away from zero; the engine's round() goes to even.
  round: {
    min: 1,
    max: 2,
    returns: 'float',
    kind: 'scalar',
    emit(args, context) {
      const digits = args.length < 2 ? 0 : digitsOf(args, context)
      const [x] = args
      return `(sign(${x?.sql}) * floor(abs(${x?.sql}) * ${10 ** digits} + 0.5) / ${10 ** digits})`
    },
  },
  sqrt: math('sqrt'),
  exp: math('exp'),
  ln: math('log'),
  log2: math('log2'),
  log10: math('log10'),
  power: scalar(2, 2, 'float', ([x, y]) => `pow(${x}, ${y})`),
  mod: scalar(2, 2, sameType, ([x, y]) => `(${x} % ${y})`),
  bitwise_and: scalar(2, 2, 'int', ([x, y]) => `bitAnd(${x}, ${y})`),
  bitwise_or: scalar(2, 2, 'int', ([x, y]) => `bitOr(${x}, ${y})`),
  bitwise_xor: scalar(2, 2, 'int', ([x, y]) => `bitXor(${x}, ${y})`),
  bitwise_not: scalar(1, 1, 'int', ([x]) => `bitNot(toInt64(${x}))`),
  bitwise_left_shift: scalar(2, 2, 'int', ([x, y]) => `bitShiftLeft(toInt64(${x}), ${y})`),
  bitwise_right_shift: scalar(2, 2, 'int', ([x, y]) => `bitShiftRight(toInt64(${x}), ${y})`),
  sign: scalar(1, 1, 'int', ([x]) => `toInt64(sign(${x}))`),
  truncate: {
    min: 1,
    max: 2,
    returns: 'float',
    kind: 'scalar',
    emit: (args, context) => `trunc(${args[0]?.sql}${args.length < 2 ? '' : `, ${digitsOf(args, context)}`})`,
  },
  ceiling: math('ceil'),
  pow: scalar(2, 2, 'float', ([x, y]) => `pow(${x}, ${y})`),
  // log(base, x).
  log: scalar(2, 2, 'float', ([base, x]) => `(log(${x}) / log(${base}))`),
  cbrt: math('cbrt'),
  pi: scalar(0, 0, 'float', () => 'pi()'),
  e: scalar(0, 0, 'float', () => 'e()'),
  degrees: math('degrees'),
  radians: math('radians'),
  sin: math('sin'),
  cos: math('cos'),
  tan: math('tan'),
  asin: math('asin'),
  acos: math('acos'),
  atan: math('atan'),
  cosh: math('cosh'),
  tanh: math('tanh'),
  infinity: scalar(0, 0, 'float', () => 'toFloat64(inf)'),
  nan: scalar(0, 0, 'float', () => 'toFloat64(nan)'),
  atan2: scalar(2, 2, 'float', ([y, x]) => `atan2(${y}, ${x})`),
  random: scalar(0, 0, 'float', () => 'randCanonical()'),
  rand: scalar(0, 0, 'float', () => 'randCanonical()'),
  is_nan: scalar(1, 1, 'bool', ([x]) => `toBool(isNaN(toFloat64(${x})))`),
  is_finite: scalar(1, 1, 'bool', ([x]) => `toBool(isFinite(toFloat64(${x})))`),
  is_infinite: scalar(1, 1, 'bool', ([x]) => `toBool(isInfinite(toFloat64(${x})))`),
  width_bucket: scalar(
    4,
    4,
    'int',
    ([x, low, high, count]) => `toInt64(widthBucket(toFloat64(${x}), ${low}, ${high}, toUInt32(${count})))`,
  ),
}
