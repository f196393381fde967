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

/**
 * The query so many steps back among those of a language; 0 steps is what was being typed. Undefined where there is nothing
 * further.
 *
 * @param from.at Steps. @param from.draft What was being typed.
 */
export function stepBack(
  past: readonly PastQuery[],
  language: HuntLanguage,
  { at, draft }: { readonly at: number; readonly draft: string },
): string | undefined {
  if (at === 0) return draft
  // What is typed just now may be the newest that was run.
  const texts = past.filter((one) => one.language === language && one.text !== draft).map(({ text }) => text)
  return at < 0 ? undefined : texts[at - 1]
}

function pastQueryOf(value: unknown): PastQuery[] {
  if (typeof value !== 'object' || value === null) return []
  const { language, text } = value as Record<string, unknown>
  const known = HUNT_LANGUAGES.find((one) => one === language)
  return known !== undefined && typeof text === 'string' && text !== '' ? [{ language: known, text }] : []
}
