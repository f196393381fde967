import type { Scope } from '../context.ts'
import { child, lowerExpression, lowerTable } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { expressionsOf, type Operator, resultColumns } from '../operator.ts'
import { type Column, computed, findColumn, type Relation } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { sameType } from '../values/compare.ts'

/** What the engine calls each kind, and which side's columns come out. */
const KINDS: Readonly<Record<string, { readonly join: string; readonly sides: 'both' | 'left' | 'right' }>> = {
  innerunique: { join: 'INNER JOIN', sides: 'both' },
  inner: { join: 'INNER JOIN', sides: 'both' },
  leftouter: { join: 'LEFT JOIN', sides: 'both' },
  rightouter: { join: 'RIGHT JOIN', sides: 'both' },
  fullouter: { join: 'FULL JOIN', sides: 'both' },
  leftsemi: { join: 'LEFT SEMI JOIN', sides: 'left' },
  leftanti: { join: 'LEFT ANTI JOIN', sides: 'left' },
  anti: { join: 'LEFT ANTI JOIN', sides: 'left' },
  leftantisemi: { join: 'LEFT ANTI JOIN', sides: 'left' },
  rightsemi: { join: 'RIGHT SEMI JOIN', sides: 'right' },
  rightanti: { join: 'RIGHT ANTI JOIN', sides: 'right' },
  rightantisemi: { join: 'RIGHT ANTI JOIN', sides: 'right' },
}

/** `join`: innerunique unless told otherwise. Null keys match nothing. */
export const lowerJoin: Operator = (input, node, scope) => {
  const kind = namedParameters(node, scope, ['kind']).get('kind')
  const name = (kind?.text ?? 'innerunique').toLowerCase()
  const how = KINDS[name]
  if (how === undefined) throw scope.context.refuse(kind?.node ?? node, `The join kind ${name} is not supported.`)
  const keyed = keyedSides(input, node, scope)
  const left = name === 'innerunique' ? unique(keyed.left, keyed.leftKeys) : keyed.left
  const columns =
    how.sides === 'left' ? left.columns : how.sides === 'right' ? keyed.right.columns : [...left.columns, ...keyed.right.columns]
  return joined({ left, right: keyed.right, on: keyed.on, join: how.join, columns }, node, scope)
}

/** `lookup`: a left join, or an inner one, without the keys of the right side. */
export const lowerLookup: Operator = (input, node, scope) => {
  const kind = namedParameters(node, scope, ['kind']).get('kind')?.text ?? 'leftouter'
  if (kind !== 'leftouter' && kind !== 'inner') throw scope.context.refuse(node, `The lookup kind ${kind} is not supported.`)
  const keyed = keyedSides(input, node, scope)
  const columns = [...input.columns, ...keyed.right.columns.filter((column) => !keyed.rightNames.includes(column.name))]
  return joined({ ...keyed, join: kind === 'inner' ? 'INNER JOIN' : 'LEFT JOIN', columns }, node, scope)
}

interface Join {
  readonly left: Relation
  readonly right: Relation
  readonly on: string
  readonly join: string
  readonly columns: readonly Column[]
}

function joined({ left, right, on, join, columns }: Join, node: SyntaxNode, scope: Scope): Relation {
  const result = resultColumns(node, scope)
  if (result.length !== columns.length) throw scope.context.refuse(node, 'The columns of this join are not what was expected.')
  const list = [...new Set(columns.map((column) => column.sql))].join(', ') || '1'
  const sql = `SELECT ${list} FROM (${left.sql}) AS l ${join} (${right.sql}) AS r ON ${on}`
  // What was the same in all rows of a side need not be in rows without a match.
  const named = columns.map(({ name, type, sql }, index) => ({ name: result[index]?.name ?? name, type, sql }))
  return { sql, columns: named, order: [], depth: Math.max(left.depth, right.depth) + 1 }
}

/** Both sides with their keys as columns, and the condition. */
function keyedSides(input: Relation, node: SyntaxNode, scope: Scope) {
  const other = lowerTable(child(node, 'Expression', scope), { ...scope, row: undefined })
  const sides = { left: input, right: other }
  const clause = node.fields.ConditionClause ?? node.fields.LookupClause
  const conditions = clause === undefined ? [] : expressionsOf(clause)
  if (conditions.length === 0) throw scope.context.refuse(node, 'A join needs on ….', undefined, 'PW-QY-005')
  const keys = conditions.flatMap((condition) => keyPairs(condition, { ...scope, row: undefined, sides }))
  const left = computed(
    input,
    keys.map(([value]) => ({ name: '', value })),
    scope.context,
  )
  const right = computed(
    other,
    keys.map(([, value]) => ({ name: '', value })),
    scope.context,
  )
  const on = left.columns.map((column, index) => `l.${column.sql} = r.${right.columns[index]?.sql}`).join(' AND ')
  const rightNames = keys.map(([, value]) => other.columns.find((column) => column.sql === value.sql)?.name ?? '')
  return { left: left.relation, right: right.relation, on, leftKeys: left.columns, rightNames }
}

function keyPairs(node: SyntaxNode, scope: Scope): [Scalar, Scalar][] {
  const { sides, context } = scope
  if (node.kind === 'NameReference') {
    const [left, right] = [findColumn(sides?.left, node.text), findColumn(sides?.right, node.text)]
    if (left === undefined || right === undefined)
      throw context.refuse(node, `Both sides need a column "${node.text}".`, undefined, 'PW-QY-002')
    return [sameType(left, right, context)]
  }
  if (node.kind === 'AndExpression')
    return [...keyPairs(child(node, 'Left', scope), scope), ...keyPairs(child(node, 'Right', scope), scope)]
  if (node.kind !== 'EqualExpression') throw context.refuse(node, 'A join compares keys by == only.')
  const [first, second] = [child(node, 'Left', scope), child(node, 'Right', scope)]
  const swapped = JSON.stringify(first).includes('"$right"')
  const [left, right] = (swapped ? [second, first] : [first, second]).map((side) => lowerExpression(side, scope)) as [
    Scalar,
    Scalar,
  ]
  return [sameType(left, right, context)]
}

/** One row of the left side for each key. */
function unique(left: Relation, keys: readonly Column[]): Relation {
  return {
    ...left,
    sql: `SELECT * FROM (${left.sql}) LIMIT 1 BY ${keys.map((key) => key.sql).join(', ')}`,
    depth: left.depth + 1,
  }
}
