import { EVENT_KINDS } from '@podwitness/event'
import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** What has not been received, and with it what cannot be known. */
export const MISSING_CODES = [
  'no-data', // Nothing at all.
  'no-api-audit', // No account can be named: every entry is `none`.
  'no-node-audit', // Entries only, no commands.
  'no-containers', // Pods are known only from the exec request and the runtime's own record.
  'no-pods', // Probes and hooks are told from entries by their shape alone.
] as const

/** One file taken in, or on its way. */
export const ImportState = Type.Object({
  importId: Type.String(),
  cluster: Type.String(),
  path: Type.String(),
  format: Type.String(),
  state: closedWord(['running', 'done'] as const),
  sizeBytes: Type.Integer(),
  doneBytes: Type.Integer(),
  lines: Type.Integer(),
  events: Type.Integer(),
  duplicates: Type.Integer(),
  rejects: Type.Integer(),
  started: Type.String(),
  finished: Type.String({ description: 'Empty while it runs.' }),
})
export type ImportState = Static<typeof ImportState>

/** What the store holds, from when to when, and what is missing. */
export const stateRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/state',
  summary: 'What the store holds, from when to when, and what is missing.',
  reply: Type.Object({
    clusters: Type.Array(Type.String()),
    counts: Type.Record(Type.String(), Type.Integer(), { description: `Events by kind: ${EVENT_KINDS.join(', ')}.` }),
    sessions: Type.Integer(),
    oldest: Type.Union([Type.String(), Type.Null()]),
    newest: Type.Union([Type.String(), Type.Null()]),
    imports: Type.Array(ImportState),
    missing: Type.Array(closedWord(MISSING_CODES)),
    retentionDays: Type.Integer(),
  }),
} as const satisfies Route
