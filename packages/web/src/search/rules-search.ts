import { textOf, wordsOf } from '../text/plain-search.ts'

const LANGUAGES = ['kql', 'sls', 'sql'] as const

/** A query that the Rules page is to make a rule of. */
export interface RulesSearch {
  readonly q?: string
  /** KQL where absent. */
  readonly lang?: (typeof LANGUAGES)[number]
}

/** Reads the URL of the Rules page; a value that means nothing is dropped. */
export function rulesSearchOf(search: Readonly<Record<string, unknown>>): RulesSearch {
  const q = textOf(search.q)
  const lang = wordsOf(search.lang, LANGUAGES)?.[0]
  return { ...(q === undefined ? {} : { q }), ...(lang === undefined ? {} : { lang }) }
}
