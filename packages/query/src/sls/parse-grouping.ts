import { parseExpression } from './parse-expression.ts'
import type { Expression, Select } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

type Sets = readonly (readonly Expression[])[]
/** Most sets of columns one SELECT may group by. */
const MAX_SETS = 64

/** What follows GROUP BY: columns, and `rollup(…)`, `cube(…)`, `grouping sets (…)` written out as the sets they mean. */
export function parseGrouping(reader: TokenReader): Pick<Select, 'groupBy' | 'groupingSets'> {
  const { offset } = reader.peek()
  const elements = reader.list(() => parseElement(reader))
  const groupBy = elements.flatMap(({ columns }) => columns)
  if (elements.every(({ sets }) => sets === undefined)) return { groupBy }
  const groupingSets = elements.reduce<Sets>(
    (all, { columns, sets = [columns] }) => all.flatMap((left) => sets.map((right) => [...left, ...right])),
    [[]],
  )
  if (groupingSets.length > MAX_SETS)
    throw reader.error('PW-QY-004', `These are ${groupingSets.length} sets of columns; ${MAX_SETS} are supported.`, offset)
  return { groupBy, groupingSets }
}

function parseElement(reader: TokenReader): { columns: readonly Expression[]; sets?: Sets } {
  const word = reader.peek().type === 'name' ? reader.peek().text.toLowerCase() : ''
  if (word === 'grouping' && reader.is('sets', 1)) {
    reader.next()
    reader.next()
    const sets = bracketed(reader, () => parseSet(reader))
    return { columns: sets.flat(), sets }
  }
  if ((word !== 'rollup' && word !== 'cube') || !reader.is('(', 1)) return { columns: [parseExpression(reader)] }
  reader.next()
  const columns = bracketed(reader, () => parseExpression(reader))
  if (word === 'rollup')
    return { columns, sets: [...columns.keys(), columns.length].reverse().map((count) => columns.slice(0, count)) }
  // 2 ** 7 sets are beyond the limit already.
  const chosen = Array.from({ length: 2 ** Math.min(columns.length, 7) }, (_, mask) =>
    columns.filter((__, bit) => ((mask >> bit) & 1) === 0),
  )
  return { columns, sets: chosen }
}

/** `(a, b)`, `()` or one column. */
function parseSet(reader: TokenReader): Expression[] {
  if (!reader.is('(')) return [parseExpression(reader)]
  if (!reader.is(')', 1)) return bracketed(reader, () => parseExpression(reader))
  reader.next()
  reader.next()
  return []
}

function bracketed<T>(reader: TokenReader, item: () => T): T[] {
  reader.expect('(')
  const items = reader.list(item)
  reader.expect(')')
  return items
}
