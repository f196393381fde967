import { CONFIDENCES, ENTRY_KINDS, ENTRY_OUTCOMES, RISKS, type Session, type SessionCommand } from '@podwitness/event'
import { type Static, Type } from 'typebox'
import { closedWord } from './closed-word.ts'

/** Fails the type check when a schema and the event model part ways. */
type Agreeing<Model, Schema extends Model> = Schema

const Strings = Type.Array(Type.String())

const Candidate = Type.Object({ user: Type.String(), auditId: Type.String(), reasons: Strings })

/** One entry into a container, without its commands. The meaning of each field: `Session` of the event package. */
export const SessionSummary = Type.Object({
  traceId: Type.String(),
  entry: closedWord(ENTRY_KINDS),
  confidence: closedWord(CONFIDENCES),
  reasons: Strings,
  user: Type.Union([Type.String(), Type.Null()]),
  groups: Strings,
  impersonatedUser: Type.Optional(Type.String({ description: 'The account that `user` acted as.' })),
  impersonatedBy: Type.Optional(Type.String({ description: 'Equal to `user` where it acted as another.' })),
  sourceIp: Type.String(),
  userAgent: Type.String(),
  candidates: Type.Array(Candidate),
  auditIds: Strings,
  cluster: Type.String(),
  node: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  podUid: Type.String(),
  container: Type.String(),
  containerId: Type.String(),
  image: Type.String(),
  tty: Type.Boolean(),
  command: Strings,
  outcome: closedWord(ENTRY_OUTCOMES),
  status: Type.Integer(),
  start: Type.String({ description: 'ISO 8601, UTC.' }),
  end: Type.String({ description: 'ISO 8601, UTC; empty while it is not known to have ended.' }),
  commandCount: Type.Integer(),
  risk: closedWord(RISKS),
  riskReason: Type.String(),
})
export type SessionSummary = Agreeing<Session, Static<typeof SessionSummary>>

/** The command of a session that a search should land on: the first match by risk, then by time. */
export const TopMatch = Type.Object({
  eventId: Type.String(),
  time: Type.String(),
  cmdline: Type.String(),
  matches: Type.Integer(),
})
export type TopMatch = Static<typeof TopMatch>

/** A session as a list shows it. */
export const ListedSession = Type.Intersect([SessionSummary, Type.Object({ topMatch: Type.Optional(TopMatch) })])
export type ListedSession = Static<typeof ListedSession>

/** A command with its place in the process tree. */
export const SessionCommandDetail = Type.Object({
  eventId: Type.String(),
  auditSerial: Type.String(),
  time: Type.String(),
  argv: Strings,
  cmdline: Type.String(),
  exe: Type.String(),
  name: Type.String(),
  cwd: Type.String(),
  pid: Type.Integer(),
  ppid: Type.Integer(),
  uid: Type.Integer(),
  exit: Type.Integer(),
  risk: closedWord(RISKS),
  riskReason: Type.String(),
  placed: Type.String(),
  onHost: Type.Boolean(),
  parentEventId: Type.String({
    description: 'The command that started it; empty for the first of the session or where unknown.',
  }),
})
export type SessionCommandDetail = Agreeing<SessionCommand, Static<typeof SessionCommandDetail>>

/** One API request, for the column beside a session and the related events of an entry. */
export const ApiCall = Type.Object({
  eventId: Type.String(),
  auditId: Type.String(),
  time: Type.String(),
  user: Type.String(),
  verb: Type.String(),
  resource: Type.String({ description: 'With its subresource: `pods/exec`.' }),
  namespace: Type.String(),
  name: Type.String(),
  status: Type.Integer({ description: 'HTTP status, 0 where none is recorded.' }),
  own: Type.Boolean({ description: 'Whether it is the request that opened this session.' }),
})
export type ApiCall = Static<typeof ApiCall>

/** A stretch in which records are known to be missing. */
export const Gap = Type.Object({
  from: Type.String(),
  to: Type.String(),
  code: closedWord(['kernel-lost', 'serial-gap', 'dropped', 'rejected', 'source-silent'] as const),
  records: Type.Integer({ description: 'Records known to be missing, 0 where the number is unknown.' }),
})
export type Gap = Static<typeof Gap>

/** What made a pod, a Deployment rather than its ReplicaSet where the names prove it. */
const PodOwnerSchema = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  rule: Type.String({ description: 'How it is known.' }),
})

/** A session with everything its page shows. */
export const SessionDetail = Type.Intersect([
  SessionSummary,
  Type.Object({
    podLabels: Type.Record(Type.String(), Type.String()),
    podOwner: Type.Union([PodOwnerSchema, Type.Null()], {
      description: 'Who made the pod; null where nobody did or the pod object is not known.',
    }),
    hostIp: Type.String(),
    commands: Type.Array(SessionCommandDetail, { description: 'In order of time, at most 10 000.' }),
    commandsLeftOut: Type.Integer({ description: 'Commands beyond that limit.' }),
    apiCalls: Type.Array(ApiCall, {
      description:
        "By the session's user (or candidates) from 60 s before start to 60 s after end: those that opened it, and the nearest to its start, 500 at most.",
    }),
    neighbours: Type.Object({
      previous: Type.Union([Type.String(), Type.Null()]),
      next: Type.Union([Type.String(), Type.Null()]),
    }),
    gaps: Type.Array(Gap),
  }),
])
export type SessionDetail = Static<typeof SessionDetail>
