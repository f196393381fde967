import { parseOrderBy } from './parse-order.ts'
import type { Call, Expression, Frame, Window } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** A function and what may stand behind its brackets: a filter, a window. */
export function parseCall(reader: TokenReader): Expression {
  const { text, offset } = reader.next()
  reader.expect('(')
  const distinct = reader.accept('distinct')
  const args = reader.is(')') ? [] : reader.list(() => reader.expression())
  reader.expect(')')
  if (text.toLowerCase() === 'try') return safely(reader, args, offset)
  const filter = reader.is('filter') && reader.is('(', 1) ? parseFilter(reader) : {}
  const call: Call = { type: 'call', name: text.toLowerCase(), args, distinct, offset, ...filter }
  return reader.accept('over') ? { ...call, over: parseWindow(reader) } : call
}

/** `count(*) filter (where …)`. */
function parseFilter(reader: TokenReader): Pick<Call, 'filter'> {
  reader.next()
  reader.expect('(')
  reader.expect('where')
  const filter = reader.expression()
  reader.expect(')')
  return { filter }
}

/** `try(cast(…))` is `try_cast(…)`. What else may fail fails the whole query in the engine, so it is not promised here. */
function safely(reader: TokenReader, [only, ...more]: readonly Expression[], offset: number): Expression {
  if (only?.type === 'cast' && more.length === 0) return { ...only, safe: true }
  throw reader.error('PW-QY-004', 'try is supported around a cast only.', offset, 'Guard with if(…) or nullif(…) instead.')
}

function parseWindow(reader: TokenReader): Window {
  reader.expect('(')
  let partitionBy: Expression[] = []
  if (reader.accept('partition')) {
    reader.expect('by')
    partitionBy = reader.list(() => reader.expression())
  }
  const orderBy = parseOrderBy(reader)
  const frame = parseFrame(reader)
  reader.expect(')')
  return { partitionBy, orderBy, ...(frame === undefined ? {} : { frame }) }
}

/** `rows between 2 preceding and current row`; with one bound it ends at the current row. */
function parseFrame(reader: TokenReader): Frame | undefined {
  const unit = reader.accept('rows') ? 'rows' : reader.accept('range') ? 'range' : undefined
  if (unit === undefined) return undefined
  const { offset } = reader.peek()
  const both = reader.accept('between')
  const start = parseBound(reader)
  if (both) reader.expect('and')
  const end = both ? parseBound(reader) : 0
  if (start > end || start === Number.POSITIVE_INFINITY || end === Number.NEGATIVE_INFINITY)
    throw reader.error('PW-QY-005', 'This frame ends before it begins.', offset)
  return { unit, start, end }
}

function parseBound(reader: TokenReader): number {
  if (reader.accept('current')) {
    reader.expect('row')
    return 0
  }
  const unbounded = reader.accept('unbounded')
  const token = unbounded ? undefined : reader.next()
  if (token !== undefined && (token.type !== 'number' || !/^\d{1,9}$/.test(token.text)))
    throw reader.error('PW-QY-001', 'A whole number is needed here.', token.offset)
  const distance = token === undefined ? Number.POSITIVE_INFINITY : Number(token.text)
  if (reader.accept('following')) return distance
  reader.expect('preceding')
  return distance === 0 ? 0 : -distance
}
