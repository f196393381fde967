import { CONFIDENCES, RISKS } from '@podwitness/event'
import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

const Named = Type.Object({ name: Type.String(), count: Type.Integer() })

/** A command worth looking at, and where it stands. */
const RiskyOperation = Type.Object({
  time: Type.String(),
  user: Type.Union([Type.String(), Type.Null()], { description: 'Null where nobody is named.' }),
  candidates: Type.Array(Type.String(), { description: 'Accounts it may have been, of an ambiguous session.' }),
  confidence: closedWord(CONFIDENCES),
  namespace: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  node: Type.String(),
  cmdline: Type.String(),
  risk: closedWord(RISKS),
  riskReason: Type.String(),
  traceId: Type.String(),
  eventId: Type.String(),
})
export type RiskyOperation = Static<typeof RiskyOperation>

/** What happened inside containers in a time range, on one page. */
export const Overview = Type.Object({
  entries: Type.Object({
    total: Type.Integer(),
    before: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Entries in the stretch of the same length before; null where the range is open.',
    }),
    stepSeconds: Type.Integer({ description: 'Width of a bucket.' }),
    buckets: Type.Array(Type.Object({ time: Type.String(), count: Type.Integer(), risky: Type.Integer() })),
  }),
  pods: Type.Object({ total: Type.Integer(), namespaces: Type.Array(Named) }),
  accounts: Type.Array(
    Type.Object({
      user: Type.String({ description: 'Empty: nobody named.' }),
      sessions: Type.Integer(),
      risky: Type.Integer({ description: 'Its sessions with a risk of medium or above.' }),
      risk: closedWord(RISKS, 'The highest.'),
    }),
  ),
  accountsTotal: Type.Integer(),
  enteredPods: Type.Array(
    Type.Object({
      namespace: Type.String(),
      pod: Type.String(),
      entries: Type.Integer(),
      accounts: Type.Integer(),
      risk: closedWord(RISKS),
    }),
  ),
  commands: Type.Object({
    total: Type.Integer(),
    risky: Type.Integer(),
    riskyNames: Type.Array(Named),
    top: Type.Array(Named),
    rare: Type.Array(Named, { description: 'Programs run least often.' }),
  }),
  riskyOperations: Type.Array(RiskyOperation),
  unrecorded: Type.Object({
    total: Type.Integer({ description: 'Entries that no API request explains.' }),
    nodes: Type.Array(Named),
  }),
})
export type Overview = Static<typeof Overview>

/** The report of the start page. */
export const overviewRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/overview',
  summary: 'Entries, entered pods, accounts and risky commands of a time range, on one page.',
  query: Type.Object({
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  reply: Overview,
} as const satisfies Route
