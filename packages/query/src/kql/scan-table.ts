import type { KqlContext } from './context.ts'
import { identityColumn } from './identity-column.ts'
import { ENGINE_TYPES } from './kql-type.ts'
import type { Relation } from './relation.ts'
import type { KqlTable } from './tables/kql-table.ts'
import { END, optional } from './unused-columns.ts'

/** The rows of a table of the catalog, inside the time range of the request; of some clusters only, or of all. */
export function scanTable(table: KqlTable, context: KqlContext, clusters = context.clusters): Relation {
  const columns = table.columns.map(({ name, type }) => ({ name, type, sql: context.fresh('c') }))
  const raws = new Map<string, string>()
  const list = table.columns.map((column, index) => {
    const value =
      column.sql === undefined
        ? `CAST(${column.type === 'string' ? "''" : 'NULL'}, '${quoted(ENGINE_TYPES[column.type])}')`
        : column.identity !== undefined
          ? identityColumn(column.sql, column.identity, context)
          : cast(column.sql, column.type)
    const name = columns[index]?.sql ?? ''
    const plain =
      column.sql !== undefined &&
      column.identity === undefined &&
      /^\w+$/.test(column.sql) &&
      (column.type === 'string' || column.type === 'datetime')
    if (plain) raws.set(name, `${name}r`)
    return optional(value, name) + (plain ? `, ${optional(column.sql ?? '', `${name}r`)}` : '')
  })
  const bounds = [
    ...(context.from === undefined
      ? []
      : [`${table.timeColumn} >= ${context.parameters.bind(context.from, "DateTime64(6, 'UTC')")}`]),
    ...(context.to === undefined ? [] : [`${table.timeColumn} < ${context.parameters.bind(context.to, "DateTime64(6, 'UTC')")}`]),
    ...(clusters === undefined ? [] : [`cluster IN [${clusters.map((one) => context.string(one)).join(', ')}]`]),
    ...(table.where === undefined ? [] : [table.where]),
  ]
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`
  return {
    sql: `SELECT ${list.join(', ')}, ${END} FROM ${table.from}${where}`,
    columns,
    order: [],
    depth: 1,
    source: table.name,
    raws,
  }
}

const quoted = (type: string): string => type.replaceAll("'", "\\'")

function cast(sql: string, type: keyof typeof ENGINE_TYPES): string {
  return type === 'string' ? `toString(${sql})` : `CAST(${sql}, '${quoted(ENGINE_TYPES[type])}')`
}
