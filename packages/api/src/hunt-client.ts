import type { RouteInput, RouteReply } from './route.ts'
import type { findRoute } from './routes/find.ts'
import type { cancelQueryRoute, runningQueriesRoute } from './routes/running-queries.ts'
import type {
  applyQueriesRoute,
  lintQueriesRoute,
  removeQueryRoute,
  savedQueriesRoute,
  savedQueriesTextRoute,
  saveQueryRoute,
} from './routes/saved-queries.ts'
import type { sharedLinkRoute, shareLinkRoute } from './routes/shared-links.ts'

type Send = <Declared>(request: {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}) => Promise<RouteReply<Declared>>

/** Calls about what a text names, queries that are kept, and those that are running. */
export function huntCalls(send: Send) {
  return {
    find: (query: RouteInput<typeof findRoute>['query'], signal?: AbortSignal) =>
      send<typeof findRoute>({ method: 'GET', path: '/api/v1/find', query, signal }),
    savedQueries: (signal?: AbortSignal) => send<typeof savedQueriesRoute>({ method: 'GET', path: '/api/v1/queries', signal }),
    saveQuery: (body: RouteInput<typeof saveQueryRoute>['body']) =>
      send<typeof saveQueryRoute>({ method: 'POST', path: '/api/v1/queries', body }),
    removeQuery: (queryId: string) =>
      send<typeof removeQueryRoute>({ method: 'POST', path: `/api/v1/queries/${encodeURIComponent(queryId)}/remove`, body: {} }),
    savedQueriesText: (query: RouteInput<typeof savedQueriesTextRoute>['query'], signal?: AbortSignal) =>
      send<typeof savedQueriesTextRoute>({ method: 'GET', path: '/api/v1/queries/text', query, signal }),
    lintQueries: (body: RouteInput<typeof lintQueriesRoute>['body'], signal?: AbortSignal) =>
      send<typeof lintQueriesRoute>({ method: 'POST', path: '/api/v1/queries/lint', body, signal }),
    applyQueries: (body: RouteInput<typeof applyQueriesRoute>['body']) =>
      send<typeof applyQueriesRoute>({ method: 'POST', path: '/api/v1/queries/apply', body }),
    shareLink: (body: RouteInput<typeof shareLinkRoute>['body']) =>
      send<typeof shareLinkRoute>({ method: 'POST', path: '/api/v1/links', body }),
    sharedLink: (linkId: string) =>
      send<typeof sharedLinkRoute>({ method: 'GET', path: `/api/v1/links/${encodeURIComponent(linkId)}` }),
    runningQueries: (signal?: AbortSignal) =>
      send<typeof runningQueriesRoute>({ method: 'GET', path: '/api/v1/query/running', signal }),
    cancelQuery: (queryId: string) =>
      send<typeof cancelQueryRoute>({ method: 'DELETE', path: `/api/v1/query/running/${encodeURIComponent(queryId)}` }),
  }
}
