import { as, IN_TIME, quoted, type SigmaField, type SigmaSource } from './sigma-source.ts'

/** Fields of audit.k8s.io/v1 Event that are columns. Source: Kubernetes API reference, audit.k8s.io/v1. */
const FIELDS: Readonly<Record<string, SigmaField>> = {
  auditID: as.text('audit_id'),
  stage: as.text('stage'),
  level: as.text('level'),
  verb: as.text('verb'),
  requestURI: as.text('request_uri'),
  userAgent: as.text('user_agent'),
  sourceIPs: as.text('source_ip'),
  'user.username': as.text('user'),
  'user.groups': as.list('groups'),
  'impersonatedUser.username': as.text('impersonated_user'),
  'objectRef.resource': as.text('resource'),
  'objectRef.subresource': as.text('subresource'),
  'objectRef.namespace': as.text('obj_ns'),
  'objectRef.name': as.text('obj_name'),
  'objectRef.apiGroup': as.text('api_group'),
  'responseStatus.code': as.number('status'),
}
const BY_LOWER = new Map(Object.entries(FIELDS).map(([name, field]) => [name.toLowerCase(), field]))
/** Parts of an event whose members are read from its text. */
const PARTS = ['user', 'impersonatedUser', 'objectRef', 'responseStatus', 'requestObject', 'responseObject', 'annotations']

/** `product: kubernetes, service: audit`: requests to the API server, each once. */
export const kubernetesAudit: SigmaSource = {
  // The Audit-ID alone is chosen by the client; with who asked for what it cannot hide another request.
  select: `SELECT concat(cluster, '|', audit_id, '|', user, '|', verb, '|', request_uri) AS alert_key, event_id AS first_event, time, cluster, user, verb,
  resource, subresource, obj_ns AS namespace, obj_name AS name, status, source_ip, user_agent
FROM audit.events
WHERE kind = 'KubeAudit' AND ${IN_TIME}`,
  text: 'raw',
  needs: ['apiAudit'],
  groupBy: ['cluster', 'user'],
  known: [...Object.keys(FIELDS), 'requestObject.metadata.name'],
  unless: { field: 'stage', sql: "stage != 'RequestReceived'" },
  field: (name) => {
    const known = BY_LOWER.get(name.toLowerCase())
    if (known !== undefined) return known
    const [part = '', ...rest] = name.split('.')
    if (!PARTS.includes(part) || rest.length === 0) return undefined
    // Keys of annotations have dots of their own.
    const path = part === 'annotations' ? [part, rest.join('.')] : [part, ...rest]
    return as.text(`trim(BOTH '"' FROM JSONExtractRaw(raw, ${path.map(quoted).join(', ')}))`)
  },
}
