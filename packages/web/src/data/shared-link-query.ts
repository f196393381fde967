import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** Where a short link leads, and what was there when it was made; it never changes. */
export const sharedLinkQuery = (linkId: string) =>
  queryOptions({
    queryKey: ['link', linkId],
    queryFn: () => client.sharedLink(linkId),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
