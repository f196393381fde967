import type { Field, Logstore } from '../catalog/catalog.ts'
import { findField } from '../catalog/find-field.ts'
import type { Parameters } from '../clickhouse/parameters.ts'
import { nearestName } from '../nearest-name.ts'
import { QueryError } from '../query-error.ts'
import { inAnyField, indexedWords, inField, searchedFields } from './find-words.ts'
import type { Search, Word } from './search-query.ts'
import { type Wanted, wantedOf } from './search-words.ts'

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
  if (key === undefined) return everyOne(wantedOf(value, phrase, context.text), (wanted) => anywhere(wanted, context))
  const field = fieldOf(key, context)
  if (!value.quoted && value.text === '*') return `isNotNull(${field.sql})`
  if (value.quoted && value.text === '') return `ifNull(toString(${field.sql}) = '', 0)`
  if ((field.type === 'int' || field.type === 'float') && /^-?\d+(\.\d+)?$/.test(value.text))
    return `ifNull(${field.sql} = ${number(value.text, context)}, 0)`
  const { parameters } = context
  return everyOne(wantedOf(value, phrase, context.text), (wanted) =>
    [...indexedWords(field, wanted, parameters), inField(field, wanted, parameters) ?? '0'].join(' AND '),
  )
}

const anywhere = (wanted: Wanted, { logstore, parameters }: SearchContext): string =>
  inAnyField(searchedFields(logstore), wanted, parameters)

const everyOne = (wanted: readonly Wanted[], condition: (one: Wanted) => string): string =>
  wanted.length === 0 ? '1' : `(${wanted.map(condition).join(' AND ')})`

/** @throws QueryError where there is no such field. */
export function fieldOf(key: Word, context: SearchContext): Field {
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
