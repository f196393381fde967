import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FailureNotice } from './failure-notice.tsx'
import { Loading } from './loading.tsx'

interface AskedProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** What the server was asked for: a skeleton until it is there, what failed where it failed, else the answer. */
export function Asked<Data>({ query, children }: AskedProps<Data>) {
  if (query.isError) return <FailureNotice error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Loading />
  return children(query.data)
}
