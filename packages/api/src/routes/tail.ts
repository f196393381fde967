import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

/** What a stream of arriving rows says at a time. */
export const TailMessage = Type.Object({
  cursor: Type.String({ description: 'Arrival up to which everything was said, ISO 8601; go on from here after a break.' }),
  columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }), {
    description: 'With the first rows, and whenever they change; else empty.',
  }),
  rows: Type.Array(Type.Array(Type.Unknown()), { description: 'In the order of arrival.' }),
  skipped: Type.Integer({ description: 'Rows that match and are not said, because too many came at once.' }),
  arrived: Type.Integer({ description: 'Events of every kind that arrived since the message before.' }),
})
export type TailMessage = Static<typeof TailMessage>

/**
 * Rows as they arrive, as server-sent events (HTML Standard, section 9.2): each `data` is a `TailMessage`, each `id` its
 * cursor. A row is said once in a stream; after a break, rows of the last 35 seconds before the cursor are said again,
 * known by `EventId`.
 */
export const tailRoute = {
  method: 'GET',
  right: 'query',
  narrows: true,
  path: '/api/v1/tail',
  summary: 'Rows of a KQL query as they arrive, as server-sent events.',
  query: Type.Object({
    query: Type.String({ minLength: 1, maxLength: 65_536, description: 'Rows of one table with TimeReceived and EventId.' }),
    cursor: Type.Optional(Type.String({ format: 'date-time', description: 'Where to go on; now where absent.' })),
  }),
  reply: TailMessage,
} as const satisfies Route
