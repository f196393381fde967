import type { Field, Logstore } from '../catalog/catalog.ts'
import { findField } from '../catalog/find-field.ts'
import type { Parameters } from '../clickhouse/parameters.ts'
import { nearestName } from '../nearest-name.ts'
import { QueryError } from '../query-error.ts'
import type { Search, Word } from './search-query.ts'

/** Characters between tokens. Source: Alibaba Cloud SLS, default delimiters of an index. `.`, `-` and `_` are not among them. */
const DELIMITERS = ', \'";=()[]{}?@&<>/:\n\t\r'
const DELIMITER_CLASS = `[${escapeRegExp(DELIMITERS)}]`
const INNER_CLASS = `[^${escapeRegExp(DELIMITERS)}]`

export interface SearchContext {
  readonly text: string
  readonly logstore: Logstore
  readonly parameters: Parameters
}

/** A condition over the columns of the logstore's view: 0 or 1, never null. */
export function compileSearch(search: Search, context: SearchContext): string {
  switch (search.type) {
    case 'all':
      return '1'
    case 'and':
    case 'or':
      return `(${search.items.map((item) => compileSearch(item, context)).join(search.type === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `NOT ${compileSearch(search.item, context)}`
    case 'term':
      return compileTerm(search, context)
    case 'compare':
      return `ifNull(${numberField(search.key, context)} ${search.operator} ${number(search.value, context)}, 0)`
    case 'range': {
      const field = numberField(search.key, context)
      const low = `${field} ${search.low.inclusive ? '>=' : '>'} ${number(search.low.value, context)}`
      const high = `${field} ${search.high.inclusive ? '<=' : '<'} ${number(search.high.value, context)}`
      return `ifNull(${low} AND ${high}, 0)`
    }
  }
}

function compileTerm(search: Extract<Search, { type: 'term' }>, context: SearchContext): string {
  const { key, value, phrase } = search
  if (key === undefined) return tokens(fullText(context.logstore), value, phrase, context)
  const field = fieldOf(key, context)
  if (!value.quoted && value.text === '*') return `isNotNull(${field.sql})`
  if (value.quoted && value.text === '') return `ifNull(toString(${field.sql}) = '', 0)`
  if ((field.type === 'int' || field.type === 'float') && /^-?\d+(\.\d+)?$/.test(value.text))
    return `ifNull(${field.sql} = ${number(value.text, context)}, 0)`
  const found = tokens(`ifNull(toString(${field.sql}), '')`, value, phrase, context)
  const indexed =
    field.words === undefined ? [] : wholeWords(value, phrase).map((word) => indexedWord(field.words, word, context))
  return indexed.length === 0 ? found : `(${[...indexed, found].join(' AND ')})`
}

/** Runs of letters and digits of the value that stand as they are in every text it is found in, between other characters. */
function wholeWords(value: Word, phrase: boolean): string[] {
  const beside = phrase ? '' : '*?'
  return [...value.text.matchAll(/[0-9A-Za-z]+/g)].flatMap(({ 0: word, index }) => {
    const edges = [value.text[index - 1] ?? ' ', value.text[index + word.length] ?? ' ']
    return edges.every((edge) => edge <= '\x7f' && !beside.includes(edge)) ? [word.toLowerCase()] : []
  })
}

/** What the store's index of words can tell: it lets the engine skip rows, the rest of the condition decides. */
const indexedWord = (column: string | undefined, word: string, { parameters }: SearchContext): string =>
  `hasToken(lower(${column}), ${parameters.text(word)})`

/** Every token must be there, in any order; those of a phrase side by side. Wildcards stay within a token. */
function tokens(haystack: string, value: Word, phrase: boolean, context: SearchContext): string {
  const words = value.text.split(new RegExp(`${dividers(phrase)}+`)).filter((word) => word !== '')
  if (words.length === 0) return '1'
  const patterns = words.map((word, index) => tokenPattern(word, phrase, value, index, context))
  const wholes = phrase ? [patterns.join(`${DELIMITER_CLASS}+`)] : patterns
  const matches = wholes.map((pattern) => {
    const bound = context.parameters.text(`(?is)(?:^|${DELIMITER_CLASS})${pattern}(?:$|${DELIMITER_CLASS})`)
    return `match(${haystack}, ${bound})`
  })
  return `(${matches.join(' AND ')})`
}

/** `?` divides tokens in the log, and is a wildcard in a search: there it must not divide. */
function dividers(phrase: boolean): string {
  return phrase ? DELIMITER_CLASS : `[${escapeRegExp(DELIMITERS.replace('?', ''))}]`
}

function tokenPattern(word: string, phrase: boolean, value: Word, index: number, context: SearchContext): string {
  if (phrase) return escapeRegExp(word)
  if (/^[*?]/.test(word)) {
    const place = { text: context.text, offset: value.offset }
    const details = { hint: 'Wildcards may stand in the middle or at the end of a word; use like in the analysis part.' }
    throw new QueryError('PW-QY-004', `A leading wildcard is not supported${index > 0 ? ` ("${word}")` : ''}.`, place, details)
  }
  return [...word].map((one) => (one === '*' ? `${INNER_CLASS}*` : one === '?' ? INNER_CLASS : escapeRegExp(one))).join('')
}

function fullText(logstore: Logstore): string {
  const parts = logstore.fields.filter((field) => field.hidden !== true).map((field) => `ifNull(toString(${field.sql}), '')`)
  return `concatWithSeparator('\\n', ${parts.join(', ')})`
}

function fieldOf(key: Word, context: SearchContext): Field {
  const field = findField(context.logstore, key.text, context.parameters)
  if (field !== undefined) return field
  const nearest = nearestName(
    key.text,
    context.logstore.fields.map((known) => known.name),
  )
  const hint = nearest === undefined ? undefined : `Did you mean ${nearest}?`
  throw new QueryError(
    'PW-QY-002',
    `There is no field "${key.text}".`,
    { text: context.text, offset: key.offset },
    { nearest, hint },
  )
}

function numberField(key: Word, context: SearchContext): string {
  const field = fieldOf(key, context)
  if (field.type === 'int' || field.type === 'float') return field.sql
  const place = { text: context.text, offset: key.offset }
  throw new QueryError('PW-QY-005', `"${field.name}" does not hold numbers, so it cannot be compared.`, place)
}

function number(value: string, context: SearchContext): string {
  return context.parameters.bind(value, value.includes('.') || value.length > 18 ? 'Float64' : 'Int64')
}

function escapeRegExp(text: string): string {
  return text
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(/\r/g, '\\r')
}
