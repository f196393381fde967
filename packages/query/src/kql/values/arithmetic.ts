import type { KqlContext } from '../context.ts'
import { isNumber, type KqlType } from '../kql-type.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert, toJson } from './convert.ts'
import { fromTicks, toTicks } from './ticks.ts'

export type ArithmeticSign = '+' | '-' | '*' | '/' | '%'

/** `+ - * / %` on numbers, datetimes and timespans. Whole numbers divide without a fraction; by zero gives null. */
export function arithmetic(
  node: SyntaxNode,
  sign: ArithmeticSign,
  given: readonly [Scalar, Scalar],
  context: KqlContext,
): Scalar {
  if (given.every(({ type }) => type === 'dynamic') && sign !== '/') return ofDynamic(node, sign, given, context)
  const [left, right] = given.map((value, index) => asOperand(value, given[1 - index], context)) as [Scalar, Scalar]
  const pair = `${left.type} ${sign} ${right.type}`
  const [a, b] = [left.sql, right.sql]
  if (isNumber(left.type) && isNumber(right.type)) return numeric(sign, left, right, context)
  switch (pair) {
    case 'datetime - datetime':
      return scalar(`(${toTicks(a)} - ${toTicks(b)})`, 'timespan')
    case 'datetime + timespan':
      return scalar(fromTicks(`${toTicks(a)} + ${b}`), 'datetime')
    case 'timespan + datetime':
      return scalar(fromTicks(`${a} + ${toTicks(b)}`), 'datetime')
    case 'datetime - timespan':
      return scalar(fromTicks(`${toTicks(a)} - ${b}`), 'datetime')
    case 'timespan + timespan':
    case 'timespan - timespan':
      return scalar(`(${a} ${sign} ${b})`, 'timespan')
    case 'timespan / timespan':
      return scalar(`(toFloat64(${a}) / ${b})`, 'real')
    case 'timespan % timespan':
      return scalar(`positiveModulo(${a}, nullIf(${b}, 0))`, 'timespan')
  }
  if (left.type === 'timespan' && isNumber(right.type) && (sign === '*' || sign === '/'))
    return scalar(`accurateCastOrNull(trunc(${a} ${sign} ${factor(right, context)}), 'Int64')`, 'timespan')
  if (isNumber(left.type) && right.type === 'timespan' && sign === '*')
    return scalar(`accurateCastOrNull(trunc(${factor(left, context)} * ${b}), 'Int64')`, 'timespan')
  throw context.refuse(
    node,
    `${left.type} ${sign} ${right.type} is not defined.`,
    'Convert one of them, e.g. with tolong().',
    'PW-QY-005',
  )
}

/** Two dynamic numbers: whole where both are, else real. */
function ofDynamic(node: SyntaxNode, sign: ArithmeticSign, given: readonly [Scalar, Scalar], context: KqlContext): Scalar {
  const [a, b] = given.map(() => context.fresh('v')) as [string, string]
  const made = (type: KqlType): string => {
    const pair = [a, b].map((sql) => convert({ sql, type: 'dynamic' }, type, context)) as [Scalar, Scalar]
    return `ifNull(${toJson(arithmetic(node, sign, pair, context), context)}, 'null')`
  }
  const whole = [a, b].map((sql) => `match(${sql}, '^-?[0-9]+$')`).join(' AND ')
  const list = given.map(({ sql }) => `[ifNull(${sql}, 'null')]`).join(', ')
  const value = `arrayElement(arrayMap((${a}, ${b}) -> if(${whole}, ${made('long')}, ${made('real')}), ${list}), 1)`
  return scalar(`nullIf(${value}, 'null')`, 'dynamic')
}

/** A dynamic operand is read as what the other one is. */
function asOperand(value: Scalar, other: Scalar | undefined, context: KqlContext): Scalar {
  if (value.type === 'bool') return convert(value, 'long', context)
  if (value.type !== 'dynamic') return value
  const type: KqlType = other === undefined || other.type === 'dynamic' || other.type === 'int' ? 'real' : other.type
  return convert(value, type === 'long' ? 'real' : type, context)
}

function numeric(sign: ArithmeticSign, left: Scalar, right: Scalar, context: KqlContext): Scalar {
  const types = [left.type, right.type]
  const type: KqlType = types.includes('decimal')
    ? 'decimal'
    : types.includes('real')
      ? 'real'
      : types.includes('long')
        ? 'long'
        : 'int'
  const [a, b] = [convert(left, type, context).sql, convert(right, type, context).sql]
  const whole = type === 'int' || type === 'long'
  // The engine's own signs would overflow without a word, and change the number of places.
  if (type === 'decimal' && (sign === '*' || sign === '/'))
    return scalar(sign === '*' ? `multiplyDecimal(${a}, ${b}, 12)` : context.once(b, (by) => dividedDecimal(a, by)), type)
  if (sign === '/' && whole) return scalar(`intDivOrZero(${a}, nullIf(${b}, 0))`, type)
  if (sign === '%') return scalar(whole ? `positiveModulo(${a}, nullIf(${b}, 0))` : remainder(type, a, b, context), type)
  return scalar(`(${a} ${sign} ${b})`, type)
}

/** A number by which a timespan is multiplied; products of decimals that are too large would end the query. */
const factor = (value: Scalar, context: KqlContext): string =>
  value.type === 'decimal' ? convert(value, 'real', context).sql : value.sql

/** Never negative. Source: Kusto documentation, "Numerical operators". Decimals have none by zero, as whole numbers. */
const remainder = (type: KqlType, a: string, b: string, context: KqlContext): string =>
  context.once(b, (by) => {
    const safe = type === 'decimal' ? `if(ifNull(${by} = 0, true), toDecimal256(1, 12), assumeNotNull(${by}))` : by
    const rest = context.once(`(${a} % ${safe})`, (left) => `if(${left} < 0, ${left} + abs(${by}), ${left})`)
    return type === 'decimal' ? `if(ifNull(${by} = 0, true), NULL, toNullable(${rest}))` : rest
  })

/** The engine divides by what stands behind a null too, so that must not be zero. */
const dividedDecimal = (a: string, b: string): string =>
  `if(ifNull(${b} = 0, true), NULL, toNullable(divideDecimal(${a}, if(ifNull(${b} = 0, true), toDecimal256(1, 12), assumeNotNull(${b})), 12)))`
