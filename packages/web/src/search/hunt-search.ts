import { textOf, textsOf, wordsOf } from '../text/plain-search.ts'
import { type TimeSearch, timeSearchOf } from '../time/time-range.ts'

const LANGUAGES = ['kql', 'sls', 'sql'] as const
export const CHART_KINDS = ['line', 'bar', 'none'] as const

/** What the Hunt page asks and how it shows the answer: all of it is in the address. */
export interface HuntSearch extends TimeSearch {
  readonly q?: string
  /** KQL where absent. */
  readonly lang?: (typeof LANGUAGES)[number]
  /** Shown as a form, where it can be. */
  readonly mode?: 'simple'
  /** Columns shown, in this order; all where absent. */
  readonly cols?: readonly string[]
  /** Every row that the server gives at once, instead of the usual number. */
  readonly rows?: 'most'
  /** As the query says where absent. */
  readonly chart?: (typeof CHART_KINDS)[number]
  /** The short link that led here: what there was when it was made is told beside what there is. */
  readonly link?: string
}

/** Reads the URL of the Hunt page; a value that means nothing is dropped, never an error. */
export function huntSearchOf(search: Readonly<Record<string, unknown>>): HuntSearch {
  const q = textOf(search.q)
  const lang = wordsOf(search.lang, LANGUAGES)?.[0]
  const cols = textsOf(search.cols)
  const chart = wordsOf(search.chart, CHART_KINDS)?.[0]
  const link = textOf(search.link)
  return {
    ...timeSearchOf(search),
    ...(q === undefined ? {} : { q }),
    ...(lang === undefined ? {} : { lang }),
    ...(search.mode === 'simple' ? { mode: 'simple' as const } : {}),
    ...(cols === undefined ? {} : { cols }),
    ...(search.rows === 'most' ? { rows: 'most' as const } : {}),
    ...(chart === undefined ? {} : { chart }),
    ...(link === undefined ? {} : { link }),
  }
}
