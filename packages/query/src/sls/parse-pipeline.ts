import { parseExpression } from './parse-expression.ts'
import { parseOrderBy } from './parse-order.ts'
import { isReserved } from './reserved-words.ts'
import type { Expression, Select, SelectItem, Source } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** The parts of SPL that are answered. Source: Alibaba Cloud SLS, "SPL instructions". */
export const PIPELINE_STEPS = [
  'where',
  'extend',
  'project',
  'project-away',
  'project-rename',
  'parse-regexp',
  'stats',
  'sort',
  'limit',
] as const
type Step = (typeof PIPELINE_STEPS)[number]

/** Whether SPL begins here: `* | where … | extend … | project …`. */
export function startsPipeline(reader: TokenReader): boolean {
  return stepAt(reader) !== undefined
}

function stepAt(reader: TokenReader): Step | undefined {
  const word = reader.peek().text.toLowerCase()
  const longer = reader.is('-', 1) ? `${word}-${reader.peek(2).text.toLowerCase()}` : word
  return reader.peek().type === 'name' ? PIPELINE_STEPS.find((step) => step === longer) : undefined
}

/** Parses SPL to the SELECT that means the same: each step reads the rows of the one before. Throws QueryError. */
export function parsePipeline(reader: TokenReader): Select {
  let select = everything(undefined, reader.peek().offset)
  for (;;) {
    const { offset, text } = reader.peek()
    const step = stepAt(reader)
    if (step === undefined)
      throw reader.error(
        'PW-QY-004',
        `"${text}" is no step that is supported here.`,
        offset,
        `Steps: ${PIPELINE_STEPS.join(', ')}.`,
      )
    for (let words = step.split('-').length * 2 - 1; words > 0; words -= 1) reader.next()
    select = reader.nested(() => PARSERS[step](reader, select, offset))
    if (!reader.accept('|')) return select
  }
}

/** One step: what it makes of the rows before. A condition straight on the rows of the log stays where every field is known. */
const PARSERS: Readonly<Record<Step, (reader: TokenReader, before: Select, offset: number) => Select>> = {
  where: (reader, before, offset) => {
    const where = parseExpression(reader)
    if (before.from !== undefined || !isPlain(before)) return { ...everything(before, offset), where }
    const both: Expression | undefined =
      before.where === undefined ? where : { type: 'binary', operator: 'and', left: before.where, right: where, offset }
    return { ...before, where: both }
  },
  extend: (reader, before, offset) => {
    const items = reader.list(() => parseAssigned(reader, true))
    const base = onRows(before, offset)
    return { ...base, items: [{ expression: { type: 'star', offset }, except: items.map(({ alias = '' }) => alias) }, ...items] }
  },
  project: (reader, before, offset) => ({ ...onRows(before, offset), items: reader.list(() => parseAssigned(reader, false)) }),
  'project-away': (reader, before, offset) => {
    const except = reader.list(() => parseName(reader))
    return { ...onRows(before, offset), items: [{ expression: { type: 'star', offset }, except, strict: true }] }
  },
  'project-rename': (reader, before, offset) => {
    const items = reader.list(() => parseAssigned(reader, true))
    const except = items.flatMap(({ expression }) => (expression.type === 'column' ? [expression.parts.join('.')] : []))
    if (except.length !== items.length) throw reader.error('PW-QY-005', 'project-rename takes new = old.', offset)
    return { ...onRows(before, offset), items: [{ expression: { type: 'star', offset }, except }, ...items] }
  },
  'parse-regexp': (reader, before, offset) => {
    const field: Expression = { type: 'column', parts: [parseName(reader)], offset }
    reader.expect(',')
    const { type, text } = reader.next()
    if (type !== 'string') throw reader.error('PW-QY-005', "parse-regexp takes field, 'pattern' as name, ….", offset)
    reader.expect('as')
    const pattern: Expression = { type: 'string', value: text, offset }
    const items = reader
      .list(() => parseName(reader))
      .map((alias, index): SelectItem => {
        const group: Expression = { type: 'number', value: `${index + 1}`, offset }
        return {
          expression: { type: 'call', name: 'regexp_extract', args: [field, pattern, group], distinct: false, offset },
          alias,
        }
      })
    const except = items.map(({ alias = '' }) => alias)
    return { ...onRows(before, offset), items: [{ expression: { type: 'star', offset }, except }, ...items] }
  },
  stats: (reader, before, offset) => {
    const items = reader.list(() => parseAssigned(reader, true))
    const groups = reader.accept('by') ? reader.list(() => parseName(reader)) : []
    const keys = groups.map((name): SelectItem => ({ expression: { type: 'column', parts: [name], offset }, alias: name }))
    return { ...onRows(before, offset), items: [...keys, ...items], groupBy: keys.map(({ expression }) => expression) }
  },
  sort: (reader, before, offset) => ({ ...everything(before, offset), orderBy: parseOrderBy(reader, true) }),
  limit: (reader, before, offset) => {
    const { type, text } = reader.next()
    if (type !== 'number' || !/^\d{1,9}$/.test(text)) throw reader.error('PW-QY-001', 'A whole number is needed here.', offset)
    return before.limit === undefined
      ? { ...before, limit: { skip: '0', rows: text } }
      : { ...everything(before, offset), limit: { skip: '0', rows: text } }
  },
}

/** All columns of the rows before, or of the log. */
function everything(before: Select | undefined, offset: number): Select {
  const from: { from?: Source } = before === undefined ? {} : { from: { type: 'query', query: before } }
  return {
    with: [],
    distinct: false,
    items: [{ expression: { type: 'star', offset } }],
    groupBy: [],
    orderBy: [],
    offset,
    ...from,
  }
}

/** Columns may be made in the same SELECT where it has only chosen rows of the log so far. */
function onRows(before: Select, offset: number): Select {
  return before.from === undefined && isPlain(before) ? before : everything(before, offset)
}

function isPlain({ items, orderBy, limit, groupBy }: Select): boolean {
  const [only] = items
  return (
    items.length === 1 &&
    only?.expression.type === 'star' &&
    only.except === undefined &&
    orderBy.length === 0 &&
    groupBy.length === 0 &&
    limit === undefined
  )
}

/** `name = expression`; only a name where `named` is false. */
function parseAssigned(reader: TokenReader, named: boolean): SelectItem {
  const { type, text, offset } = reader.peek()
  const isName = type === 'quoted' || (type === 'name' && !isReserved(text))
  if (isName && reader.is('=', 1)) {
    const alias = reader.name()
    reader.expect('=')
    return { expression: parseExpression(reader), alias }
  }
  if (named || !isName) throw reader.error('PW-QY-001', 'A name and "=" are needed here.', offset)
  const name = parseName(reader)
  return { expression: { type: 'column', parts: [name], offset }, alias: name }
}

function parseName(reader: TokenReader): string {
  let name = reader.name()
  while (reader.accept('.')) name += `.${reader.name()}`
  return name
}
