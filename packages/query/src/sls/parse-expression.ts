import type { Call, Expression, Frame, Order, Window } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** Binary operators by how tightly they bind. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['+', '-'], ['*', '/', '%']]
const COMPARISONS = ['=', '<>', '!=', '<=', '>=', '<', '>']
/** Names that end an expression, so that they are no columns unless quoted. */
const RESERVED = new Set(
  'select from where group by having order limit union intersect except join inner left right full cross on using as and or not in is like between case when then else end with distinct over asc desc nulls'.split(
    ' ',
  ),
)
export const isReserved = (word: string): boolean => RESERVED.has(word.toLowerCase())

export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => {
    let left = parseAnd(reader)
    while (reader.is('or')) {
      const { offset } = reader.next()
      left = { type: 'binary', operator: 'or', left, right: parseAnd(reader), offset }
    }
    return left
  })
}

function parseAnd(reader: TokenReader): Expression {
  let left = parseNot(reader)
  while (reader.is('and')) {
    const { offset } = reader.next()
    left = { type: 'binary', operator: 'and', left, right: parseNot(reader), offset }
  }
  return left
}

function parseNot(reader: TokenReader): Expression {
  if (!reader.is('not')) return parsePredicate(reader)
  const { offset } = reader.next()
  return reader.nested(() => ({ type: 'unary', operator: 'not', operand: parseNot(reader), offset }))
}

function parsePredicate(reader: TokenReader): Expression {
  let operand = parseBinary(reader, 0)
  for (;;) {
    const token = reader.peek()
    const { offset } = token
    if (reader.is('at') && reader.is('time', 1) && reader.is('zone', 2))
      throw reader.error(
        'PW-QY-004',
        '"at time zone" is not supported: times are in UTC here.',
        offset,
        "Add what the zone is ahead: time + interval '8' hour.",
      )
    if (token.type === 'mark' && COMPARISONS.includes(token.text)) {
      reader.next()
      const operator = token.text === '!=' ? '<>' : token.text
      operand = { type: 'binary', operator, left: operand, right: parseBinary(reader, 0), offset }
    } else if (reader.accept('is')) {
      const negated = reader.accept('not')
      reader.expect('null')
      operand = { type: 'isNull', operand, negated, offset }
    } else {
      const negated = reader.is('not')
      if (!['between', 'in', 'like'].some((word) => reader.is(word, negated ? 1 : 0))) return operand
      if (negated) reader.next()
      operand = parseWordPredicate(reader, operand, negated, offset)
    }
  }
}

function parseWordPredicate(reader: TokenReader, operand: Expression, negated: boolean, offset: number): Expression {
  if (reader.accept('between')) {
    const low = parseBinary(reader, 0)
    reader.expect('and')
    return { type: 'between', operand, low, high: parseBinary(reader, 0), negated, offset }
  }
  if (reader.accept('like')) {
    const pattern = parseBinary(reader, 0)
    if (reader.is('escape'))
      throw reader.error(
        'PW-QY-004',
        '"escape" is not supported behind like.',
        reader.peek().offset,
        'Use strpos or regexp_like.',
      )
    return { type: 'like', operand, pattern, negated, offset }
  }
  reader.expect('in')
  reader.expect('(')
  if (startsQuery(reader)) {
    const query = reader.select()
    reader.expect(')')
    return { type: 'inQuery', operand, query, negated, offset }
  }
  const list = reader.list(() => parseExpression(reader))
  reader.expect(')')
  return { type: 'in', operand, list, negated, offset }
}

const startsQuery = (reader: TokenReader): boolean => reader.is('select') || reader.is('with')

function parseBinary(reader: TokenReader, level: number): Expression {
  const operators = LEVELS[level]
  if (operators === undefined) return parseUnary(reader)
  let left = parseBinary(reader, level + 1)
  while (operators.some((operator) => reader.is(operator))) {
    const { text: operator, offset } = reader.next()
    left = { type: 'binary', operator, left, right: parseBinary(reader, level + 1), offset }
  }
  return left
}

function parseUnary(reader: TokenReader): Expression {
  const { offset } = reader.peek()
  if (reader.accept('-')) return reader.nested(() => ({ type: 'unary', operator: '-', operand: parseUnary(reader), offset }))
  if (reader.accept('+')) return reader.nested(() => parseUnary(reader))
  let operand = parsePrimary(reader)
  while (reader.accept('[')) {
    operand = { type: 'element', operand, index: parseExpression(reader), offset }
    reader.expect(']')
  }
  return operand
}

function parsePrimary(reader: TokenReader): Expression {
  const token = reader.peek()
  const { offset } = token
  if (token.type === 'string' || token.type === 'number') {
    reader.next()
    return { type: token.type, value: token.text, offset }
  }
  if (reader.is('*')) {
    reader.next()
    return { type: 'star', offset }
  }
  if (reader.accept('(')) return parseBracket(reader, offset)
  if (token.type === 'name') return parseWord(reader)
  if (token.type === 'quoted') return parseColumn(reader)
  throw reader.unexpected()
}

function parseBracket(reader: TokenReader, offset: number): Expression {
  if (startsQuery(reader)) {
    const query = reader.select()
    reader.expect(')')
    return { type: 'query', query, offset }
  }
  const inner = reader.list(() => parseExpression(reader))
  reader.expect(')')
  if (reader.accept('->'))
    return { type: 'lambda', names: inner.map((one) => lambdaName(reader, one)), body: parseExpression(reader), offset }
  const [only] = inner
  if (inner.length !== 1 || only === undefined) throw reader.error('PW-QY-004', 'Rows of values are not supported.', offset)
  return only
}

