import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** What may be kept for days of its own; `api`, `files`, `network` and `logs` are parts of the events. */
export const RETENTION_STREAMS = ['events', 'api', 'files', 'network', 'logs', 'sessions', 'samples', 'health', 'alerts'] as const

/** How full the store is and how long that goes well. */
export const StoreStatusReply = Type.Object({
  kind: closedWord(['embedded', 'attached', 'remote'] as const),
  version: Type.String({ description: 'Of the engine.' }),
  diskFreeBytes: Type.Number({ description: 'Of a cluster, on the server that has the least.' }),
  diskTotalBytes: Type.Number(),
  state: closedWord(['ok', 'low', 'refusing'] as const),
  refuseBelowBytes: Type.Number({ description: 'Below this nothing is taken in, and agents keep what they have.' }),
  warnBelowBytes: Type.Number(),
  bytesPerDay: Type.Number(),
  fullInDays: Type.Union([Type.Number(), Type.Null()], {
    description: 'Until nothing is taken in any more; null where retention frees as much as arrives before that.',
  }),
  holds: Type.Integer(),
  streams: Type.Array(
    Type.Object({
      stream: closedWord(RETENTION_STREAMS),
      days: Type.Integer({ description: '0 where rows never expire.' }),
      rows: Type.Number(),
      bytes: Type.Number(),
      bytesPerDay: Type.Number({ description: 'By what arrived in the last day.' }),
      steadyBytes: Type.Number({ description: 'What it will take when as much expires as arrives.' }),
    }),
  ),
})
export type StoreStatusReply = Static<typeof StoreStatusReply>

export const storeStatusRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/store',
  summary: 'How full the store is, how it grows, and how long that goes well.',
  reply: StoreStatusReply,
} as const satisfies Route

const Days = Type.Integer({ minimum: 1, maximum: 36_500, description: 'Counted from the arrival of the data.' })

/** Days by stream; streams that are not named stay as they are. */
export const RetentionBody = Type.Object(
  Object.fromEntries(RETENTION_STREAMS.map((stream) => [stream, Type.Optional(Days)] as const)),
  { additionalProperties: false, minProperties: 1 },
)

export const setRetentionRoute = {
  method: 'POST',
  right: 'change',
  act: 'retention-set',
  path: '/api/v1/store/retention',
  summary:
    'Sets how long data is kept, by stream; older data is deleted. The configuration’s lines count again at the next start.',
  body: RetentionBody,
  reply: StoreStatusReply,
} as const satisfies Route
