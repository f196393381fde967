import type { Scope } from '../context.ts'
import { nearestRank, weightedRank } from '../functions/nearest-rank.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { stored } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { sortable } from '../values/compare.ts'

/**
 * Aggregations that give a column for each of their arguments; undefined for all others.
 *
 * @param shared Takes the rows that several of the columns are members of, as `row AS name`: each is written once.
 */
export function lowerMultiple(node: SyntaxNode, scope: Scope, shared: string[]): Scalar[] | undefined {
  if (node.kind !== 'FunctionCallExpression') return undefined
  const rows: Scope = { ...scope, aggregating: undefined }
  const name = node.fields.Name?.text ?? ''
  const args = argumentsOf(node)
  if (/^arg_?(?:min|max)$/.test(name))
    return members(extreme(name.endsWith('min') ? 'argMin' : 'argMax', args, rows), rows, shared)
  if ((name === 'take_any' || name === 'any') && (args.length > 1 || args[0]?.kind === 'StarExpression')) {
    const values = args.flatMap((arg) => columnsOf(arg, rows, []))
    return members({ row: `any(${tuple(values)})`, values }, rows, shared)
  }
  if (name !== 'percentiles' && name !== 'percentilesw') return undefined
  const values = args.slice(0, name === 'percentiles' ? 1 : 2).map((arg) => lowerExpression(arg, rows))
  const [value, weight] = values
  if (value === undefined) return undefined
  return args.slice(values.length).map((share) => {
    const { constant } = lowerExpression(share, rows)
    if (constant === undefined) throw scope.context.refuse(share, 'The percentile must be a constant.', undefined, 'PW-QY-005')
    const call = { node, context: scope.context, type: value.type, filter: undefined, place: undefined }
    const rank = `${Number(constant)}`
    const sql = weight === undefined ? nearestRank(value, rank, call) : weightedRank(value, weight, rank, call)
    return { sql, type: value.type === 'int' ? 'long' : value.type === 'dynamic' ? 'real' : value.type }
  })
}

/** The engine leaves out rows where the value to compare is null; KQL still gives a row where all of them are. */
function extreme(name: string, args: readonly SyntaxNode[], rows: Scope): Members {
  const [by, ...rest] = args
  if (by === undefined) return { row: 'tuple()', values: [] }
  const key = lowerExpression(by, rows)
  const named = args.flatMap((arg) => plainName(arg) ?? [])
  const values = [key, ...rest.flatMap((arg) => columnsOf(arg, rows, named))]
  const row = tuple(values)
  const order = key.type === 'string' ? key.sql : sortable(key)
  return { row: `if(count(${order}) = 0, any(${row}), ${name}(${row}, ${order}))`, values }
}

/** The column that an expression is, where it is nothing more. */
export const plainName = (node: SyntaxNode): string | undefined =>
  node.kind === 'NameReference' && node.refers === 'column' ? node.text : undefined

/** `*` stands for all columns but those named already, and those the rows are grouped by as they are. */
function columnsOf(arg: SyntaxNode, rows: Scope, named: readonly string[]): Scalar[] {
  if (arg.kind !== 'StarExpression')
    return [lowerExpression(arg.kind === 'SimpleNamedExpression' ? (arg.fields.Expression ?? arg) : arg, rows)]
  const groups = rows.groupColumns ?? []
  return (rows.row?.columns ?? [])
    .filter((column) => !named.includes(column.name) && !groups.includes(column.name))
    .map(({ sql, type }) => ({ sql, type }))
}

const tuple = (values: readonly Scalar[]): string => `tuple(${values.map(stored).join(', ')})`

/** One row of a group, and what it is made of. */
interface Members {
  readonly row: string
  readonly values: readonly Scalar[]
}

/** A column that is a member of a row which was made once. */
export const MEMBER = /^tupleElement\(g\d+, \d+\)$/

function members({ row, values }: Members, { context }: Scope, shared: string[]): Scalar[] {
  const name = context.fresh('g')
  shared.push(`${row} AS ${name}`)
  return values.map(({ type }, index) => ({ sql: `tupleElement(${name}, ${index + 1})`, type }))
}
