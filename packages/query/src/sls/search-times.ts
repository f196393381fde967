import type { LogPart } from '../catalog/catalog.ts'
import { compileSearch, fieldOf, type SearchContext } from './compile-search.ts'
import { inAnyField, indexedWords, inField, searchedFields } from './find-words.ts'
import type { Search, Word } from './search-query.ts'
import { type Wanted, wantedOf } from './search-words.ts'

/** Words that are looked up beforehand: each more costs a look at the tables, and the first ones leave out most. */
const MOST_LOOK_UPS = 2
/** Seconds of a range whose moments are told apart by the second; a set of more would take memory the query needs. */
const MOST_SECONDS = 1_000_000

/** The rows that may be found: the bounds of time and clusters, and how long the time is, where both its ends are known. */
export interface SearchBounds {
  readonly conditions: readonly string[]
  readonly seconds: number | undefined
}

/** Conditions on the rows of one part; those that an index answers stand alone, or it could leave nothing out. */
interface Conditions {
  readonly read: readonly string[]
  readonly indexed: readonly string[]
}

/** By the part of the logstore they are on: a row that is found is found by one of them. */
type LookUp = ReadonlyMap<LogPart, Conditions>

/**
 * Conditions on the time alone that hold for every row the search finds. The words are looked for in the tables the rows
 * are made of, one by one, and rows are put together of those moments only.
 */
export function searchTimes(search: Search, context: SearchContext, bounds: SearchBounds): string[] {
  const { parts, fields, timeColumn } = context.logstore
  // A field that is in no part could be what a row is found by.
  if (parts === undefined || searchedFields({ fields }).some(({ part }) => part === undefined)) return []
  const moment =
    bounds.seconds === undefined || bounds.seconds > MOST_SECONDS
      ? `toStartOfMinute(${timeColumn})`
      : `toStartOfSecond(${timeColumn})`
  const among = bounds.conditions.map((condition) => ` AND ${condition}`).join('')
  return lookUps(search, context)
    .slice(0, MOST_LOOK_UPS)
    .map((lookUp) => {
      const branches = [...lookUp].flatMap(([part, { read, indexed }]) =>
        [read, indexed].flatMap((conditions) =>
          conditions.length === 0 ? [] : [`SELECT ${moment} FROM ${part.rows(`(${conditions.join(' OR ')})`)}${among}`],
        ),
      )
      return `${moment} IN (${branches.join(' UNION ALL ')})`
    })
}

type Keyed = Extract<Search, { readonly key?: Word }> & { readonly key: Word }

/** Every one of them holds a row that is found; none where nothing is known of the rows. */
function lookUps(search: Search, context: SearchContext): LookUp[] {
  switch (search.type) {
    case 'and':
      return search.items.flatMap((item) => lookUps(item, context))
    case 'or': {
      const firsts = search.items.flatMap((item) => lookUps(item, context).slice(0, 1))
      return firsts.length === search.items.length ? [merged(firsts)] : []
    }
    case 'term':
      return search.key === undefined
        ? wantedOf(search.value, search.phrase, context.text).map((wanted) => anywhere(wanted, context))
        : inOneField({ ...search, key: search.key }, context)
    case 'compare':
    case 'range':
      return inOneField(search, context)
    case 'all':
    case 'not':
      return []
  }
}

function merged(all: readonly LookUp[]): LookUp {
  const into = new Map<LogPart, Conditions>()
  for (const one of all)
    for (const [part, { read, indexed }] of one) {
      const before = into.get(part)
      into.set(part, { read: [...(before?.read ?? []), ...read], indexed: [...(before?.indexed ?? []), ...indexed] })
    }
  return into
}

function anywhere(wanted: Wanted, { logstore, parameters }: SearchContext): LookUp {
  const fields = searchedFields(logstore)
  return new Map(
    (logstore.parts ?? []).map((part) => {
      const own = part.whole === true ? fields : fields.filter((field) => field.part === part)
      const quick = part.whole === true ? [] : own.filter((field) => indexedWords(field, wanted, parameters).length > 0)
      const read = inAnyField(
        own.filter((field) => !quick.includes(field)),
        wanted,
        parameters,
      )
      const indexed = quick.map((field) =>
        [...indexedWords(field, wanted, parameters), inField(field, wanted, parameters) ?? '0'].join(' AND '),
      )
      return [part, { read: read === '0' ? [] : [read], indexed: indexed.map((one) => `(${one})`) }] as const
    }),
  )
}

/** A condition on a field holds where the field is kept as it holds of the whole row. */
function inOneField(search: Keyed, context: SearchContext): LookUp[] {
  const { part, common } = fieldOf(search.key, context)
  // That a field is there says little.
  const present = search.type === 'term' && !search.value.quoted && search.value.text === '*'
  if (part === undefined || common === true || present) return []
  const condition = compileSearch(search, context)
  const parts = (context.logstore.parts ?? []).filter((one) => one === part || one.whole === true)
  return [new Map(parts.map((one) => [one, { read: [condition], indexed: [] }]))]
}
