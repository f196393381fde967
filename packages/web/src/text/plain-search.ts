import { queryString } from '@podwitness/api'

/** What a query string says, before anything is known of its meaning. */
export type PlainSearch = Record<string, string | string[]>

/**
 * Reads a query string as plain text: `a=1&b=2&b=3` → `{a: '1', b: ['2', '3']}`.
 *
 * The router's own reader takes values for JSON, so that a pod named `1e3` would become a number.
 */
export function parsePlainSearch(text: string): PlainSearch {
  const found: PlainSearch = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name]
    if (before === undefined) found[name] = value
    else if (Array.isArray(before)) before.push(value)
    else found[name] = [before, value]
  }
  return found
}

/** Writes what `parsePlainSearch` reads; `true` is written as `1`, `false` and `undefined` not at all. */
export function stringifyPlainSearch(search: Record<string, unknown>): string {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== false)
  return queryString(Object.fromEntries(kept.map(([name, value]) => [name, value === true ? '1' : value])))
}

/** The text of a parameter: the last one where it is repeated, `undefined` where it is absent or empty. */
export function textOf(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' && last !== '' ? last : undefined
}

/** All texts of a parameter, repeats dropped, `undefined` where there is none. The empty text counts. */
export function textsOf(value: unknown): string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
  return all.length === 0 ? undefined : [...new Set(all)]
}

/** Those texts of a parameter that are among `words`. */
export function wordsOf<Word extends string>(value: unknown, words: readonly Word[]): Word[] | undefined {
  const known = textsOf(value)?.filter((one): one is Word => (words as readonly string[]).includes(one))
  return known === undefined || known.length === 0 ? undefined : known
}
