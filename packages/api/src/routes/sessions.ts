import { CONFIDENCES, ENTRY_KINDS, RISKS } from '@podwitness/event'
import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { ListedSession, SessionDetail } from '../session-schema.ts'

export const SESSION_SORTS = ['newest', 'oldest', 'risk', 'commands', 'longest'] as const

const Texts = Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 100 })

/**
 * Filters of the session list. Several values of one name mean "any of these"; different names
 * must all hold. Repeated names carry lists: `user=alice&user=bob`.
 */
export const SessionFilter = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Sessions that end at or after this.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Sessions that start before this.' })),
  user: Type.Optional({
    ...Texts,
    description: 'The named user or a candidate of an ambiguous session; empty text: nobody named.',
  }),
  namespace: Type.Optional(Texts),
  pod: Type.Optional(Type.String({ maxLength: 1024, description: 'Substring, or glob where it holds * or ?.' })),
  image: Type.Optional(Type.String({ maxLength: 1024, description: 'Substring, or glob where it holds * or ?.' })),
  command: Type.Optional(
    Type.String({
      maxLength: 1024,
      description:
        'Substring, or glob over the whole command line where it holds * or ?; ignores case; any command of the session.',
    }),
  ),
  confidence: Type.Optional(Type.Array(closedWord(CONFIDENCES), { maxItems: 10 })),
  entry: Type.Optional(Type.Array(closedWord(ENTRY_KINDS), { maxItems: 20 })),
  risk: Type.Optional(closedWord(RISKS, 'The least risk to show.')),
  platform: Type.Optional(Type.Boolean({ description: 'Include probes, hooks and container entry points; false where absent.' })),
  sort: Type.Optional(closedWord(SESSION_SORTS)),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: '`nextCursor` of the answer before.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '100 where absent.' })),
  at: Type.Optional(
    Type.String({ format: 'date-time', description: 'Asks for the place of this time in the list; of lists by time only.' }),
  ),
  counts: Type.Optional(Type.Boolean({ description: 'Whether `facets` and `inRange` are counted; true where absent.' })),
})
export type SessionFilter = Static<typeof SessionFilter>

const FacetValues = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))

/** Sessions that match, with the counts a filter bar needs. */
export const sessionsRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/sessions',
  summary: 'Sessions, newest first, with counts by user, namespace, entry, confidence and risk.',
  query: SessionFilter,
  reply: Type.Object({
    sessions: Type.Array(ListedSession),
    total: Type.Integer({ description: 'All matches, not only those listed.' }),
    inRange: Type.Integer({ description: 'Sessions in the time range before any other filter.' }),
    facets: Type.Object(
      { user: FacetValues, namespace: FacetValues, entry: FacetValues, confidence: FacetValues, risk: FacetValues },
      { description: 'Each counted with every filter but its own, largest first, at most 100 values; user "" is nobody named.' },
    ),
    position: Type.Optional(
      Type.Integer({ description: 'How many sessions stand before the time `at`; as a cursor it begins there.' }),
    ),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  }),
} as const satisfies Route

/** One session with its commands, API calls, neighbours and gaps; 404 PW-SE-001 where there is none. */
export const sessionRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/sessions/:traceId',
  summary: 'One session with its commands, the API calls beside it, its neighbours and known gaps.',
  params: Type.Object({ traceId: Type.String({ minLength: 1, maxLength: 128 }) }),
  reply: SessionDetail,
} as const satisfies Route
