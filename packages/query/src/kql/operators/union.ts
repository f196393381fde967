import { nullOf, type Scope } from '../context.ts'
import type { KqlColumn } from '../kql-type.ts'
import { namedParameters } from '../named-parameters.ts'
import { type NamedRows, tablesOf } from '../named-tables.ts'
import { expressionsOf, resultColumns } from '../operator.ts'
import { isWholeStore } from '../other-workspaces.ts'
import { type Column, findColumn, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { END, optional } from '../unused-columns.ts'
import { convert } from '../values/convert.ts'

/** `union`: columns by name; a name with two types becomes two columns, `name_type`. */
export function lowerUnion(input: Relation | undefined, node: SyntaxNode, scope: Scope): Relation {
  const parameters = namedParameters(node, scope, ['kind', 'withsource', 'isfuzzy'])
  const fuzzy = parameters.get('isfuzzy')?.text.toLowerCase() === 'true'
  const there = expressionsOf(node).filter((item) => !(fuzzy && isMissing(item, scope)))
  const tables = there.flatMap((item) => tablesOf(item, scope))
  const legs = input === undefined ? tables : [{ relation: input, name: input.source }, ...tables]
  if (legs.length === 0) throw scope.context.refuse(node, 'None of these tables exists.', undefined, 'PW-QY-002')
  const source = parameters.get('withsource')?.text
  const kind = parameters.get('kind')
  if (kind !== undefined && kind.text !== 'outer' && kind.text !== 'inner')
    throw scope.context.refuse(kind.node, `The union kind ${kind.text} is not supported.`)
  const bound = resultColumns(node, scope)
  // The binder gives all columns whatever the kind.
  const result = kind?.text === 'inner' ? bound.filter(({ name }) => name === source || isCommon(name, legs)) : bound
  return stacked(legs, { result, source }, scope)
}

const isCommon = (name: string, legs: readonly NamedRows[]): boolean =>
  legs.every(({ relation }) => findColumn(relation, name) !== undefined)

/** The rows of all legs under the columns of the result; `source` is the column that names the leg. */
export function stacked(
  legs: readonly NamedRows[],
  { result, source }: { result: readonly KqlColumn[]; source: string | undefined },
  scope: Scope,
): Relation {
  const { context } = scope
  const columns: Column[] = result.map((column) => ({ ...column, sql: context.fresh('c') }))
  // A wildcard means many tables without rows, whose columns alone would fill the statement.
  const named = legs.map((leg, index) => ({ ...leg, name: leg.name ?? `union_arg${index}` }))
  const filled = named.filter(({ empty }) => empty !== true)
  const selects = (filled.length === 0 ? named.slice(0, 1) : filled).map(({ relation, name }, index) => {
    const list = columns.map((column) => {
      const sql =
        column.name === source ? context.string(name) : legValue(relation, column, { result, first: index === 0 }, scope)
      return optional(sql, column.sql)
    })
    return `SELECT ${[...list, END].join(', ')} FROM (${relation.sql})`
  })
  const sql = `SELECT * FROM (${selects.join(' UNION ALL ')})`
  return { sql, columns, order: [], depth: Math.max(0, ...legs.map((leg) => leg.relation.depth)) + 2 }
}

/** Of the legs the first says the type. */
const absent = ({ type }: KqlColumn, first: boolean): string => (first || type === 'string' ? nullOf(type) : 'NULL')

function legValue(
  relation: Relation,
  column: KqlColumn,
  { result, first }: { result: readonly KqlColumn[]; first: boolean },
  { context }: Scope,
): string {
  const direct = findColumn(relation, column.name)
  if (direct !== undefined && direct.type === column.type) return stored(direct)
  // The binder puts a number behind where a table has a column of that name already.
  const written = [`_${column.type}`, `_${column.type}1`].find((suffix) => column.name.endsWith(suffix))
  if (direct === undefined && result.some((one) => one.name === `${column.name}1`)) return absent(column, first)
  const base = written === undefined ? undefined : findColumn(relation, column.name.slice(0, -written.length))
  if (base !== undefined && base.type === column.type && !result.some((one) => one.name === base.name)) return stored(base)
  return direct === undefined ? absent(column, first) : stored(convert(direct, column.type, context))
}

/** `isfuzzy=true` leaves out tables that do not exist, and pipelines that begin with one. */
function isMissing(item: SyntaxNode, scope: Scope): boolean {
  if (item.kind === 'PipeExpression' || item.kind === 'ParenthesizedExpression')
    return item.fields.Expression !== undefined && isMissing(item.fields.Expression, scope)
  const { lets, context } = scope
  const workspace = context.text.workspaceTables.get(item.start)?.workspace
  if (workspace !== undefined && !isWholeStore(workspace) && !context.workspaces.includes(workspace)) return true
  return item.kind === 'NameReference' && !item.text.includes('*') && !lets.has(item.text) && !context.tables.has(item.text)
}
