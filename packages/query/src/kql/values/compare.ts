import type { KqlContext } from '../context.ts'
import { isNumber } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from './convert.ts'
import { toTicks } from './ticks.ts'

/** Brings two operands to one type, as the binder's operators take them. */
export function sameType(left: Scalar, right: Scalar, context: KqlContext): [Scalar, Scalar] {
  if (left.type === right.type) return [left, right]
  if (left.type === 'dynamic') return asNumber(left, right, context) ?? [convert(left, right.type, context), right]
  if (right.type === 'dynamic') {
    const pair = asNumber(right, left, context)
    return pair === undefined ? [left, convert(right, left.type, context)] : [pair[1], pair[0]]
  }
  if (isNumber(left.type) && isNumber(right.type)) {
    const type = [left.type, right.type].includes('decimal')
      ? 'decimal'
      : [left.type, right.type].includes('real')
        ? 'real'
        : 'long'
    return [convert(left, type, context), convert(right, type, context)]
  }
  if (left.type === 'string') return [convert(left, right.type, context), right]
  if (right.type === 'string') return [left, convert(right, left.type, context)]
  return [left, convert(right, left.type, context)]
}

/**
 * A dynamic value beside a whole number keeps its fraction: 1.5 is not 1. Reals hold the constants of that size exactly,
 * all else is compared as decimals.
 */
function asNumber(dynamic: Scalar, other: Scalar, context: KqlContext): [Scalar, Scalar] | undefined {
  if (other.type !== 'int' && other.type !== 'long') return undefined
  const small = other.constant !== undefined && Math.abs(Number(other.constant)) <= Number.MAX_SAFE_INTEGER
  const type = small ? 'real' : 'decimal'
  return [convert(dynamic, type, context), convert(other, type, context)]
}

/** `==` and `!=`. One null makes it false or true; two nulls make null. Source: Kusto documentation, "Null values". */
export function equality(left: Scalar, right: Scalar, negated: boolean, context: KqlContext): string {
  const [a, b] = sameType(left, right, context)
  const sign = negated ? '!=' : '='
  if (a.type === 'string') return `(${a.sql} ${sign} ${b.sql})`
  if (a.constant !== undefined || b.constant !== undefined) return `ifNull(${a.sql} ${sign} ${b.sql}, ${negated})`
  return context.once(a.sql, (x) =>
    context.once(b.sql, (y) => `if(isNull(${x}) AND isNull(${y}), NULL, ifNull(${x} ${sign} ${y}, ${negated}))`),
  )
}

export function ordering(left: Scalar, right: Scalar, sign: string, context: KqlContext): string {
  const [a, b] = sameType(left, right, context)
  return `(${a.sql} ${sign} ${b.sql})`
}

/** A value by which the engine can compare, group and sort like KQL does. */
export const sortable = (value: Scalar): string => (value.type === 'datetime' ? toTicks(value.sql) : value.sql)
