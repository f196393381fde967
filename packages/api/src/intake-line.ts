import { type Static, Type } from 'typebox'
import { closedWord } from './closed-word.ts'

/**
 * What a node agent sends: one JSON object a line, in batches. Node and cluster are never in a line;
 * the server takes them from the sender's certificate.
 */

/** Where on its way to the store a record can be lost. */
export const LOSS_HOPS = ['kernel', 'sequence', 'auditd', 'parser', 'filter', 'spool', 'late'] as const
export type LossHop = (typeof LOSS_HOPS)[number]

/** Longest line of a batch, bytes: a PodList of a full node is the largest thing sent. */
export const MAX_INTAKE_LINE_BYTES = 16 * 1024 * 1024
/** Largest body of a batch, bytes as sent. */
export const MAX_INTAKE_BODY_BYTES = 16 * 1024 * 1024
/** Largest body of a batch, bytes unpacked. */
export const MAX_INTAKE_UNPACKED_BYTES = 64 * 1024 * 1024
/** Most lines of a batch. */
export const MAX_INTAKE_LINES = 50_000
/** Port of the listener for agents and other senders. */
export const INTAKE_PORT = 7273
/** Header that names a batch: `<spool id>.<segment>.<offset>`. */
export const BATCH_HEADER = 'x-podwitness-batch'
/** Header of every answer: fingerprints of the authorities that the server trusts, the one that signs first. */
export const AUTHORITIES_HEADER = 'x-podwitness-authorities'
/** What the header may hold. */
export const BATCH_KEY = /^[A-Za-z0-9_-]{1,64}\.\d{1,15}\.\d{1,15}$/

/** RFC 3339, UTC, up to microseconds. */
export const INTAKE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/

const Time = Type.String({ pattern: INTAKE_TIME.source, description: 'RFC 3339, UTC, up to microseconds.' })
const Boot = Type.String({ maxLength: 64, description: "The kernel's boot id (/proc/sys/kernel/random/boot_id)." })
const Text = Type.String({ maxLength: 4096 })
const Pid = Type.Integer({ minimum: 0, maximum: 4_194_304 })

const Word = Type.Optional(Type.String({ maxLength: 512 }))

/** Where the process of an event was, as far as its node knows. */
const Place = Type.Object({
  containerId: Type.String({ minLength: 1, maxLength: 128 }),
  ...{ namespace: Word, pod: Word, podUid: Word, container: Word, image: Word },
})

/** One Linux audit event: its record lines exactly as received, joined by newlines. */
export const AuditLine = Type.Object({
  kind: Type.Literal('audit'),
  boot: Boot,
  via: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: 8,
    description: 'Sources that saw it, e.g. `socket`, `audit.log`.',
  }),
  raw: Type.Optional(Type.String({ minLength: 1 })),
  raw64: Type.Optional(Type.String({ minLength: 1, description: 'Base64, where the bytes are not UTF-8.' })),
  late: Type.Optional(
    Type.Boolean({ description: 'The records came after their event had been sent: they are kept beside it, under its serial.' }),
  ),
  place: Type.Optional(Place),
})
export type AuditLine = Static<typeof AuditLine>

/** A container that was seen, changed or is gone: an object shaped like a line of `containers.jsonl`. */
export const ContainerLine = Type.Object({
  kind: Type.Literal('container'),
  time: Time,
  container: Type.Record(Type.String(), Type.Unknown()),
})
export type ContainerLine = Static<typeof ContainerLine>

/** Pods of the node, as the API or the kubelet gave them: a v1 PodList. */
export const PodsLine = Type.Object({
  kind: Type.Literal('pods'),
  time: Time,
  list: Type.Object({ items: Type.Array(Type.Unknown()) }),
})
export type PodsLine = Static<typeof PodsLine>

/** A process read from /proc whose start no audit record told of. */
export const ProcessLine = Type.Object({
  kind: Type.Literal('process'),
  boot: Boot,
  time: Time,
  pid: Pid,
  ppid: Pid,
  startTicks: Type.Integer({ minimum: 0, description: 'Start after boot in clock ticks (proc_pid_stat(5), field 22).' }),
  exe: Text,
  argv: Type.Array(Type.String(), { maxItems: 16_384 }),
  cgroup: Text,
  containerId: Type.String({ maxLength: 128, description: 'Empty on the host.' }),
  loginuid: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  auditSession: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
})
export type ProcessLine = Static<typeof ProcessLine>

/** Records known to be lost. */
export const LossLine = Type.Object({
  kind: Type.Literal('loss'),
  boot: Boot,
  hop: closedWord(LOSS_HOPS),
  since: Time,
  until: Time,
  count: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'null where the number is unknown.' }),
  reason: Text,
  id: Type.Optional(
    Type.String({ maxLength: 256, description: 'The same loss, told again after a crash, has the same: it counts once.' }),
  ),
})
export type LossLine = Static<typeof LossLine>

/** A sign of life, with the agent's counters since its start and what it knows of its node. */
export const HeartbeatLine = Type.Object({
  kind: Type.Literal('heartbeat'),
  boot: Boot,
  time: Time,
  counters: Type.Record(Type.String(), Type.Number()),
  facts: Type.Record(Type.String(), Type.String()),
})
export type HeartbeatLine = Static<typeof HeartbeatLine>

/** Something the agent itself noticed: somebody took the audit socket, auditd stopped, the rules changed. */
export const FindingLine = Type.Object({
  kind: Type.Literal('finding'),
  time: Time,
  rule: Type.String({ minLength: 1, maxLength: 128 }),
  text: Text,
})
export type FindingLine = Static<typeof FindingLine>

/** One line of a batch. */
export const IntakeLine = Type.Union([AuditLine, ContainerLine, PodsLine, ProcessLine, LossLine, HeartbeatLine, FindingLine])
export type IntakeLine = Static<typeof IntakeLine>
export type IntakeKind = IntakeLine['kind']

/** Schema of each kind of line. */
export const INTAKE_LINES = {
  audit: AuditLine,
  container: ContainerLine,
  pods: PodsLine,
  process: ProcessLine,
  loss: LossLine,
  heartbeat: HeartbeatLine,
  finding: FindingLine,
} as const satisfies Record<IntakeKind, unknown>
