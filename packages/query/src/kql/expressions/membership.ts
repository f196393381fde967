import type { Scope } from '../context.ts'
import { child, lowerExpression, lowerTable } from '../lower.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { sameType } from '../values/compare.ts'
import { convert, unquoted } from '../values/convert.ts'
import { hasTerm } from '../values/text-match.ts'

/** `in`, `!in`, `in~`, `!in~`, `has_any`, `has_all`: a list of values, dynamic arrays or one table. */
export function lowerMembership(node: SyntaxNode, scope: Scope): Scalar {
  const { context } = scope
  const left = lowerExpression(child(node, 'Left', scope), scope)
  const right = child(node, 'Right', scope)
  const items = right.fields.Expressions?.items ?? [right]
  if (node.kind.startsWith('Has')) return terms(node, left, items, scope)
  // `in~` is the one the parser calls In, since the plain operator is case-sensitive.
  const operator = node.fields.Operator?.text ?? ''
  const folded = operator.includes('~')
  const fold = (sql: string): string => (folded ? `lowerUTF8(${sql})` : sql)
  const value = folded || left.type === 'dynamic' ? convert(left, 'string', context) : left
  const [first] = items
  const found =
    items.length === 1 && first?.columns !== undefined
      ? `${fold(value.sql)} IN (${tableColumn(first, value, fold, scope)})`
      : listed(
          value,
          items.map((item) => lowerExpression(item, scope)),
          fold,
          scope,
        )
  const sql = value.type === 'string' ? `(${found})` : `ifNull(${found}, false)`
  return scalar(operator.startsWith('!') ? `(NOT ${sql})` : sql, 'bool')
}

function tableColumn(node: SyntaxNode, value: Scalar, fold: (sql: string) => string, scope: Scope): string {
  const relation = lowerTable(node, { ...scope, row: undefined })
  const [column] = relation.columns
  if (column === undefined) throw scope.context.refuse(node, 'This table has no column.', undefined, 'PW-QY-005')
  return `SELECT ${fold(convert({ sql: column.sql, type: column.type }, value.type, scope.context).sql)} FROM (${relation.sql})`
}

function listed(value: Scalar, list: readonly Scalar[], fold: (sql: string) => string, { context }: Scope): string {
  const plain = list.filter((item) => item.type !== 'dynamic')
  const tests: string[] = []
  if (plain.length > 0) {
    const values = plain.map((item) => fold(sameType(item, value, context)[0].sql))
    const compared =
      plain.every((item) => item.type !== 'string') && value.type === 'string'
        ? convert(value, plain[0]?.type ?? 'string', context)
        : value
    // Values of different types are compared one by one, each pair as one type.
    const mixed = value.type !== 'string' && plain.some((item) => item.type !== 'string' && item.type !== value.type)
    if (mixed) tests.push(...plain.map((item) => pairTest(item, value, context)))
    else tests.push(`${fold(compared.sql)} IN (${values.join(', ')})`)
  }
  for (const item of list.filter((one) => one.type === 'dynamic')) {
    const text = fold(convert(value, 'string', context).sql)
    tests.push(`has(arrayMap(e -> ${fold(unquoted('e'))}, JSONExtractArrayRaw(ifNull(${item.sql}, ''))), ${text})`)
  }
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`
}

function pairTest(item: Scalar, value: Scalar, context: Scope['context']): string {
  const [a, b] = sameType(item, value, context)
  return `ifNull(${a.sql} = ${b.sql}, false)`
}

function terms(node: SyntaxNode, left: Scalar, items: readonly SyntaxNode[], scope: Scope): Scalar {
  const { context } = scope
  const text = convert(left, 'string', context).sql
  const all = node.kind.startsWith('HasAll')
  const tests = items.map((item) => {
    if (item.columns !== undefined)
      throw context.refuse(item, 'A table is not supported here.', 'Put the values into dynamic([…]).')
    const value = lowerExpression(item, scope)
    if (value.type !== 'dynamic') return hasTerm(text, convert(value, 'string', context), context)
    const constants = constantTexts(value.constant)
    if (constants !== undefined) {
      const each = constants.map((word) => hasTerm(text, { sql: context.string(word), type: 'string', constant: word }, context))
      return each.length === 0 ? String(all) : `(${each.join(all ? ' AND ' : ' OR ')})`
    }
    const test = hasTerm(text, { sql: unquoted('e'), type: 'string' }, context)
    return `array${all ? 'All' : 'Exists'}(e -> ${test}, JSONExtractArrayRaw(ifNull(${value.sql}, '')))`
  })
  return scalar(`(${tests.join(all ? ' AND ' : ' OR ')})`, 'bool')
}

function constantTexts(json: string | undefined): string[] | undefined {
  if (json === undefined) return undefined
  const list: unknown = JSON.parse(json)
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined
}
