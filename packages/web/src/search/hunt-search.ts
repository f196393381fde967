import { type TimeSearch, timeSearchOf } from '../time/time-range.ts'
import { textOf, wordsOf } from './plain-search.ts'

const LANGUAGES = ['kql', 'sls', 'sql'] as const

/** What the Hunt page asks: all of it is in the address. */
export interface HuntSearch extends TimeSearch {
  readonly q?: string
  /** KQL where absent. */
  readonly lang?: (typeof LANGUAGES)[number]
  /** Shown as a form, where it can be. */
  readonly mode?: 'simple'
}

/** Reads the URL of the Hunt page; a value that means nothing is dropped, never an error. */
export function huntSearchOf(search: Readonly<Record<string, unknown>>): HuntSearch {
  const q = textOf(search.q)
  const lang = wordsOf(search.lang, LANGUAGES)?.[0]
  return {
    ...timeSearchOf(search),
    ...(q === undefined ? {} : { q }),
    ...(lang === undefined ? {} : { lang }),
    ...(search.mode === 'simple' ? { mode: 'simple' as const } : {}),
  }
}
