import { QueryError } from '../../query-error.ts'
import type { Scope } from '../context.ts'
import { lowerExpression } from '../lower.ts'
import { findColumn } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** A condition the engine can answer from its keys and indexes; where it is exact it stands for the whole. */
export interface Prefilter {
  readonly sql: string
  readonly exact: boolean
}

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
}

/**
 * A condition on the engine's own column that every row fulfils which fulfils `node`: it lets the
 * engine skip what its keys and indexes rule out. Undefined where there is none.
 */
export function prefilter(node: SyntaxNode, scope: Scope): Prefilter | undefined {
  const raw = rawColumn(node.fields.Left, scope)
  if (raw === undefined) return undefined
  if (raw.type === 'datetime') return timeBound(node, raw.sql, scope)
  const sql = textTest(node, raw.sql, scope)
  return sql === undefined ? innerTerms(node, raw.sql, scope) : { sql, exact: true }
}

function textTest(node: SyntaxNode, raw: string, scope: Scope): string | undefined {
  if (node.kind === 'EqualExpression' || TERM_TESTS.has(node.kind)) {
    const value = fixed(node.fields.Right, scope)
    if (value?.type !== 'string' || value.constant === undefined) return undefined
    if (node.kind === 'EqualExpression') return `${raw} = ${value.sql}`
    if (!/^[0-9A-Za-z]+$/.test(value.constant)) return undefined
    return node.kind === 'HasCsExpression' ? `hasToken(${raw}, ${value.sql})` : anyCase(raw, value.constant, scope)
  }
  return node.kind === 'InCsExpression' ? listed(node, raw, scope) : undefined
}

const TERM_TESTS = new Set(['HasCsExpression', 'HasExpression'])
/** Tests of a text whose needle stands in what they find, in any case or as written. */
const CONTAINING = /^(?:Has|HasPrefix|HasSuffix|Contains|StartsWith|EndsWith)(?:Cs)?Expression$/

/** A term whatever its case: the store has an index of its command lines and messages in small letters. */
const anyCase = (raw: string, term: string, { context }: Scope): string =>
  `hasToken(lower(${raw}), ${context.string(term.toLowerCase())})`

/** Terms of the needle with something else on both sides of them are terms of every text that holds it. */
function innerTerms(node: SyntaxNode, raw: string, scope: Scope): Prefilter | undefined {
  if (!CONTAINING.test(node.kind)) return undefined
  const value = fixed(node.fields.Right, scope)
  if (value?.type !== 'string' || value.constant === undefined) return undefined
  const terms = [...value.constant.matchAll(/(?<=[\0-\x7f])(?<![0-9A-Za-z])[0-9A-Za-z]+(?![0-9A-Za-z])(?=[\0-\x7f])/g)].map(
    ([term]) => term,
  )
  if (terms.length === 0) return undefined
  return { sql: terms.map((term) => anyCase(raw, term, scope)).join(' AND '), exact: false }
}

function rawColumn(node: SyntaxNode | undefined, { row }: Scope): { sql: string; type: Scalar['type'] } | undefined {
  if (node?.kind !== 'NameReference' || node.refers !== 'column') return undefined
  const column = findColumn(row, node.text)
  const sql = column === undefined ? undefined : row?.raws?.get(column.sql)
  return column === undefined || sql === undefined ? undefined : { sql, type: column.type }
}

function timeBound(node: SyntaxNode, raw: string, scope: Scope): Prefilter | undefined {
  const sign = SIGNS[node.kind]
  if (sign !== undefined) return bound(raw, sign, fixed(node.fields.Right, scope))
  if (node.kind !== 'BetweenExpression') return undefined
  const { First: first, Second: second } = node.fields.Right?.fields ?? {}
  const parts = [bound(raw, '>=', fixed(first, scope)), bound(raw, '<=', fixed(second, scope))]
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 0) return undefined
  return { sql: known.map(({ sql }) => sql).join(' AND '), exact: known.length === 2 && known.every(({ exact }) => exact) }
}

/** Moments of the store have six decimals; one of the query that has no more is compared as it is. */
function bound(raw: string, sign: string, value: Scalar | undefined): Prefilter | undefined {
  if (value === undefined || value.type !== 'datetime') return undefined
  const exact = value.constant !== undefined && /^-?\d*0$/.test(value.constant)
  // Else it is cut, which is down: a later moment is still found by >=, an earlier one by <=.
  const loose = exact || sign.length === 2 ? sign : `${sign}=`
  return { sql: `${raw} ${loose} toDateTime64(assumeNotNull(${value.sql}), 6, 'UTC')`, exact }
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
