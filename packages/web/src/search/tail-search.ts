import { textOf } from '../text/plain-search.ts'

/** What the Live page follows. */
export interface TailSearch {
  /** KQL: rows of one table. Every command where absent. */
  readonly q?: string
}

/** Reads the URL of the Live page. */
export function tailSearchOf(search: Readonly<Record<string, unknown>>): TailSearch {
  const q = textOf(search.q)
  return q === undefined ? {} : { q }
}
