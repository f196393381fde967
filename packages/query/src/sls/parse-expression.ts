import { parseCall } from './parse-call.ts'
import { parseArray, parseCase, parseCast, parseExtract, parseInterval, parseMoment } from './parse-forms.ts'
import { isReserved } from './reserved-words.ts'
import type { Expression } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** Binary operators by how tightly they bind. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['+', '-'], ['*', '/', '%']]
const COMPARISONS = ['=', '<>', '!=', '<=', '>=', '<', '>']
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
      operand = reader.is('distinct')
        ? parseDistinct(reader, operand, negated, offset)
        : parseNull(reader, operand, negated, offset)
    } else {
      const negated = reader.is('not')
      if (!['between', 'in', 'like'].some((word) => reader.is(word, negated ? 1 : 0))) return operand
      if (negated) reader.next()
      operand = parseWordPredicate(reader, operand, negated, offset)
    }
  }
}

function parseNull(reader: TokenReader, operand: Expression, negated: boolean, offset: number): Expression {
  reader.expect('null')
  return { type: 'isNull', operand, negated, offset }
}

/** `a is distinct from b`: two nulls are not distinct. */
function parseDistinct(reader: TokenReader, left: Expression, negated: boolean, offset: number): Expression {
  reader.expect('distinct')
  reader.expect('from')
  const distinct: Expression = { type: 'binary', operator: 'distinct', left, right: parseBinary(reader, 0), offset }
  return negated ? { type: 'unary', operator: 'not', operand: distinct, offset } : distinct
}

function parseWordPredicate(reader: TokenReader, operand: Expression, negated: boolean, offset: number): Expression {
  if (reader.accept('between')) {
    const low = parseBinary(reader, 0)
    reader.expect('and')
    return { type: 'between', operand, low, high: parseBinary(reader, 0), negated, offset }
  }
  if (reader.accept('like')) {
    const pattern = parseBinary(reader, 0)
    const ended = reader.accept('escape') ? { escape: parseBinary(reader, 0) } : {}
    return { type: 'like', operand, pattern, negated, offset, ...ended }
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
