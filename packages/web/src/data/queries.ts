import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** Who is signed in; fails with status 401 where nobody is. */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => client.me(signal), staleTime: 60_000 })

/** What the store holds; asked again each second while something is being imported. */
export const stateQuery = queryOptions({
  queryKey: ['state'],
  queryFn: ({ signal }) => client.state(signal),
  staleTime: 15_000,
  refetchInterval: (query) => (query.state.data?.imports.some((one) => one.state === 'running') ? 1000 : false),
})

/** What the last check of the ledger found; asked again while one runs. */
export const integrityQuery = queryOptions({
  queryKey: ['integrity'],
  queryFn: ({ signal }) => client.integrity(signal),
  refetchInterval: (query) => (query.state.data?.running === true ? 500 : false),
})

/** One session. */
export const sessionQuery = (traceId: string) =>
  queryOptions({ queryKey: ['session', traceId], queryFn: ({ signal }) => client.session(traceId, signal), staleTime: 15_000 })

/** One event; evidence does not change. */
export const eventQuery = (eventId: string) =>
  queryOptions({
    queryKey: ['event', eventId],
    queryFn: ({ signal }) => client.event(eventId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** How many alerts nobody looks after yet; asked again on every page, as long as somebody has it open. */
export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open-count'],
  queryFn: async ({ signal }) => (await client.alerts({ state: 'open', limit: 1 }, signal)).counts.open,
  refetchInterval: 15_000,
  retry: false,
})

/** How somebody may sign in here. */
export const signInWaysQuery = queryOptions({ queryKey: ['sign-in-ways'], queryFn: () => client.signInWays(), retry: false })
