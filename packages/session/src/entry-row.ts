import { storeTime } from '@podwitness/event'
import type { ContainerPlace } from './container-index.ts'
import type { EntryDraft } from './evidence.ts'
import type { ContainerOperation } from './observation.ts'

/** The row of a request in kind `Kubernetes`. */
export function entryRow(cluster: string, operation: ContainerOperation, traceId: string, place: ContainerPlace): EntryDraft {
  return {
    event_id: operation.eventId,
    trace_id: traceId,
    time: storeTime(operation.receivedMs),
    cluster,
    node: place.node,
    audit_id: operation.auditId,
    operation: OPERATION_KINDS[operation.kind],
    user: operation.user,
    groups: [...operation.groups],
    user_extra: operation.userExtra,
    impersonated_user: operation.impersonatedUser,
    source_ip: operation.sourceIp,
    user_agent: operation.userAgent,
    ns: operation.namespace,
    pod: operation.pod,
    pod_uid: place.podUid,
    container: place.name,
    image: place.image,
    pod_labels: { ...place.labels },
    host_ip: place.hostIp,
    command: [...operation.command],
    stdin: operation.stdin ? 1 : 0,
    stdout: operation.stdout ? 1 : 0,
    stderr: operation.stderr ? 1 : 0,
    tty: operation.tty ? 1 : 0,
    status: operation.status,
    started: storeTime(operation.startedMs),
    ended: storeTime(operation.completedMs),
  }
}

const OPERATION_KINDS = {
  exec: 'PodExec',
  attach: 'PodAttach',
  portforward: 'PodPortForward',
  ephemeral: 'EphemeralContainer',
} as const
