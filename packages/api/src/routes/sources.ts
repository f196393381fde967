import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** Ways in that this version has; a source that comes by another one is listed under its own name. */
export const INTAKES = ['agents', 'apiserver-webhook', 'apiserver-log', 'syslog', 'http', 'otlp', 'fluent'] as const

/** `off`: nobody listens; `waiting`: nothing came yet; `receiving`: within ten minutes; `silent`: before, and not since. */
export const SOURCE_STATES = ['off', 'waiting', 'receiving', 'silent'] as const

/** One way in: where it listens, what came, and what was refused. */
export const SourceState = Type.Object({
  intake: Type.String({ description: `${INTAKES.join(', ')}, or what the events call their source.` }),
  state: closedWord(SOURCE_STATES),
  addresses: Type.Array(Type.String(), { description: 'Where it listens, or which file it follows.' }),
  lastReceived: Type.Union([Type.String(), Type.Null()], {
    description: 'Arrival of the last event; null where none came within a day.',
  }),
  lastHour: Type.Integer({ description: 'Events that arrived within an hour.' }),
  lastDay: Type.Integer({ description: 'Events that arrived within a day.' }),
  refused: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() }), {
    description: 'What was not taken since the server started, by reason.',
  }),
})
export type SourceState = Static<typeof SourceState>

/** What comes in, and from where. */
export const sourcesRoute = {
  method: 'GET',
  right: 'read',
  path: '/api/v1/sources',
  summary: 'Every way in: where it listens, whether anything comes, how much, and what was refused.',
  reply: Type.Object({
    intakeOn: Type.Boolean({ description: 'Whether this server listens for agents and API servers.' }),
    sources: Type.Array(SourceState),
    rejectsFolder: Type.String({ description: 'Where what was refused is kept; empty where nothing is taken in.' }),
  }),
} as const satisfies Route

/** What became of a marked record: it was found in the store; it was sent and not found; it could not be sent. */
export const SENT_OUTCOMES = ['stored', 'lost', 'not-sent'] as const

/** Looks whether a way in works. Sending a record is recorded as an administrative act, and the record is evidence like any other. */
export const sourceTestRoute = {
  method: 'POST',
  right: 'change',
  act: 'source-test',
  path: '/api/v1/sources/test',
  summary: 'Try a way in: does it listen and answer, who may send, does a marked record come back, what came last.',
  body: Type.Object({ intake: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: Type.Object({
    addresses: Type.Array(Type.String(), { description: 'Where it listens, or which file it follows; empty where nobody does.' }),
    reached: Type.Union([Type.Object({ ok: Type.Boolean(), why: Type.String() }), Type.Null()], {
      description: 'Whether the listener answered with TLS; null for ways in without it.',
    }),
    maySend: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Valid tokens and certificates of its senders; null where senders have none.',
    }),
    sent: Type.Union(
      [
        Type.Object({
          outcome: closedWord(SENT_OUTCOMES),
          marker: Type.String(),
          eventId: Type.String(),
          elapsedMs: Type.Integer(),
          why: Type.String(),
        }),
        Type.Null(),
      ],
      { description: 'The marked record; null where none can be sent without a sender’s secret.' },
    ),
    files: Type.Array(
      Type.Object({
        path: Type.String(),
        sizeBytes: Type.Integer(),
        changed: Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601; null where it cannot be read.' }),
        why: Type.String(),
      }),
    ),
    lastReceived: SourceState.properties.lastReceived,
    refused: SourceState.properties.refused,
  }),
} as const satisfies Route
