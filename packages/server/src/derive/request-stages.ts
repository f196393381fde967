import type { EventDraft } from '@podwitness/event'
import { containerRequest, type KubeAuditEvent, kubeRequestId, readKubeLine } from '@podwitness/kube'
import type { ContainerOperation } from '@podwitness/session'
import { RAW_ENCODING } from '../rows/raw-columns.ts'

/** One stage of a request on a container, as the API server logged it. */
export interface RequestStage {
  /** Of the request: the same for all its stages. */
  readonly requestId: string
  readonly eventId: string
  readonly timeMs: number
  readonly event: KubeAuditEvent
}

/** Subresources of pods by which somebody enters a container. */
const CONTAINER_SUBRESOURCES: readonly string[] = ['exec', 'attach', 'portforward', 'ephemeralcontainers']
/** What of a node's kubelet enters one: most that goes through a node's proxy are metrics. */
const KUBELET_WAYS = /\/proxy\/+(?:exec|run|attach|portForward)\//

/** Events among which requests on containers are, as a condition; the same as `mayEnter`. */
export const ENTERING_SQL = `(resource = 'pods' AND subresource IN (${CONTAINER_SUBRESOURCES.map((name) => `'${name}'`).join(', ')})
  OR resource = 'nodes' AND subresource = 'proxy' AND match(request_uri, '/proxy/+(exec|run|attach|portForward)/'))`

/** Whether an API event may be a request on a container. */
export function mayEnter({ resource = '', subresource = '', request_uri: uri = '' }: EventDraft): boolean {
  if (resource === 'nodes') return subresource === 'proxy' && KUBELET_WAYS.test(uri)
  return resource === 'pods' && CONTAINER_SUBRESOURCES.includes(subresource)
}

/** Reads a stored API event; `null` where it is no request on a container. */
export function readStage(
  cluster: string,
  { eventId, timeMs, raw, encoding }: { eventId: string; timeMs: number; raw: string; encoding: string },
): RequestStage | null {
  const event = readKubeLine(encoding === 'base64' ? Buffer.from(raw, 'base64').toString('utf8') : raw)
  if ('code' in event || containerRequest(event) === null) return null
  return { requestId: kubeRequestId(cluster, event), eventId, timeMs, event }
}

/** How `raw` of a row is written. */
export function rawEncoding(labels: Readonly<Record<string, string>> | undefined): string {
  return labels?.[RAW_ENCODING] ?? ''
}

/** A request from its stages, whatever the order they came in; `null` without any. */
export function mergeStages(stages: readonly RequestStage[]): ContainerOperation | null {
  return [...stages]
    .sort((a, b) => a.timeMs - b.timeMs || (a.eventId < b.eventId ? -1 : 1))
    .reduce<ContainerOperation | null>((before, stage) => addStage(before, stage), null)
}

function addStage(before: ContainerOperation | null, { requestId, event }: RequestStage): ContainerOperation | null {
  const request = containerRequest(event)
  if (request === null) return before
  // A time that is not the stage's own would say when a session ended, and be wrong.
  const stageMs = event.stageUntimed === true ? 0 : event.stageMs
  const over = event.stage === 'ResponseComplete' || event.stage === 'Panic'
  return {
    eventId: requestId,
    auditId: event.auditID,
    user: event.user.username,
    groups: event.user.groups,
    userExtra: Object.keys(event.user.extra).length > 0 ? JSON.stringify(event.user.extra) : '',
    sourceIp: event.sourceIPs.at(-1) ?? '',
    userAgent: event.userAgent,
    receivedMs: event.receivedMs,
    ...request,
    impersonatedUser: event.impersonatedUser?.username ?? before?.impersonatedUser ?? '',
    podUid: request.podUid || (before?.podUid ?? ''),
    ephemeralNames: request.ephemeralNames.length > 0 ? request.ephemeralNames : (before?.ephemeralNames ?? []),
    status: Math.max(event.status, before?.status ?? 0),
    ...(event.stageWithinMs === undefined ? {} : { withinMs: event.stageWithinMs }),
    startedMs: event.stage === 'ResponseStarted' ? stageMs : (before?.startedMs ?? 0),
    // A program may have started up to the last moment that the stage can have been at.
    completedMs: over ? stageMs : (before?.completedMs ?? 0),
  }
}
