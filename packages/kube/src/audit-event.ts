import { timeMsOf } from '@podwitness/event'

/**
 * One audit.k8s.io/v1 event, as far as we read it; the bytes are kept beside it.
 * Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go.
 */
export interface KubeAuditEvent {
  readonly level: string
  /** Client-controlled through the Audit-ID header: never a key by itself. */
  readonly auditID: string
  readonly stage: string
  readonly requestURI: string
  readonly verb: string
  readonly user: KubeUser
  readonly impersonatedUser?: KubeUser
  readonly sourceIPs: readonly string[]
  readonly userAgent: string
  readonly objectRef: KubeObjectRef
  /** HTTP status; 0 where the stage carries none. */
  readonly status: number
  readonly requestObject: unknown
  readonly responseObject: unknown
  readonly annotations: Readonly<Record<string, string>>
  /** Milliseconds since the Unix epoch, to the microsecond. */
  readonly receivedMs: number
  readonly stageMs: number
  /** How much later than `stageMs` the stage may have been, milliseconds, where its time is written in whole seconds. */
  readonly stageWithinMs?: number
  /** `stageMs` is the request's: the stage's own time is not known, as in legacy text. */
  readonly stageUntimed?: true
}

export interface KubeUser {
  readonly username: string
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

export interface KubeObjectRef {
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly apiGroup: string
  readonly apiVersion: string
  readonly subresource: string
}

/** Why an object is not an audit event; each is a label of a counter. */
export type KubeRejectCode = 'not_an_event' | 'no_stage' | 'no_time' | 'unsupported_version'

/**
 * Reads one event from parsed JSON.
 *
 * Items of an EventList carry neither `kind` nor `apiVersion`; lines of the log back end carry both.
 */
export function readKubeEvent(json: unknown): KubeAuditEvent | { readonly code: KubeRejectCode } {
  if (!isRecord(json)) return { code: 'not_an_event' }
  if (typeof json.apiVersion === 'string' && !json.apiVersion.startsWith('audit.k8s.io/')) return { code: 'unsupported_version' }
  if (typeof json.auditID !== 'string' || typeof json.requestURI !== 'string') return { code: 'not_an_event' }
  if (typeof json.stage !== 'string') return { code: 'no_stage' }
  const stageMs = timeMsOf(text(json.stageTimestamp))
  const receivedMs = timeMsOf(text(json.requestReceivedTimestamp))
  if (Number.isNaN(stageMs) && Number.isNaN(receivedMs)) return { code: 'no_time' }
  const status = isRecord(json.responseStatus) && typeof json.responseStatus.code === 'number' ? json.responseStatus.code : 0
  return {
    level: text(json.level),
    auditID: json.auditID,
    stage: json.stage,
    requestURI: json.requestURI,
    verb: text(json.verb),
    user: readUser(json.user),
    ...(isRecord(json.impersonatedUser) ? { impersonatedUser: readUser(json.impersonatedUser) } : {}),
    sourceIPs: texts(json.sourceIPs),
    userAgent: text(json.userAgent),
    objectRef: readObjectRef(json.objectRef),
    status,
    requestObject: json.requestObject,
    responseObject: json.responseObject,
    annotations: annotationsOf(json.annotations),
    receivedMs: Number.isNaN(receivedMs) ? stageMs : receivedMs,
    stageMs: Number.isNaN(stageMs) ? receivedMs : stageMs,
    ...(Number.isNaN(stageMs) ? { stageUntimed: true as const } : {}),
    ...(WHOLE_SECONDS.test(text(json.stageTimestamp)) ? { stageWithinMs: 999 } : {}),
  }
}

function readUser(json: unknown): KubeUser {
  if (!isRecord(json)) return { username: '', uid: '', groups: [], extra: {} }
  const extra = isRecord(json.extra)
    ? Object.fromEntries(Object.entries(json.extra).map(([key, value]) => [key, texts(value)]))
    : {}
  return { username: text(json.username), uid: text(json.uid), groups: texts(json.groups), extra }
}

function readObjectRef(json: unknown): KubeObjectRef {
  const ref = isRecord(json) ? json : {}
  return {
    resource: text(ref.resource),
    namespace: text(ref.namespace),
    name: text(ref.name),
    uid: text(ref.uid),
    apiGroup: text(ref.apiGroup),
    apiVersion: text(ref.apiVersion),
    subresource: text(ref.subresource),
  }
}

function annotationsOf(json: unknown): Record<string, string> {
  if (!isRecord(json)) return {}
  return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** A time without a fraction: what exports of the log have left of its microseconds. */
const WHOLE_SECONDS = /\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/i

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}
