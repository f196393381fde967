import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

export const QUERY_LANGUAGES = ['sls', 'kql', 'sql'] as const

/** What is done where the query says a time, too. */
export const OwnTimeWins = Type.Optional(
  Type.Boolean({
    description:
      'Whether an end of the range that the query sets itself takes the place of `from` or `to`; both count where absent.',
  }),
)

/** Runs a query with the read-only profile. */
export const queryRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/query',
  summary: 'Run a query.',
  body: Type.Object({
    lang: closedWord(QUERY_LANGUAGES),
    query: Type.String({ minLength: 1, maxLength: 100_000 }),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
    ownTimeWins: OwnTimeWins,
    contentHash: Type.Optional(Type.Boolean({ description: 'Whether the reply says by a hash what it holds.' })),
    queryId: Type.Optional(
      Type.String({ pattern: '^[\\w.:-]{1,64}$', description: 'A name of the asker’s for this query, to cancel it by.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  }),
  reply: Type.Object({
    columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    rows: Type.Array(Type.Array(Type.Unknown())),
    stats: Type.Object({
      rows: Type.Integer(),
      scannedRows: Type.Integer(),
      scannedBytes: Type.Integer(),
      elapsedMs: Type.Number(),
      truncated: Type.Boolean({ description: 'Whether `limit` cut the rows.' }),
    }),
    contentHash: Type.Optional(
      Type.String({ description: 'The same for the same columns and rows, in whatever order these came.' }),
    ),
    ownTime: Type.Optional(
      Type.Array(closedWord(['from', 'to'] as const), {
        description: 'The ends of the time range that the query sets itself, for every table it reads.',
      }),
    ),
    render: Type.Optional(
      Type.Object(
        {
          visualization: Type.String(),
          properties: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())])),
        },
        { description: 'How the query wants its answer drawn: `render` of KQL.' },
      ),
    ),
  }),
} as const satisfies Route
export type QueryReply = Static<typeof queryRoute.reply>
