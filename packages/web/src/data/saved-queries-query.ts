import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** The queries that were saved, one's own and shared ones. */
export const savedQueriesQuery = queryOptions({
  queryKey: ['saved-queries'],
  queryFn: async ({ signal }) => (await client.savedQueries(signal)).queries,
  staleTime: 15_000,
})
