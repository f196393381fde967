import { orderBy } from '../relation.ts'
import { toText } from '../values/convert.ts'
import { type Plugin, shaped } from './plugin.ts'

/** `narrow()`: a row for each cell, with the number of its row and the name of its column. */
export const narrow: Plugin = (input, call) => {
  const { context } = call.scope
  const cells = input.columns.map((column) => `(${context.string(column.name)}, ${toText(column, context)})`)
  const [row, cell] = [context.fresh('c'), context.fresh('c')]
  const numbered = `SELECT row_number() OVER (${orderBy(input.order).trim()}) - 1 AS ${row}, arrayJoin(arrayMap((x, i) -> (i, x.1, x.2), [${cells.join(', ')}] AS l, arrayEnumerate(l))) AS ${cell} FROM (${input.sql})`
  const { list, columns } = shaped([`toNullable(toInt64(${row}))`, `${cell}.2`, `${cell}.3`], call)
  const place = context.fresh('c')
  const sql = `SELECT ${list}, ${cell}.1 AS ${place} FROM (${numbered})`
  const order = [columns[0]?.sql ?? '', place].map((key) => ({ sql: key, descending: false, nullsFirst: true }))
  return { sql, columns, order, depth: input.depth + 2 }
}
