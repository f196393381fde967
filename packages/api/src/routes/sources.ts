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
