import type { Scope } from '../context.ts'
import type { KqlColumn } from '../kql-type.ts'
import { child } from '../lower.ts'
import { type Operator, resultColumns } from '../operator.ts'
import { type Column, orderBy, type Relation, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { expand } from './mv-expand.ts'
import { applySubquery } from './subquery.ts'

/**
 * `mv-apply`: the elements of each row go through a pipeline of their own. Rows get a number, every step groups or
 * limits by it, and the columns of the row are carried along; a row whose elements all drop out gives nothing.
 */
export const lowerMvApply: Operator = (input, node, scope) => {
  const { context } = scope
  const result = resultColumns(node, scope)
  if (node.fields.ContextIdClause !== undefined)
    throw context.refuse(node.fields.ContextIdClause, 'The id of mv-apply is not supported.')
  const subquery = child(child(node, 'Subquery', scope), 'Expression', scope)
  const number = context.fresh('c')
  const numbered = wrap(input, `SELECT *, row_number() OVER (${orderBy(input.order).trim()}) AS ${number} FROM (${input.sql})`)
  const expanded = expand(numbered, node, innerColumns(node, input, scope), scope)
  const partition = [...new Set([number, ...(input.partition ?? []), ...input.columns.map((column) => column.sql)])]
  const applied = applySubquery({ ...expanded, partition }, subquery, scope)
  const byName = new Map<string, Column>([...input.columns, ...applied.columns].map((column) => [column.name, column]))
  const { partition: _, ...rest } = applied
  const outer = input.partition === undefined ? {} : { partition: input.partition }
  const order = [{ sql: number, descending: false, nullsFirst: true }, ...rest.order]
  return {
    ...rest,
    ...outer,
    order: input.order.length === 0 ? [] : order,
    columns: result.map((column) => found(byName, column, node, scope)),
  }
}

function found(columns: ReadonlyMap<string, Column>, { name }: KqlColumn, node: SyntaxNode, { context }: Scope): Column {
  const column = columns.get(name)
  if (column === undefined) throw context.refuse(node, `The column "${name}" of this mv-apply cannot be told apart.`)
  return column
}

/** The columns at the start of the inner pipeline: those of the row, and one for each expression. */
function innerColumns(node: SyntaxNode, input: Relation, { context }: Scope): readonly KqlColumn[] {
  const items = node.fields.Expressions?.items ?? []
  const made = items.map((item): KqlColumn => {
    const expression = item.fields.Expression ?? item
    const name =
      expression.kind === 'SimpleNamedExpression' ? (expression.fields.Name?.text ?? '') : expression.implied || expression.text
    if (name === '') throw context.refuse(item, 'This expression needs a name.', 'Write mv-apply name = ….', 'PW-QY-005')
    const type = expression.fields.Name?.type ?? 'dynamic'
    return { name, type }
  })
  const index = (node.fields.Parameters?.items ?? []).find((item) => item.fields.Name?.text === 'with_itemindex')?.fields
    .Expression
  if (index !== undefined) made.push({ name: index.text, type: 'long' })
  const names = new Set(made.map((column) => column.name))
  return [...input.columns.filter((column) => !names.has(column.name)), ...made]
}
