import { type EventDraft, storeTime } from '@podwitness/event'
import { type KubeAuditEvent, kubeEventId } from '@podwitness/kube'
import { MASKED_LABEL, maskSecrets } from './mask-secrets.ts'
import { rawColumns } from './raw-columns.ts'

/** The row of one API audit event; `raw` is its JSON exactly as received, but for secrets, which are masked. */
export function kubeRow(event: KubeAuditEvent, raw: Buffer, cluster: string, source: string): EventDraft {
  const { objectRef, user } = event
  const { bytes, masked } = maskSecrets(event, raw)
  const columns = rawColumns(bytes)
  return {
    time: storeTime(event.stageMs),
    event_id: kubeEventId(cluster, event),
    kind: 'KubeAudit',
    action: event.verb,
    outcome: event.status === 0 ? '' : event.status < 400 ? 'success' : 'failure',
    cluster,
    source,
    audit_id: event.auditID,
    stage: event.stage,
    verb: event.verb,
    api_group: objectRef.apiGroup,
    resource: objectRef.resource,
    subresource: objectRef.subresource,
    obj_ns: objectRef.namespace,
    obj_name: objectRef.name,
    user: user.username,
    groups: [...user.groups],
    impersonated_user: event.impersonatedUser?.username ?? '',
    source_ip: event.sourceIPs.at(-1) ?? '',
    user_agent: event.userAgent,
    request_uri: event.requestURI,
    status: event.status,
    level: event.level,
    raw: columns.raw,
    labels: masked === 0 ? columns.labels : { ...columns.labels, [MASKED_LABEL]: String(masked) },
  }
}
