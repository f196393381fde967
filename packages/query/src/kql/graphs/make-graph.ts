import { type KqlContext, nullOf, type Scope } from '../context.ts'
import { child, lowerTable } from '../lower.ts'
import { mustFind, type Operator } from '../operator.ts'
import { type Column, orderBy, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { graphRelation } from './graph.ts'

/** Rows that nodes come from, and the column with their ids. */
interface NodeRows {
  readonly sql: string
  readonly columns: readonly Column[]
  readonly id: Column
  /** Which end of an edge each row is. */
  readonly end?: 'source' | 'target'
}

/** `edges | make-graph source --> target`: each row is an edge, and each id that an edge or a table of nodes has is a node. */
export const lowerMakeGraph: Operator = (input, node, scope) => {
  const { context } = scope
  const partitioned = node.fields.PartitionedByClause
  if (partitioned !== undefined)
    throw context.refuse(partitioned, 'partitioned-by is not supported.', 'Filter the edges before make-graph.')
  const source = mustFind(input.columns, child(node, 'SourceColumn', scope).text, node, scope)
  const target = mustFind(input.columns, child(node, 'TargetColumn', scope).text, node, scope)
  const tables = nodeTables(node, scope)
  const other = [target, ...tables.map(({ id }) => id)].find(({ type }) => type !== source.type)
  if (other !== undefined)
    throw context.refuse(
      node,
      `Ids of nodes must have one type: ${source.name} is ${source.type}, ${other.name} is ${other.type}.`,
      undefined,
      'PW-QY-005',
    )
  const clause = node.fields.WithClause
  const id = clause?.kind === 'MakeGraphWithImplicitIdClause' ? clause.fields.Name?.text : tables[0]?.id.name
  const edge = context.fresh('c')
  const number = `toInt64(row_number() OVER (${orderBy(input.order).trim()}))`
  const rows = shared(`SELECT *, ${number} AS ${edge} FROM (${input.sql})`, context)
  const ends = (['source', 'target'] as const).map((end) => ({
    sql: `SELECT * FROM ${rows}`,
    columns: [],
    id: end === 'source' ? source : target,
    end,
  }))
  const nodes = mergedNodes([...tables, ...ends], propertiesOf(tables, id, source, context), id, context)
  const [s, d] = [context.fresh('c'), context.fresh('c')]
  const numbers = (name: string): string => `(SELECT key AS k${name}, n AS ${name} FROM ${nodes.table})`
  const joined = `SELECT * FROM (SELECT * FROM ${rows}) AS x INNER JOIN ${numbers(s)} AS y ON ${key(source)} = y.k${s} INNER JOIN ${numbers(d)} AS z ON ${key(target)} = z.k${d}`
  const table = shared(
    `SELECT ${[`${edge} AS e`, `${s} AS s`, `${d} AS d`, ...input.columns.map(({ sql }) => sql)].join(', ')} FROM (${joined})`,
    context,
  )
  const columns = input.columns.map(({ name, type, sql }) => ({ name, type, sql }))
  return graphRelation({
    nodes: { sql: `SELECT * FROM ${nodes.table}`, columns: nodes.columns, order: [], depth: 1 },
    edges: { sql: `SELECT * FROM ${table}`, columns, order: [], depth: 1 },
    id,
    idType: source.type,
  })
}

function shared(sql: string, context: KqlContext): string {
  const name = context.fresh('shared')
  context.shared.set(name, sql)
  return name
}

/** Ids as text, so that those of all tables compare. */
const key = ({ sql, type }: Column): string => (type === 'string' ? sql : `ifNull(toString(${sql}), '')`)

function nodeTables(node: SyntaxNode, scope: Scope): NodeRows[] {
  const clause = node.fields.WithClause
  if (clause?.kind !== 'MakeGraphWithTablesAndKeysClause') return []
  const given = Object.values(clause.fields).flatMap((field) => [field, ...field.items])
  const tables = given
    .filter(({ kind }) => kind === 'MakeGraphTableAndKeyClause')
    .map((part) => {
      const { sql, columns } = lowerTable(child(part, 'Table', scope), scope)
      return { sql, columns, id: mustFind(columns, child(part, 'Column', scope).text, part, scope) }
    })
  if (tables[1] !== undefined && tables[0]?.id.name !== tables[1].id.name)
    throw scope.context.refuse(clause, 'Both tables of nodes must have their ids under one name here.', 'Use project-rename.')
  return tables
}

/** Properties of the nodes, in the order in which their tables have them. */
function propertiesOf(tables: readonly NodeRows[], id: string | undefined, { type }: Column, context: KqlContext): Column[] {
  const found = new Map<string, Column>()
  const named = tables.length === 0 && id !== undefined ? [{ name: id, type }] : tables.flatMap(({ columns }) => columns)
  for (const column of named)
    if (!found.has(column.name)) found.set(column.name, { name: column.name, type: column.type, sql: context.fresh('c') })
  return [...found.values()]
}

/** One row for each id. Of properties that differ, any is kept; those of nodes that only edges name are empty but for the id. */
function mergedNodes(rows: readonly NodeRows[], columns: readonly Column[], id: string | undefined, context: KqlContext) {
  const parts = rows.map((one) => {
    const values = columns.map((column) => {
      const found =
        column.name === id ? one.id : one.columns.find(({ name, type }) => name === column.name && type === column.type)
      return `${found === undefined ? nullOf(column.type) : stored(found)} AS m${column.sql}`
    })
    return `SELECT ${[`${key(one.id)} AS key`, `${one.end === 'target' ? 1 : 0} AS is_in`, `${one.end === 'source' ? 1 : 0} AS is_out`, ...values].join(', ')} FROM (${one.sql})`
  })
  const kept = columns.map(({ sql, type }) =>
    type === 'string' ? `ifNull(any(nullIf(m${sql}, '')), '') AS ${sql}` : `any(m${sql}) AS ${sql}`,
  )
  const merged = `SELECT ${['key', 'toNullable(toInt64(sum(is_in))) AS ins', 'toNullable(toInt64(sum(is_out))) AS outs', ...kept].join(', ')} FROM (${parts.join(' UNION ALL ')}) GROUP BY key`
  return { table: shared(`SELECT *, toInt64(row_number() OVER (ORDER BY key)) AS n FROM (${merged})`, context), columns }
}
