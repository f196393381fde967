import { EVENT_KINDS, RISKS } from '@podwitness/event'
import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { ApiCall, SessionSummary } from '../session-schema.ts'

const Strings = Type.Array(Type.String())

/** Normalised fields of one event: the columns of `EventRow`, in camelCase. Empty text and 0 mean "not in this event". */
export const EventFields = Type.Object({
  eventId: Type.String(),
  time: Type.String(),
  kind: closedWord(EVENT_KINDS),
  action: Type.String(),
  outcome: Type.String(),
  cluster: Type.String(),
  node: Type.String(),
  boot: Type.String(),
  auditSerial: Type.String(),
  recordTypes: Strings,
  syscall: Type.Integer(),
  arch: Type.String(),
  exit: Type.String(),
  pid: Type.Integer(),
  ppid: Type.Integer(),
  uid: Type.Integer(),
  auid: Type.Integer(),
  ses: Type.Integer(),
  tty: Type.String(),
  comm: Type.String(),
  exe: Type.String(),
  name: Type.String(),
  cwd: Type.String(),
  argv: Strings,
  cmdline: Type.String(),
  keys: Strings,
  paths: Strings,
  dstIp: Type.String(),
  dstPort: Type.Integer(),
  auditId: Type.String(),
  stage: Type.String(),
  verb: Type.String(),
  apiGroup: Type.String(),
  resource: Type.String(),
  subresource: Type.String(),
  objectNamespace: Type.String(),
  objectName: Type.String(),
  user: Type.String(),
  groups: Strings,
  impersonatedUser: Type.String(),
  sourceIp: Type.String(),
  userAgent: Type.String(),
  requestUri: Type.String(),
  status: Type.Integer(),
  level: Type.String(),
  message: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
})
export type EventFields = Static<typeof EventFields>

/** One event with the bytes it came as. 404 PW-EV-001 where there is none. */
export const eventRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/events/:eventId',
  summary: 'One event: its fields, its lines exactly as received, where it came from and where it belongs.',
  params: Type.Object({ eventId: Type.String({ minLength: 1, maxLength: 256 }) }),
  reply: Type.Object({
    event: EventFields,
    raw: Type.String({ description: 'Exactly as received.' }),
    rawEncoding: closedWord(
      ['utf8', 'latin1'] as const,
      'How `raw` writes the bytes: text where they are UTF-8, else one character a byte.',
    ),
    rawLines: Type.Array(Type.String(), { description: '`raw`, split at line ends: one audit record a line.' }),
    source: Type.Object({
      format: Type.String({ description: 'How it came: `audit.log`, `syslog`, `apiserver-log`, `apiserver-webhook`.' }),
      batchId: Type.String(),
      batchSeq: Type.Integer(),
    }),
    placement: Type.Union([
      Type.Object({
        traceId: Type.String(),
        placed: Type.String(),
        namespace: Type.String(),
        pod: Type.String(),
        podUid: Type.String(),
        container: Type.String(),
        containerId: Type.String(),
        image: Type.String(),
        parentName: Type.String(),
        parentEventId: Type.String(),
        onHost: Type.Boolean(),
        risk: closedWord(RISKS),
        riskReason: Type.String(),
      }),
      Type.Null(),
    ]),
    session: Type.Union([SessionSummary, Type.Null()]),
    related: Type.Array(ApiCall, { description: 'The other stages and requests of the same entry; empty for a command.' }),
  }),
} as const satisfies Route
export type EventDetail = Static<typeof eventRoute.reply>
