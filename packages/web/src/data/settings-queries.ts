import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** What comes in, and from where; followed while the page is open. */
export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => client.sources(signal),
  refetchInterval: 10_000,
})

/** Tokens and certificates of senders. */
export const sendersQuery = queryOptions({ queryKey: ['senders'], queryFn: ({ signal }) => client.senders(signal) })

/** How full the store is, and how long what is kept. */
export const storeStatusQuery = queryOptions({ queryKey: ['store'], queryFn: ({ signal }) => client.storeStatus(signal) })

/** What is hidden before it is stored. */
export const masksQuery = queryOptions({ queryKey: ['masks'], queryFn: ({ signal }) => client.masks(signal) })

/** Where messages of alerts go, and the types there are. */
export const channelsQuery = queryOptions({ queryKey: ['channels'], queryFn: ({ signal }) => client.channels(signal) })

/** Who stands behind accounts: on every page that names one, so it is asked for once. */
export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: ({ signal }) => client.identities(signal),
  staleTime: 60_000,
  retry: false,
})
