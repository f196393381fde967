import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client } from '../data/client.ts'
import { stateQuery } from '../data/queries.ts'
import { queryOf, type SessionsSearch } from '../search/sessions-search.ts'
import { askedRange, usualRange } from '../time/time-range.ts'

const PAGE_SESSIONS = 200

/** The sessions that a URL asks for, page by page, and the state of the store they come from. */
export function useSessions(search: SessionsSearch) {
  const state = useQuery(stateQuery)
  const newest = state.data?.newest
  // One "now" for all pages of an answer, or the bounds would move while the reader scrolls.
  const asked = useMemo(() => {
    const now = Date.now()
    const range = askedRange(search) ?? (newest === undefined ? undefined : usualRange(newest, now))
    return range === undefined ? undefined : { range, query: queryOf(search, range, now) }
  }, [search, newest])
  const pages = useInfiniteQuery({
    queryKey: ['sessions', asked?.query],
    enabled: asked !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.sessions(
        { ...asked?.query, limit: PAGE_SESSIONS, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  })
  const sessions = useMemo(() => pages.data?.pages.flatMap((page) => page.sessions) ?? [], [pages.data])
  return { state, pages, sessions, range: asked?.range, first: pages.data?.pages[0] }
}
