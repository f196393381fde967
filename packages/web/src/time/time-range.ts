import { textOf } from '../text/plain-search.ts'

/** A stretch of time as the URL carries it. */
export type TimeRange =
  | { readonly kind: 'all' }
  /** The last so many milliseconds before now. */
  | { readonly kind: 'last'; readonly span: string }
  | { readonly kind: 'between'; readonly from: string; readonly to: string }
  /** So much before and after a moment. */
  | { readonly kind: 'around'; readonly at: string; readonly span: string }

/** Parameters of the URL that say a time range. */
export interface TimeSearch {
  readonly range?: string
  readonly from?: string
  readonly to?: string
  readonly at?: string
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SPAN = /^(\d{1,5})([smhd])$/

/** Milliseconds of a span such as `90m` or `7d`; `undefined` where it is none. */
export function spanMs(span: string): number | undefined {
  const [, amount = '', unit = ''] = SPAN.exec(span.trim()) ?? []
  const ms = Number(amount) * (UNIT_MS[unit] ?? 0)
  return ms > 0 ? ms : undefined
}

/** The instant a text names, as ISO 8601 in UTC; a text without zone is UTC. `undefined` where it names none. */
export function instantOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text.trim().replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`
  const ms = Date.parse(zoned)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

/** Reads the time parameters of a URL; what cannot be read is left out. */
export function timeSearchOf(search: Readonly<Record<string, unknown>>): TimeSearch {
  const range = textOf(search.range)
  const known = range === 'all' || (range !== undefined && spanMs(range) !== undefined) ? range : undefined
  const [from, to, at] = [search.from, search.to, search.at].map((value) => instantOf(textOf(value)))
  return {
    ...(known === undefined ? {} : { range: known }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(at === undefined ? {} : { at }),
  }
}

/** The range that a URL asks for; `undefined` where it asks for none. */
export function askedRange(search: TimeSearch): TimeRange | undefined {
  if (search.at !== undefined) return { kind: 'around', at: search.at, span: search.range ?? '5m' }
  if (search.from !== undefined || search.to !== undefined) {
    return { kind: 'between', from: search.from ?? '1970-01-01T00:00:00.000Z', to: search.to ?? '2100-01-01T00:00:00.000Z' }
  }
  if (search.range === 'all') return { kind: 'all' }
  return search.range === undefined ? undefined : { kind: 'last', span: search.range }
}

/**
 * The range to show where the URL asks for none: the last day, or everything where the newest event
 * is older than a day, so that a recording shows at once.
 */
export function usualRange(newest: string | null, nowMs: number): TimeRange {
  const fresh = newest !== null && nowMs - Date.parse(newest) < 86_400_000
  return fresh ? { kind: 'last', span: '24h' } : { kind: 'all' }
}

/** Parameters that say a range; the absent ones are `undefined` so that they replace older ones. */
export function searchOfRange(range: TimeRange): Record<'range' | 'from' | 'to' | 'at', string | undefined> {
  const none = { range: undefined, from: undefined, to: undefined, at: undefined }
  if (range.kind === 'all') return { ...none, range: 'all' }
  if (range.kind === 'last') return { ...none, range: range.span }
  if (range.kind === 'between') return { ...none, from: range.from, to: range.to }
  return { ...none, at: range.at, range: range.span }
}

/** Bounds of a range at a moment, ISO 8601; an absent bound is open. */
export function boundsOf(range: TimeRange, nowMs: number): { from?: string; to?: string } {
  if (range.kind === 'all') return {}
  if (range.kind === 'between') return { from: range.from, to: range.to }
  const span = spanMs(range.span) ?? 0
  if (range.kind === 'last') return { from: new Date(nowMs - span).toISOString() }
  const at = Date.parse(range.at)
  return { from: new Date(at - span).toISOString(), to: new Date(at + span).toISOString() }
}
