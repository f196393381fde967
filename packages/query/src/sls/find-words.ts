import type { Field, Logstore } from '../catalog/catalog.ts'
import type { Parameters } from '../clickhouse/parameters.ts'
import { foundIn, searchPattern, type Wanted } from './search-words.ts'

/** Texts that a field with few of them can hold at all. */
const NUMBER = /^[-\d*?]+$/
const TIME = /^[-\dtz:.*?]+$/i
const IDENTITY = /^[-\da-f*?]+$/i

/** The fields a search looks in where it names none. */
export const searchedFields = ({ fields }: Pick<Logstore, 'fields'>): Field[] => fields.filter(({ hidden }) => hidden !== true)

/** Whether a row has it in one of the fields: a condition that is never null, and '0' where none of them can hold it. */
export function inAnyField(fields: readonly Field[], wanted: Wanted, parameters: Parameters): string {
  const found = new Set(fields.flatMap((field) => inField(field, wanted, parameters) ?? []))
  return found.size === 0 ? '0' : found.size === 1 ? [...found].join() : `(${[...found].join(' OR ')})`
}

/** Whether a field holds it; undefined where it cannot. Never null. */
export function inField(field: Field, wanted: Wanted, parameters: Parameters): string | undefined {
  const { type, holds, text } = field
  if (type === 'int' && !NUMBER.test(wanted.text)) return undefined
  if (type === 'bool' && !['true', 'false'].some((word) => foundIn(wanted, word))) return undefined
  if (holds === 'time' && !TIME.test(wanted.text)) return undefined
  if (holds === 'identity' && !IDENTITY.test(wanted.text)) return undefined
  // Identities are one token in small letters, and the store finds them by their whole.
  if (holds === 'identity' && wanted.plain && text !== undefined) return `${text} = ${parameters.text(wanted.text.toLowerCase())}`
  const haystack = text ?? `ifNull(toString(${field.sql}), '')`
  const matched = `match(${haystack}, ${parameters.text(searchPattern(wanted))})`
  // A search for part of a text is several times faster than a pattern, and mostly says no.
  if (holds !== 'lines' || wanted.run === '') return matched
  return `(positionCaseInsensitive(${haystack}, ${parameters.text(wanted.run)}) > 0 AND ${matched})`
}

/** What the store's index of words can tell of a field: it lets the engine skip rows, the rest of the condition decides. */
export function indexedWords({ words }: Field, { wholeRuns }: Wanted, parameters: Parameters): string[] {
  return words === undefined ? [] : wholeRuns.map((run) => `hasToken(lower(${words}), ${parameters.text(run)})`)
}
