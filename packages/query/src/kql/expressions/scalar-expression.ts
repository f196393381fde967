import type { Scope } from '../context.ts'
import { isNumber } from '../kql-type.ts'
import { child, lowerExpression } from '../lower.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { type ArithmeticSign, arithmetic } from '../values/arithmetic.ts'
import { equality, ordering } from '../values/compare.ts'
import { convert } from '../values/convert.ts'
import { lowerDynamic, lowerLiteral } from '../values/literal.ts'
import { anyColumn } from '../values/star.ts'
import { TEXT_MATCHES } from '../values/text-match.ts'
import { lowerCall } from './lower-call.ts'
import { lowerMembership } from './membership.ts'
import { lowerName, lowerPath } from './names.ts'
import { lowerToScalar } from './to-scalar.ts'

type Lower = (node: SyntaxNode, scope: Scope) => Scalar

const ARITHMETIC: Readonly<Record<string, ArithmeticSign>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
}
const ORDERINGS: Readonly<Record<string, string>> = {
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
}

/** A scalar expression. What is not in the tables is refused by name. */
export function scalarExpression(node: SyntaxNode, scope: Scope): Scalar {
  if (node.kind in ARITHMETIC) return arithmetic(node, ARITHMETIC[node.kind] ?? '+', operands(node, scope), scope.context)
  if (node.kind in ORDERINGS) {
    const [left, right] = operands(node, scope)
    return scalar(ordering(left, right, ORDERINGS[node.kind] ?? '<', scope.context), 'bool')
  }
  const lower = KINDS[node.kind] ?? (node.kind.endsWith('LiteralExpression') ? literal : textMatch)
  return lower(node, scope)
}

const literal: Lower = (node, { context }) => lowerLiteral(node, context)

const logical =
  (sign: 'AND' | 'OR'): Lower =>
  (node, scope) => {
    const [left, right] = operands(node, scope).map((value) => convert(value, 'bool', scope.context).sql)
    return scalar(`(${left} ${sign} ${right})`, 'bool')
  }

const equals =
  (negated: boolean): Lower =>
  (node, scope) => {
    const [left, right] = operands(node, scope)
    return scalar(equality(left, right, negated, scope.context), 'bool')
  }

const between =
  (negated: boolean): Lower =>
  (node, scope) => {
    const { context } = scope
    const couple = child(node, 'Right', scope)
    const value = lowerExpression(child(node, 'Left', scope), scope)
    const first = lowerExpression(child(couple, 'First', scope), scope)
    const second = lowerExpression(child(couple, 'Second', scope), scope)
    // `datetime between (from .. 7d)`: the second bound is counted from the first.
    const last =
      first.type === 'datetime' && second.type === 'timespan' ? arithmetic(node, '+', [first, second], context) : second
    const inside = `(${ordering(value, first, '>=', context)} AND ${ordering(value, last, '<=', context)})`
    return scalar(negated ? `(NOT ${inside})` : inside, 'bool')
  }

const textMatch: Lower = (node, scope) => {
  const { context } = scope
  const positive = node.kind.replace(/Expression$/, '')
  const name = positive.replace(/^Not/, '')
  const match = TEXT_MATCHES[positive] ?? TEXT_MATCHES[name]
  if (match === undefined || node.fields.Left === undefined) throw context.refuse(node, `${positive} is not supported.`)
  if (node.fields.Left.kind === 'StarExpression') {
    if (name !== positive) throw context.refuse(node, 'This operator is not supported for all columns at once.')
    const wanted = convert(lowerExpression(child(node, 'Right', scope), scope), 'string', context)
    return anyColumn((text) => match(text, wanted, context), scope)
  }
  const [left, right] = operands(node, scope).map((value) => convert(value, 'string', context)) as [Scalar, Scalar]
  const sql = match(left.sql, right, context)
  return scalar(name === positive ? sql : `(NOT ${sql})`, 'bool')
}

const negate: Lower = (node, scope) => {
  const value = lowerExpression(child(node, 'Expression', scope), scope)
  if (value.type === 'dynamic') return arithmetic(node, '-', [scalar("'0'", 'dynamic'), value], scope.context)
  if (!isNumber(value.type) && value.type !== 'timespan')
    throw scope.context.refuse(
      node,
      `A value of type ${value.type} has no negative.`,
      'Convert it, e.g. with tolong().',
      'PW-QY-005',
    )
  const { constant } = value
  if (constant !== undefined && /^\d+(\.\d+)?$/.test(constant))
    return { sql: `(-${value.sql})`, type: value.type, constant: `-${constant}` }
  return scalar(`(-${value.sql})`, value.type)
}

const inner: Lower = (node, scope) => lowerExpression(child(node, 'Expression', scope), scope)

const KINDS: Readonly<Record<string, Lower>> = {
  NameReference: lowerName,
  BracketedName: lowerName,
  PathExpression: lowerPath,
  ElementExpression: lowerPath,
  ParenthesizedExpression: inner,
  SimpleNamedExpression: inner,
  DynamicExpression: (node, { context }) => lowerDynamic(node, context),
  AndExpression: logical('AND'),
  OrExpression: logical('OR'),
  EqualExpression: equals(false),
  NotEqualExpression: equals(true),
  BetweenExpression: between(false),
  NotBetweenExpression: between(true),
  UnaryMinusExpression: negate,
  UnaryPlusExpression: inner,
  InExpression: lowerMembership,
  NotInExpression: lowerMembership,
  InCsExpression: lowerMembership,
  NotInCsExpression: lowerMembership,
  HasAnyExpression: lowerMembership,
  HasAllExpression: lowerMembership,
  FunctionCallExpression: lowerCall,
  ToScalarExpression: lowerToScalar,
  CompoundStringLiteralExpression: (node, { context }) => lowerLiteral({ ...node, kind: 'StringLiteralExpression' }, context),
}

function operands(node: SyntaxNode, scope: Scope): [Scalar, Scalar] {
  return [lowerExpression(child(node, 'Left', scope), scope), lowerExpression(child(node, 'Right', scope), scope)]
}
