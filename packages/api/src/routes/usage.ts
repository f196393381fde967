import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

/** One table of the store: what it takes and how long it is kept. */
const TableUsage = Type.Object({
  table: Type.String(),
  days: Type.Integer({ description: 'Age at which rows expire; 0: never.' }),
  rows: Type.Integer(),
  bytes: Type.Integer({ description: 'Compressed, on disk, indexes included.' }),
  bytesPerDay: Type.Integer({ description: 'Growth by what arrived in the last day, as in the store’s status.' }),
  oldest: Type.String({ description: 'ISO 8601; empty where there are no rows.' }),
  newest: Type.String(),
})

/** What the store holds and takes, and for how long the disk lasts. */
export const usageRoute = {
  method: 'GET',
  right: 'read',
  path: '/api/v1/usage',
  summary: 'What every table takes, how long it is kept, and for how long the disk lasts at this growth.',
  reply: Type.Object({
    engine: Type.String({ description: 'Version of ClickHouse.' }),
    diskFreeBytes: Type.Integer(),
    diskTotalBytes: Type.Integer(),
    bytesPerDay: Type.Integer(),
    fullInDays: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Whole days until nothing is taken in any more; null where rows expire before that, or nothing grows.',
    }),
    tables: Type.Array(TableUsage),
  }),
} as const satisfies Route
export type Usage = Static<typeof usageRoute.reply>
