import { type RouteInput, SESSION_SORTS, type sessionsRoute } from '@podwitness/api'
import { CONFIDENCES, type Confidence, ENTRY_KINDS, type EntryKind, RISKS, type Risk } from '@podwitness/event'
import { textOf, textsOf, wordsOf } from '../text/plain-search.ts'
import { boundsOf, type TimeRange, type TimeSearch, timeSearchOf } from '../time/time-range.ts'

export type SessionsQuery = RouteInput<typeof sessionsRoute>['query']

/** Everything the Sessions page shows is in its URL. */
export interface SessionsSearch extends TimeSearch {
  readonly user?: string[]
  readonly namespace?: string[]
  readonly pod?: string
  readonly image?: string
  readonly command?: string
  readonly confidence?: Confidence[]
  readonly entry?: EntryKind[]
  readonly risk?: Risk
  readonly platform?: true
  readonly sort?: (typeof SESSION_SORTS)[number]
}

/** The filters, without time and order. */
export const FILTER_NAMES = [
  'user',
  'namespace',
  'pod',
  'image',
  'command',
  'confidence',
  'entry',
  'risk',
  'platform',
] as const satisfies readonly (keyof SessionsSearch)[]

/** Reads the URL of the Sessions page; a value that means nothing is dropped, never an error. */
export function sessionsSearchOf(search: Readonly<Record<string, unknown>>): SessionsSearch {
  const read = {
    ...timeSearchOf(search),
    user: textsOf(search.user),
    namespace: textsOf(search.namespace),
    pod: textOf(search.pod),
    image: textOf(search.image),
    command: textOf(search.command),
    confidence: wordsOf(search.confidence, CONFIDENCES),
    entry: wordsOf(search.entry, ENTRY_KINDS),
    risk: wordsOf(search.risk, RISKS)?.[0],
    platform: search.platform === '1' || search.platform === 'true' || search.platform === true ? true : undefined,
    sort: wordsOf(search.sort, SESSION_SORTS)?.[0],
  }
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}

/** Whether any filter is set. */
export function isFiltered(search: SessionsSearch): boolean {
  return FILTER_NAMES.some((name) => search[name] !== undefined)
}

/** What to ask the server for. */
export function queryOf(search: SessionsSearch, range: TimeRange, nowMs: number): SessionsQuery {
  const { range: _range, from: _from, to: _to, at: _at, ...filters } = search
  return { ...filters, ...boundsOf(range, nowMs) }
}
