import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

const Filter = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'An hour before `to` where absent.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Now where absent.' })),
  cluster: Type.Optional(Type.String({ maxLength: 253 })),
  node: Type.Optional(Type.String({ maxLength: 253 })),
})

/** What was lost on one node in one minute at one place on the way. */
export const LossMinute = Type.Object({
  minute: Type.String({ description: 'ISO 8601, UTC: the minute in which the loss ended.' }),
  cluster: Type.String(),
  node: Type.String(),
  hop: Type.String({ description: 'kernel, sequence, auditd, parser, filter, spool, late; server for what the server refused.' }),
  records: Type.Integer({ description: 'Records known to be lost.' }),
  unknown: Type.Integer({ description: 'Losses whose number of records is not known.' }),
  reasons: Type.Array(Type.String()),
})
export type LossMinute = Static<typeof LossMinute>

/** A sender and when it was heard last. */
export const HeardNode = Type.Object({
  cluster: Type.String(),
  node: Type.String(),
  lastHeard: Type.String({ description: 'ISO 8601, UTC.' }),
  boot: Type.String(),
  counters: Type.Record(Type.String(), Type.Number()),
  facts: Type.Record(Type.String(), Type.String()),
})
export type HeardNode = Static<typeof HeardNode>

/** The loss ledger: what is known to be missing, per node and minute, and when each node was heard last. */
export const lossRoute = {
  method: 'GET',
  right: 'read',
  narrows: 'clusters',
  path: '/api/v1/loss',
  summary: 'What is known to be missing, per node, minute and place on its way, and when each node was heard last.',
  query: Filter,
  reply: Type.Object({ minutes: Type.Array(LossMinute), nodes: Type.Array(HeardNode) }),
} as const satisfies Route
export type LossReport = Static<typeof lossRoute.reply>
