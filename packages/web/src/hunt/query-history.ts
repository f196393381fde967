import { HUNT_LANGUAGES, type HuntLanguage } from './language-support.ts'

/** A query that was run in this browser. */
export interface PastQuery {
  readonly language: HuntLanguage
  readonly text: string
}

const STORED_AS = 'podwitness.queries'
const MOST = 30

/** The queries of this browser, newest first. */
export function pastQueries(): PastQuery[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '[]')
    return Array.isArray(kept) ? kept.flatMap(pastQueryOf).slice(0, MOST) : []
  } catch {
    return []
  }
}

/** Puts a query in front; the same one further back goes. */
export function rememberQuery(query: PastQuery): void {
  const others = pastQueries().filter(({ language, text }) => language !== query.language || text !== query.text)
  try {
    localStorage.setItem(STORED_AS, JSON.stringify([query, ...others].slice(0, MOST)))
  } catch {
    // Storage may be full or forbidden: the query was run all the same.
  }
}

function pastQueryOf(value: unknown): PastQuery[] {
  if (typeof value !== 'object' || value === null) return []
  const { language, text } = value as Record<string, unknown>
  const known = HUNT_LANGUAGES.find((one) => one === language)
  return known !== undefined && typeof text === 'string' && text !== '' ? [{ language: known, text }] : []
}
