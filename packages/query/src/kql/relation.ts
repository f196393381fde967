import type { KqlColumn, KqlType } from './kql-type.ts'
import type { Scalar } from './scalar.ts'

/** A column under the user's name; `sql` is its name inside the statement, unique there. */
export interface Column extends KqlColumn {
  readonly sql: string
  /** The value all rows have, where the query itself says it: text, or dynamic as JSON. */
  readonly constant?: string | undefined
}

export interface OrderKey {
  readonly sql: string
  readonly descending: boolean
  readonly nullsFirst: boolean
  /** Whether it numbers the rows, so that no two of them are equal. */
  readonly unique?: true
}

/**
 * Rows of a place in the pipeline. `sql` is a SELECT whose columns have names of our own, so it may carry more of them
 * than `columns` shows: keys of the order, and columns that were projected away.
 */
export interface Relation {
  readonly sql: string
  readonly columns: readonly Column[]
  /** Empty where the order is not defined. */
  readonly order: readonly OrderKey[]
  /** Name of the table the rows come from, as long as they are its own. */
  readonly source?: string
  /**
   * The engine's own columns behind ours, by our names for them, as long as the statement still has them: conditions on
   * them reach the engine's indexes, which conversions would hide.
   */
  readonly raws?: ReadonlyMap<string, string>
  /** Columns that keep rows apart which the steps of mv-apply treat by themselves. */
  readonly partition?: readonly string[]
  /** Where the rows are a graph, which only steps of graphs take. */
  readonly graph?: Graph
  /** Nested SELECTs; the engine's parser has a limit. */
  readonly depth: number
}

/**
 * Nodes and edges as tables that a statement computes once. They stand in joins only: where subqueries for one value read such
 * tables, the engine finds some of them empty (26.7).
 */
export interface Graph {
  /** `SELECT n, ins, outs, …`: the number of a node, of the edges that lead to it and from it, and its properties. */
  readonly nodes: Relation
  /** `SELECT e, s, d, …`: numbers of an edge, its source and its target, and its properties. */
  readonly edges: Relation
  /** Property that holds the id of a node; undefined where none does. */
  readonly id: string | undefined
  readonly idType: KqlType
}

/** Deepest nesting compiled. The engine stops between 50 and 99 levels. */
export const MAX_DEPTH = 60

/** The same columns, more SQL around them. */
export function wrap(relation: Relation, sql: string): Relation {
  return { ...relation, sql, depth: relation.depth + 1 }
}

export function filtered(relation: Relation, condition: string): Relation {
  return wrap(relation, `SELECT * FROM (${relation.sql}) WHERE ${condition}`)
}

/** Gives names that occur once in the statement. */
export interface FreshNames {
  fresh(prefix: string): string
}

export interface NamedScalar {
  readonly name: string
  readonly value: Scalar
}

/** Computes expressions beside the columns there are; the new columns come back in order, the relation shows what it did. */
export function computed(
  relation: Relation,
  values: readonly NamedScalar[],
  names: FreshNames,
): { relation: Relation; columns: Column[] } {
  const added: string[] = []
  const columns = values.map(({ name, value }) => {
    const constant = value.type === 'string' || value.type === 'dynamic' ? value.constant : undefined
    const known = constant === undefined ? {} : { constant }
    if (/^c\d+$/.test(value.sql)) return { name, type: value.type, sql: value.sql, ...known }
    const sql = names.fresh('c')
    added.push(`${stored(value)} AS ${sql}`)
    return { name, type: value.type, sql, ...known }
  })
  if (added.length === 0) return { relation, columns }
  return { relation: wrap(relation, `SELECT *, ${added.join(', ')} FROM (${relation.sql})`), columns }
}

/** A value as a column holds it: text not null, all others nullable, so that an outer join fills what KQL fills. */
export function stored({ sql, type }: Scalar): string {
  return type === 'string' ? `ifNull(${sql}, '')` : `toNullable(${sql})`
}

export function orderBy(keys: readonly OrderKey[]): string {
  if (keys.length === 0) return ''
  const parts = keys.map((key) => `${key.sql} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`)
  return ` ORDER BY ${parts.join(', ')}`
}

/** A column of the statement, whichever it is: a value that differs from row to row must name one. */
export const rowMark = ({ columns, order }: Relation): string => order[0]?.sql ?? columns[0]?.sql ?? '0'

export function findColumn(relation: Relation | undefined, name: string): Column | undefined {
  return relation?.columns.find((column) => column.name === name)
}

export const asScalar = ({ sql, type }: { sql: string; type: KqlType }): Scalar => ({ sql, type })

/** The same rows under names of their own, so that they may stand beside the ones they were made from. */
export function renewed(relation: Relation, fresh: FreshNames): Relation {
  const names = new Map<string, string>()
  const shown = [...relation.columns.map((column) => column.sql), ...relation.order.map((key) => key.sql)]
  for (const sql of shown) if (!names.has(sql)) names.set(sql, fresh.fresh('c'))
  const list = [...names].map(([sql, name]) => `${sql} AS ${name}`)
  const name = (sql: string): string => names.get(sql) ?? sql
  return {
    sql: `SELECT ${list.join(', ') || '1'} FROM (${relation.sql})`,
    columns: relation.columns.map((column) => ({ ...column, sql: name(column.sql) })),
    order: relation.order.map((key) => ({ ...key, sql: name(key.sql) })),
    depth: relation.depth + 1,
    ...(relation.source === undefined ? {} : { source: relation.source }),
  }
}
