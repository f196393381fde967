import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { QUERY_LANGUAGES } from './query.ts'

export const RunningQuery = Type.Object({
  id: Type.String({ description: 'What cancels it: `queryId` of the request, or one the server gave it.' }),
  lang: closedWord(QUERY_LANGUAGES),
  query: Type.String({ description: 'Its first 1,000 characters.' }),
  by: Type.String({ description: 'Who asks.' }),
  started: Type.String({ description: 'ISO 8601.' }),
})
export type RunningQuery = Static<typeof RunningQuery>

/** Queries that this server works on now. */
export const runningQueriesRoute = {
  method: 'GET',
  right: 'query',
  narrows: true,
  path: '/api/v1/query/running',
  summary: 'Queries this server works on now: one’s own; an administrator’s answer has everybody’s.',
  reply: Type.Object({ queries: Type.Array(RunningQuery) }),
} as const satisfies Route

/** Ends a query. 404 PW-HQ-008 where none of the id is running, 403 PW-HQ-003 for somebody else's. */
export const cancelQueryRoute = {
  method: 'DELETE',
  right: 'query',
  narrows: true,
  act: 'query-cancel',
  path: '/api/v1/query/running/:queryId',
  summary: 'End a running query in the engine; who asked it is told that it was cancelled.',
  params: Type.Object({ queryId: Type.String({ minLength: 1, maxLength: 200 }) }),
  reply: Type.Object({}),
} as const satisfies Route
