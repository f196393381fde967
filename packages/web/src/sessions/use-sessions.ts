import type { ListedSession } from '@podwitness/api'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { client } from '../data/client.ts'
import { stateQuery } from '../data/queries.ts'
import { queryOf, type SessionsQuery, type SessionsSearch } from '../search/sessions-search.ts'
import { askedRange, usualRange } from '../time/time-range.ts'

const PAGE_SESSIONS = 200
/** Rows in sight, by their index in the list: from the first to the last. */
type Sight = readonly [first: number, last: number]
const TOP: Sight = [0, 0]

/** The sessions that a URL asks for and the state of the store they come from; of a long list only the pages in sight are asked for. */
export function useSessions(search: SessionsSearch) {
  const state = useQuery(stateQuery)
  const newest = state.data?.newest
  // One "now" for all pages of an answer, or the bounds would move while the reader scrolls.
  const asked = useMemo(() => {
    const now = Date.now()
    const range = askedRange(search) ?? (newest === undefined ? undefined : usualRange(newest, now))
    return range === undefined ? undefined : { range, query: queryOf(search, range, now) }
  }, [search, newest])
  const [sight, setSight] = useState(TOP)
  const first = useQuery({
    queryKey: ['sessions', asked?.query],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => client.sessions({ ...asked?.query, limit: PAGE_SESSIONS }, signal),
    placeholderData: keepPreviousData,
  })
  const total = first.data?.total ?? 0
  const further = asked === undefined || first.isPlaceholderData ? [] : pagesIn(sight, total)
  const pages = useQueries({ queries: further.map((page) => pageQuery(asked?.query ?? {}, page)) })
  const loaded = new Map(further.map((page, at) => [page, pages[at]?.data?.sessions]))
  const sessionAt = (index: number): ListedSession | undefined => {
    const page = Math.floor(index / PAGE_SESSIONS)
    return (page === 0 ? first.data?.sessions : loaded.get(page))?.[index % PAGE_SESSIONS]
  }
  const failed = pages.find(({ error }) => error !== null)
  return { state, first, failed, sessionAt, range: asked?.range, query: asked?.query, setSight }
}

/** Pages beyond the first that rows in sight are on. */
function pagesIn([from, to]: Sight, total: number): number[] {
  const [first, last] = [from, Math.min(to, total - 1)].map((index) => Math.max(0, Math.floor(index / PAGE_SESSIONS))) as [
    number,
    number,
  ]
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((page) => page > 0)
}

const pageQuery = (query: SessionsQuery, page: number) => ({
  queryKey: ['sessions', query, page],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    client.sessions({ ...query, limit: PAGE_SESSIONS, counts: false, cursor: String(page * PAGE_SESSIONS) }, signal),
  staleTime: Number.POSITIVE_INFINITY,
})
