import { nearestName } from '@podwitness/query'
import { type SigmaField, SigmaRefusal, type SigmaSource } from './sigma-source.ts'
import { MODIFIERS, valueSql } from './sigma-value.ts'

export interface SelectionContext {
  readonly source: SigmaSource
  readonly syscall: (name: string) => readonly number[]
}
type Fields = Readonly<Record<string, unknown>>

/**
 * A search identifier as SQL: a map is all of its fields, a list any of its members, text a word anywhere in the row.
 *
 * @throws SigmaRefusal for a field or modifier that is unknown.
 */
export function selectionSql(selection: unknown, context: SelectionContext): string {
  if (Array.isArray(selection))
    return joined(
      selection.map((one) => selectionSql(one, context)),
      'OR',
    )
  if (typeof selection === 'string' || typeof selection === 'number') return keyword(selection, context)
  if (typeof selection !== 'object' || selection === null) throw new SigmaRefusal('A selection is a map, a list or words.')
  const entries = Object.entries(selection as Fields)
  if (entries.length === 0) throw new SigmaRefusal('A selection is empty.')
  return joined(
    entries.map(([key, value]) => fieldSql(key, value, selection as Fields, context)),
    'AND',
  )
}

function keyword(word: string | number, { source, syscall }: SelectionContext): string {
  return valueSql({ field: { sql: source.text, kind: 'text' }, modifiers: ['contains'], syscall }, word)
}

function fieldSql(key: string, value: unknown, beside: Fields, context: SelectionContext): string {
  const [name = '', ...modifiers] = key.split('|')
  for (const modifier of modifiers) {
    if ((MODIFIERS as readonly string[]).includes(modifier)) continue
    const near = nearestName(modifier, MODIFIERS)
    const why = ['expand', 'minute', 'hour', 'day', 'week', 'month', 'year'].includes(modifier)
      ? 'it needs what is not in the rule'
      : near === undefined
        ? 'it is unknown'
        : `did you mean ${near}?`
    throw new SigmaRefusal(`The modifier "${modifier}" of ${name || 'keywords'} cannot be used: ${why}`)
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw new SigmaRefusal(`${name} has no value.`)
  const word = modifiers.includes('all') || modifiers.includes('neq') ? 'AND' : 'OR'
  if (name === '')
    return joined(
      values.map((one) => keyword(String(one), context)),
      word,
    )
  const field = fieldOf(name, beside, context)
  const each = values.map((one) =>
    modifiers.includes('fieldref')
      ? sameSql(field, fieldOf(String(one), beside, context), modifiers)
      : valueSql({ field, modifiers, syscall: context.syscall }, one),
  )
  return joined(each, word)
}

function fieldOf(name: string, beside: Fields, { source }: SelectionContext): SigmaField {
  const field = source.field(name, beside)
  if (field !== undefined) return field
  const near = nearestName(name, source.known)
  throw new SigmaRefusal(`There is no field "${name}" in this log source.${near === undefined ? '' : ` Did you mean ${near}?`}`)
}

function sameSql(left: SigmaField, right: SigmaField, modifiers: readonly string[]): string {
  return `(toString(${left.sql}) ${modifiers.includes('neq') ? '!=' : '='} toString(${right.sql}))`
}

const joined = (parts: readonly string[], word: 'AND' | 'OR'): string =>
  parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${word} `)})`