function lambdaName(reader: TokenReader, expression: Expression): string {
  const [name] = expression.type === 'column' ? expression.parts : []
  if (name === undefined) throw reader.error('PW-QY-001', 'A name is needed left of "->".', expression.offset)
  return name
}

function parseWord(reader: TokenReader): Expression {
  const { text, offset } = reader.peek()
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false' || word === 'null') {
    reader.next()
    return { type: 'constant', value: word, offset }
  }
  if (word === 'case') return parseCase(reader)
  if (word === 'array' && reader.is('[', 1)) return parseArray(reader)
  if ((word === 'cast' || word === 'try_cast') && reader.is('(', 1)) return parseCast(reader, word === 'try_cast')
  if (word === 'extract' && reader.is('(', 1)) return parseExtract(reader)
  if (MOMENTS.has(word) && !reader.is('(', 1)) {
    reader.next()
    return { type: 'call', name: word, args: [], distinct: false, offset }
  }
  if (word === 'interval' && ['string', 'number'].includes(reader.peek(1).type)) return parseInterval(reader)
  if (word === 'position' && reader.is('(', 1)) return parsePosition(reader)
  if ((word === 'date' || word === 'timestamp') && reader.peek(1).type === 'string') return parseMoment(reader, word)
  if (/^(?:exists|all|any|some)$/.test(word) && reader.is('(', 1) && (reader.is('select', 2) || reader.is('with', 2)))
    throw reader.error('PW-QY-004', `"${word} (select …)" is not supported.`, offset, 'Use in (select …), or a join.')
  if (reader.is('(', 1) && word !== 'not' && !isReserved(word)) return parseCall(reader)
  if (isReserved(word)) throw reader.unexpected()
  return parseColumn(reader)
}

/** Functions that are written without brackets. */
const MOMENTS = new Set(['current_timestamp', 'current_date', 'current_time', 'localtime', 'localtimestamp'])
const INTERVALS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** `interval '1' day`. */
function parseInterval(reader: TokenReader): Expression {
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
function parseMoment(reader: TokenReader, to: 'date' | 'timestamp'): Expression {
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

/** `position(part in text)`. */
function parsePosition(reader: TokenReader): Expression {
  const { offset } = reader.next()
  reader.expect('(')
  const part = parseBinary(reader, 0)
  reader.expect('in')
  const whole = parseExpression(reader)
  reader.expect(')')
  return { type: 'call', name: 'strpos', args: [whole, part], distinct: false, offset }
}

function parseColumn(reader: TokenReader): Expression {
  const { offset } = reader.peek()
  const parts = [reader.name()]
  while (reader.is('.')) {
    reader.next()
    if (reader.accept('*')) return { type: 'column', parts: [...parts, '*'], offset }
    parts.push(reader.name())
  }
  const [name] = parts
  if (reader.is('->') && parts.length === 1 && name !== undefined) {
    reader.next()
    return { type: 'lambda', names: [name], body: parseExpression(reader), offset }
  }
  return { type: 'column', parts, offset }
}

function parseArray(reader: TokenReader): Expression {
  const { offset } = reader.next()
  reader.expect('[')
  const items = reader.is(']') ? [] : reader.list(() => parseExpression(reader))
  reader.expect(']')
  return { type: 'array', items, offset }
}

function parseCase(reader: TokenReader): Expression {
  const { offset } = reader.next()
  const operand = reader.is('when') ? undefined : parseExpression(reader)
  const branches: (readonly [Expression, Expression])[] = []
  while (reader.accept('when')) {
    const condition = parseExpression(reader)
    reader.expect('then')
    branches.push([condition, parseExpression(reader)])
  }
  if (branches.length === 0) throw reader.unexpected('"when" is needed here.')
  const otherwise = reader.accept('else') ? parseExpression(reader) : undefined
  reader.expect('end')
  return {
    type: 'case',
    branches,
    offset,
    ...(operand === undefined ? {} : { operand }),
    ...(otherwise === undefined ? {} : { otherwise }),
  }
}

function parseCast(reader: TokenReader, safe: boolean): Expression {
  const { offset } = reader.next()
  reader.expect('(')
  const operand = parseExpression(reader)
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

function parseExtract(reader: TokenReader): Expression {
  const { offset } = reader.next()
  reader.expect('(')
  const unit = reader.name().toLowerCase()
  reader.expect('from')
  const operand = parseExpression(reader)
  reader.expect(')')
  return { type: 'call', name: unit, args: [operand], distinct: false, offset }
}

function parseCall(reader: TokenReader): Expression {
  const { text, offset } = reader.next()
  reader.expect('(')
  const distinct = reader.accept('distinct')
  const args = reader.is(')') ? [] : reader.list(() => parseExpression(reader))
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
  const filter = parseExpression(reader)
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
    partitionBy = reader.list(() => parseExpression(reader))
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

/** `begun`: the words have been read. */
export function parseOrderBy(reader: TokenReader, begun = false): Order[] {
  if (!begun) {
    if (!reader.accept('order')) return []
    reader.expect('by')
  }
  return reader.list(() => {
    const expression = parseExpression(reader)
    const descending = reader.accept('desc')
    if (!descending) reader.accept('asc')
    if (!reader.accept('nulls')) return { expression, descending }
    if (reader.accept('first')) return { expression, descending, nulls: 'first' as const }
    reader.expect('last')
    return { expression, descending, nulls: 'last' as const }
  })
}
