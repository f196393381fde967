import { createHash } from 'node:crypto'
import type { KubeAuditEvent } from './audit-event.ts'

/**
 * Deterministic id of an API event within a cluster, as a UUID (RFC 9562, version 8: custom).
 *
 * Made from content and not from the Audit-ID alone, which the client may choose. The log back end
 * and the webhook write the same event with different JSON, so the id is made from the values.
 */
export function kubeEventId(cluster: string, event: KubeAuditEvent): string {
  const impersonated = event.impersonatedUser?.username ?? ''
  return uuidOf('kube', cluster, event.stage, String(event.stageMs), impersonated, ...requestParts(event))
}

/** Deterministic id of a request, equal for all its stages: the first stage does not know yet who is impersonated. */
export function kubeRequestId(cluster: string, event: KubeAuditEvent): string {
  return uuidOf('request', cluster, ...requestParts(event))
}

function requestParts(event: KubeAuditEvent): string[] {
  const { auditID, requestURI, verb, user, sourceIPs, receivedMs } = event
  return [auditID, requestURI, verb, user.username, sourceIPs.join(','), String(receivedMs)]
}

/** UUID from the SHA-256 of some words. */
export function uuidOf(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
