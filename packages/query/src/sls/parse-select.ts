import { parseExpression } from './parse-expression.ts'
import { parseGrouping } from './parse-grouping.ts'
import { parseOrderBy } from './parse-order.ts'
import { parsePipeline, startsPipeline } from './parse-pipeline.ts'
import { isReserved } from './reserved-words.ts'
import type { JoinKind, Limit, Select, SelectItem, Source } from './statement.ts'
import { TokenReader } from './token-reader.ts'

const JOINS: readonly JoinKind[] = ['inner', 'left', 'right', 'full', 'cross']

/** Parses the analysis part, which starts at `start`. Throws QueryError. */
export function parseStatement(text: string, start: number): Select {
  const reader = new TokenReader(text, start, { select: parseSelect, expression: parseExpression })
  if (startsPipeline(reader)) {
    const pipeline = parsePipeline(reader)
    if (reader.peek().type !== 'end') throw reader.unexpected()
    return pipeline
  }
  if (!reader.is('select') && !reader.is('with') && reader.peek().type !== 'end') {
    const { text: word, offset } = reader.peek()
    throw reader.error('PW-QY-006', `"${word}" is not allowed: the analysis part is one SELECT.`, offset)
  }
  const select = parseSelect(reader)
  if (reader.is(';')) throw reader.error('PW-QY-006', 'One statement, without a semicolon.', reader.peek().offset)
  if (reader.peek().type !== 'end') throw reader.unexpected()
  return select
}

function parseSelect(reader: TokenReader): Select {
  return reader.nested(() => {
    const names = reader.accept('with') ? reader.list(() => parseNamed(reader)) : []
    const head = parseBlock(reader)
    const union = parseUnion(reader)
    const orderBy = parseOrderBy(reader)
    const limit = parseLimit(reader)
    return { ...head, with: names, orderBy, ...(union === undefined ? {} : { union }), ...(limit === undefined ? {} : { limit }) }
  })
}

function parseNamed(reader: TokenReader): { name: string; query: Select } {
  const name = reader.name()
  reader.expect('as')
  reader.expect('(')
  const query = parseSelect(reader)
  reader.expect(')')
  return { name, query }
}

function parseUnion(reader: TokenReader): Select['union'] {
  if (reader.is('intersect') || reader.is('except'))
    throw reader.error(
      'PW-QY-004',
      `"${reader.peek().text}" is not supported.`,
      reader.peek().offset,
      'Use where … in (select …), or not in.',
    )
  if (!reader.accept('union')) return undefined
  const all = reader.accept('all')
  if (!all) reader.accept('distinct')
  return reader.nested(() => {
    const head = parseBlock(reader)
    const union = parseUnion(reader)
    return { all, query: { ...head, ...(union === undefined ? {} : { union }) } }
  })
}

/** SELECT … HAVING: what a UNION joins. */
function parseBlock(reader: TokenReader): Select {
  const { offset } = reader.peek()
  reader.expect('select')
  const distinct = reader.accept('distinct')
  const items = reader.list(() => parseItem(reader))
  const from = reader.accept('from') ? parseFrom(reader) : undefined
  const where = reader.accept('where') ? parseExpression(reader) : undefined
  let grouping: Pick<Select, 'groupBy' | 'groupingSets'> = { groupBy: [] }
  if (reader.accept('group')) {
    reader.expect('by')
    grouping = parseGrouping(reader)
  }
  const having = reader.accept('having') ? parseExpression(reader) : undefined
  const optional = {
    ...(from === undefined ? {} : { from }),
    ...(where === undefined ? {} : { where }),
    ...(having === undefined ? {} : { having }),
  }
  return { with: [], distinct, items, ...grouping, orderBy: [], offset, ...optional }
}

function parseItem(reader: TokenReader): SelectItem {
  const expression = parseExpression(reader)
  const alias = parseAlias(reader)
  return alias === undefined ? { expression } : { expression, alias }
}

function parseAlias(reader: TokenReader): string | undefined {
  if (reader.accept('as')) return reader.name()
  const token = reader.peek()
  if (token.type === 'quoted' || (token.type === 'name' && !isReserved(token.text))) return reader.name()
  return undefined
}

function parseFrom(reader: TokenReader): Source {
  let left = parseSource(reader)
  for (;;) {
    const { offset } = reader.peek()
    if (reader.accept(',')) left = { type: 'join', kind: 'cross', left, right: parseSource(reader), offset }
    else {
      const named = JOINS.find((kind) => reader.is(kind))
      if (named === undefined && !reader.is('join')) return left
      left = parseJoin(reader, left, named ?? 'inner', named !== undefined)
    }
  }
}

function parseJoin(reader: TokenReader, left: Source, kind: JoinKind, named: boolean): Source {
  const { offset } = reader.peek()
  if (named) reader.next()
  if (named && kind !== 'inner' && kind !== 'cross') reader.accept('outer')
  reader.expect('join')
  const right = parseSource(reader)
  if (kind === 'cross') return { type: 'join', kind, left, right, offset }
  if (reader.accept('using')) {
    reader.expect('(')
    const using = reader.list(() => reader.name())
    reader.expect(')')
    return { type: 'join', kind, left, right, using, offset }
  }
  reader.expect('on')
  return { type: 'join', kind, left, right, on: parseExpression(reader), offset }
}

function parseSource(reader: TokenReader): Source {
  const { offset } = reader.peek()
  if (reader.accept('(')) {
    const query = parseSelect(reader)
    reader.expect(')')
    return { type: 'query', query, ...parseNaming(reader) }
  }
  if (reader.is('unnest') && reader.is('(', 1)) {
    reader.next()
    reader.next()
    const arrays = reader.list(() => parseExpression(reader))
    reader.expect(')')
    const numbered = reader.is('with') && reader.is('ordinality', 1)
    if (numbered) for (let words = 2; words > 0; words -= 1) reader.next()
    return { type: 'unnest', arrays, numbered, ...parseNaming(reader) }
  }
  let name = reader.name()
  while (reader.is('.') || reader.is('-')) name += `${reader.next().text}${reader.next().text}`
  if (reader.is('('))
    throw reader.error(
      'PW-QY-006',
      `"${name}(…)" is not allowed as a source of rows.`,
      offset,
      'Read from log, a subquery or unnest(…).',
    )
  const alias = parseAlias(reader)
  return { type: 'table', name, offset, ...(alias === undefined ? {} : { alias }) }
}

function parseNaming(reader: TokenReader): { alias?: string; columns?: string[] } {
  const alias = parseAlias(reader)
  if (alias === undefined) return {}
  if (!reader.accept('(')) return { alias }
  const columns = reader.list(() => reader.name())
  reader.expect(')')
  return { alias, columns }
}

/** `limit rows`, and as SLS has it `limit skipped, rows`. */
function parseLimit(reader: TokenReader): Limit | undefined {
  if (!reader.accept('limit')) return undefined
  const first = count(reader)
  if (reader.accept(',')) return { skip: first, rows: count(reader) }
  return { skip: reader.accept('offset') ? count(reader) : '0', rows: first }
}

function count(reader: TokenReader): string {
  const token = reader.next()
  if (token.type === 'number' && /^\d{1,9}$/.test(token.text)) return token.text
  throw reader.error('PW-QY-001', 'A whole number is needed here.', token.offset)
}
