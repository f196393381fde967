import type { Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import { asColumn, type Operator, resultColumns, unnamed } from '../operator.ts'
import { type Column, computed, type OrderKey, type Relation, stored, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/** One level: the rows that are left, each with its value and the text that names its path down to here. */
interface Level {
  readonly relation: Relation
  readonly path: string
  readonly column: Column
  readonly clause: SyntaxNode
}

/**
 * `top-nested`: the values of the greatest aggregations, and in each of them those of the next clause. Rows get the text
 * of their path; a level keeps the paths that are among the first, or calls the others by the name given for them.
 */
export const lowerTopNested: Operator = (input, node, scope) => {
  const { context } = scope
  const result = resultColumns(node, scope)
  const clauses = node.fields.Clauses?.items ?? []
  if (result.length !== clauses.length * 2) throw context.refuse(node, 'The columns of this step are not what was expected.')
  const levels: Level[] = []
  clauses.forEach((clause, at) => {
    const before = levels[at - 1]
    const othersAbove = levels.some((level) => level.clause.fields.WithOthersClause !== undefined)
    if (othersAbove && clause.fields.WithOthersClause === undefined)
      throw context.refuse(clause, 'Below a level with others each level needs others.', 'Add with others = "…".')
    levels.push(lowerLevel({ input, clause, before, wanted: result[at * 2] }, scope))
  })
  return assembled(input, levels, result, scope)
}

function lowerLevel(
  {
    input,
    clause,
    before,
    wanted,
  }: {
    input: Relation
    clause: SyntaxNode
    before: Level | undefined
    wanted: { name: string; type: Column['type'] } | undefined
  },
  scope: Scope,
): Level {
  const { context } = scope
  const rows = before?.relation ?? input
  const of = child(clause, 'OfExpression', scope)
  const value = asColumn(
    lowerExpression(unnamed(of, scope), { ...scope, row: { ...rows, columns: input.columns } }),
    wanted,
    scope,
    of,
  )
  const path = context.fresh('c')
  const text = `ifNull(concat('=', toString(${value.value.sql})), '-')`
  const above = before?.path ?? partitionPath(input)
  const keyed = computed(rows, [value], context)
  const [column] = keyed.columns
  if (column === undefined || wanted === undefined) throw context.refuse(clause, 'This clause has no column.')
  const relation = wrap(
    keyed.relation,
    `SELECT *, concat(${above}, toString(length(${text})), ':', ${text}) AS ${path} FROM (${keyed.relation.sql})`,
  )
  const count = clause.fields.Expression
  const level = { relation: { ...relation, columns: input.columns }, path, column, clause }
  return count === undefined ? level : cut(level, { above, count }, scope)
}

const partitionPath = ({ partition }: Relation): string =>
  partition === undefined
    ? "''"
    : `concat(${partition.map((column) => `ifNull(concat('=', toString(${column})), '-')`).join(", '|', ")}, '')`

/** Keeps the first of a level below each value of the level above. */
function cut(level: Level, { above, count }: { above: string; count: SyntaxNode }, scope: Scope): Level {
  const { context } = scope
  const { relation, path, column, clause } = level
  const wanted = lowerExpression(count, { ...scope, row: undefined }).constant
  if (wanted === undefined || !/^\d+$/.test(wanted))
    throw context.refuse(count, 'The number of values must be a constant, 0 or more.', undefined, 'PW-QY-005')
  const limit = context.parameters.bind(wanted, 'UInt64')
  const [parent, amount] = [context.fresh('c'), context.fresh('c')]
  const { sql, descending } = measure(level, scope)
  const direction = descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'
  const first = `SELECT ${path} FROM (SELECT ${above} AS ${parent}, ${path}, ${sql} AS ${amount} FROM (${relation.sql}) GROUP BY ${parent}, ${path}) ORDER BY ${amount} ${direction}, ${path} LIMIT ${limit} BY ${parent}`
  const among = `${path} IN (SELECT ${path} FROM (${first}))`
  const others = clause.fields.WithOthersClause?.fields.Expression
  if (others === undefined) return { ...level, relation: wrap(relation, `SELECT * FROM (${relation.sql}) WHERE ${among}`) }
  const name = stored(convert(lowerExpression(others, { ...scope, row: undefined }), column.type, context))
  const [value, place, top] = [context.fresh('c'), context.fresh('c'), context.fresh('c')]
  const marked = `SELECT *, ${among} AS ${top} FROM (${relation.sql})`
  const renamed = `SELECT *, if(${top}, ${column.sql}, ${name}) AS ${value}, if(${top}, ${path}, concat(${above}, '*')) AS ${place} FROM (${marked})`
  return {
    relation: { ...wrap(relation, renamed), depth: relation.depth + 2 },
    path: place,
    column: { ...column, sql: value },
    clause,
  }
}

/** The aggregation of a level, for rows that are grouped by its path. */
function measure({ relation, clause }: Level, scope: Scope): { sql: string; descending: boolean } {
  const by = child(clause, 'ByExpression', scope)
  const expression = unnamed(by.kind === 'OrderedExpression' ? child(by, 'Expression', scope) : by, scope)
  const value = lowerExpression(expression, { ...scope, row: relation, aggregating: { place: undefined } })
  return { sql: stored(value), descending: !JSON.stringify(by.fields.Ordering ?? {}).includes('"AscKeyword"') }
}

/** The values of every path of the last level, each beside the aggregation of its own level. */
function assembled(
  input: Relation,
  levels: readonly Level[],
  result: readonly { name: string; type: Column['type'] }[],
  scope: Scope,
): Relation {
  const { context } = scope
  const last = levels.at(-1)
  if (last === undefined) return input
  const kept = [...(input.partition ?? []), ...levels.map((level) => level.column.sql)]
  const paths = levels.map((level) => level.path)
  const group = [...new Set([...kept, ...paths])].join(', ')
  let sql = `SELECT ${group} FROM (${last.relation.sql}) GROUP BY ${group}`
  const columns: Column[] = []
  const order: OrderKey[] = []
  levels.forEach((level, at) => {
    const [amount, path] = [context.fresh('c'), context.fresh('c')]
    const { sql: value, descending } = measure(level, scope)
    const amounts = `SELECT ${level.path} AS ${path}, ${value} AS ${amount} FROM (${level.relation.sql}) GROUP BY ${level.path}`
    sql = `SELECT l.*, r.${amount} AS ${amount} FROM (${sql}) AS l ANY LEFT JOIN (${amounts}) AS r ON l.${level.path} = r.${path}`
    const [name, measured] = [result[at * 2], result[at * 2 + 1]]
    columns.push({ name: name?.name ?? '', type: level.column.type, sql: level.column.sql })
    columns.push({ name: measured?.name ?? '', type: measured?.type ?? 'long', sql: amount })
    order.push({ sql: amount, descending, nullsFirst: !descending }, { sql: level.path, descending: false, nullsFirst: true })
  })
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  return { sql, columns, order, depth: last.relation.depth + levels.length + 2, ...partition }
}
