import type { Expression } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

const INTERVALS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** `interval '1' day`. */
export function parseInterval(reader: TokenReader): Expression {
  const { offset } = reader.next()
  const amount = reader.next()
  const unit = reader.name().toLowerCase().replace(/s$/, '')
  if (!/^-?\d{1,9}$/.test(amount.text) || !INTERVALS.includes(unit))
    throw reader.error(
      'PW-QY-001',
      "An interval is written like interval '1' day.",
      amount.offset,
      `Units: ${INTERVALS.join(', ')}.`,
    )
  return { type: 'interval', amount: Number(amount.text), unit, offset }
}

/** `date '2025-01-02'` and `timestamp '2025-01-02 03:04:05'`: a cast of what is written. */
export function parseMoment(reader: TokenReader, to: 'date' | 'timestamp'): Expression {
  const { offset } = reader.next()
  const { text } = reader.next()
  const pattern = to === 'date' ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/
  if (!pattern.test(text) || Number.isNaN(Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`)))
    throw reader.error(
      'PW-QY-005',
      `"${text}" is no ${to}.`,
      offset,
      "Write it like date '2025-01-02' or timestamp '2025-01-02 03:04:05'.",
    )
  return { type: 'cast', operand: { type: 'string', value: text, offset }, to, safe: false, offset }
}

export function parseArray(reader: TokenReader): Expression {
  const { offset } = reader.next()
  reader.expect('[')
  const items = reader.is(']') ? [] : reader.list(() => reader.expression())
  reader.expect(']')
  return { type: 'array', items, offset }
}

export function parseCase(reader: TokenReader): Expression {
  const { offset } = reader.next()
  const operand = reader.is('when') ? undefined : reader.expression()
  const branches: (readonly [Expression, Expression])[] = []
  while (reader.accept('when')) {
    const condition = reader.expression()
    reader.expect('then')
    branches.push([condition, reader.expression()])
  }
  if (branches.length === 0) throw reader.unexpected('"when" is needed here.')
  const otherwise = reader.accept('else') ? reader.expression() : undefined
  reader.expect('end')
  return {
    type: 'case',
    branches,
    offset,
    ...(operand === undefined ? {} : { operand }),
    ...(otherwise === undefined ? {} : { otherwise }),
  }
}

export function parseCast(reader: TokenReader, safe: boolean): Expression {
  const { offset } = reader.next()
  reader.expect('(')
  const operand = reader.expression()
  reader.expect('as')
  const to = parseType(reader)
  reader.expect(')')
  return { type: 'cast', operand, to, safe, offset }
}

/** `varchar`, `varchar(10)`, `array(varchar)`, `map(varchar, bigint)` in one spelling; `decimal(10,2)` keeps its numbers. */
function parseType(reader: TokenReader): string {
  return reader.nested(() => {
    const name = reader.name().toLowerCase()
    if (!reader.accept('(')) return name
    const inner = reader.list(() => (reader.peek().type === 'number' ? reader.next().text : parseType(reader)))
    reader.expect(')')
    return `${name}(${inner.join(',')})`
  })
}

export function parseExtract(reader: TokenReader): Expression {
  const { offset } = reader.next()
  reader.expect('(')
  const unit = reader.name().toLowerCase()
  reader.expect('from')
  const operand = reader.expression()
  reader.expect(')')
  return { type: 'call', name: unit, args: [operand], distinct: false, offset }
}
