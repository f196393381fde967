import type { KqlContext } from '../context.ts'
import { DOTNET, type KqlType } from '../kql-type.ts'
import type { Operator } from '../operator.ts'
import type { Relation } from '../relation.ts'

const COLUMNS: readonly (readonly [name: string, type: KqlType])[] = [
  ['ColumnName', 'string'],
  ['ColumnOrdinal', 'int'],
  ['DataType', 'string'],
  ['ColumnType', 'string'],
]

/** `getschema`: a row for each column of the input. */
export const lowerGetSchema: Operator = (input, _node, { context }) => getSchemaOf(input, context)

export function getSchemaOf(input: Relation, context: KqlContext): Relation {
  const rows = input.columns.map(
    ({ name, type }, index) =>
      `(${[context.string(name), index, context.string(DOTNET[type]), context.string(type)].join(', ')})`,
  )
  const row = context.fresh('r')
  const columns = COLUMNS.map(([name, type]) => ({ name, type, sql: context.fresh('c') }))
  const list = columns.map((column, index) => `tupleElement(${row}, ${index + 1}) AS ${column.sql}`)
  const sql = `SELECT ${list.join(', ')} FROM (SELECT arrayJoin(CAST([${rows.join(', ')}], 'Array(Tuple(String, Nullable(Int64), String, String))')) AS ${row})`
  const place = columns[1]?.sql ?? ''
  return { sql, columns, order: [{ sql: place, descending: false, nullsFirst: true }], depth: 2 }
}
