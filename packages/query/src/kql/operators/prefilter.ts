import { QueryError } from '../../query-error.ts'
import type { Scope } from '../context.ts'
import type { Scalar } from '../expressions/scalar.ts'
import { lowerExpression } from '../lower.ts'
import { findColumn } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** Signs of the engine's index for each comparison: never stricter, since moments there have fewer decimals. */
const BOUNDS: Readonly<Record<string, string>> = {
  GreaterThanExpression: '>=',
  GreaterThanOrEqualExpression: '>=',
  LessThanExpression: '<=',
  LessThanOrEqualExpression: '<=',
  EqualExpression: '=',
}

/**
 * A condition on the engine's own column that every row fulfils which fulfils `node`: it stands in front of the exact one
 * and lets the engine skip what its keys and indexes rule out. Undefined where there is none.
 */
export function prefilter(node: SyntaxNode, scope: Scope): string | undefined {
  const raw = rawColumn(node.fields.Left, scope)
  if (raw === undefined) return undefined
  if (raw.type === 'datetime') return timeBound(node, raw.sql, scope)
  if (node.kind === 'EqualExpression' || node.kind === 'HasCsExpression') {
    const value = fixed(node.fields.Right, scope)
    if (value?.type !== 'string' || value.constant === undefined) return undefined
    if (node.kind === 'EqualExpression') return `${raw.sql} = ${value.sql}`
    return /^[0-9A-Za-z]+$/.test(value.constant) ? `hasToken(${raw.sql}, ${value.sql})` : undefined
  }
  return node.kind === 'InCsExpression' ? listed(node, raw.sql, scope) : undefined
}

function rawColumn(node: SyntaxNode | undefined, { row }: Scope): { sql: string; type: Scalar['type'] } | undefined {
  if (node?.kind !== 'NameReference' || node.refers !== 'column') return undefined
  const column = findColumn(row, node.text)
  const sql = column === undefined ? undefined : row?.raws?.get(column.sql)
  return column === undefined || sql === undefined ? undefined : { sql, type: column.type }
}

function timeBound(node: SyntaxNode, raw: string, scope: Scope): string | undefined {
  const bound = (value: Scalar | undefined, sign: string): string | undefined => {
    if (value === undefined || value.type !== 'datetime') return undefined
    // Cut to the column's decimals, which is down: a later moment is still found by >=, an earlier one by <=.
    return `${raw} ${sign} toDateTime64(assumeNotNull(${value.sql}), 6, 'UTC')`
  }
  const sign = BOUNDS[node.kind]
  if (sign !== undefined) return sign === '=' ? undefined : bound(fixed(node.fields.Right, scope), sign)
  if (node.kind !== 'BetweenExpression') return undefined
  const [first, second] = [fixed(node.fields.Right?.fields.First, scope), fixed(node.fields.Right?.fields.Second, scope)]
  const parts = [bound(first, '>='), bound(second, '<=')].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join(' AND ')
}

function listed(node: SyntaxNode, raw: string, scope: Scope): string | undefined {
  const items = node.fields.Right?.fields.Expressions?.items ?? []
  const values = items.map((item) => fixed(item, scope))
  if (values.length === 0 || values.some((value) => value?.type !== 'string' || value.constant === undefined)) return undefined
  return `${raw} IN (${values.map((value) => value?.sql).join(', ')})`
}

/** A value that is the same for all rows; undefined where it depends on the row, or is a table. */
function fixed(node: SyntaxNode | undefined, scope: Scope): Scalar | undefined {
  if (node === undefined || node.type === undefined || /ToScalar/.test(node.kind)) return undefined
  try {
    return lowerExpression(node, { ...scope, row: undefined })
  } catch (error) {
    if (error instanceof QueryError) return undefined
    throw error
  }
}
