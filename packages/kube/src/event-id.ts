import { hash } from 'node:crypto'
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
  return uuidText(hash('sha256', parts.join('\0'), 'buffer'))
}

/** Its text in one piece: put together of slices it would take ten times the memory, and there is one for each event. */
function uuidText(bytes: Buffer): string {
  for (let at = 0, to = 0; at < 16; at++) {
    let byte = bytes[at] as number
    if (at === 6) byte = (byte & 0x0f) | 0x80
    else if (at === 8) byte = (byte & 0x3f) | 0x80
    if (at === 4 || at === 6 || at === 8 || at === 10) UUID[to++] = 0x2d
    UUID[to++] = DIGITS.charCodeAt(byte >> 4)
    UUID[to++] = DIGITS.charCodeAt(byte & 15)
  }
  return UUID.toString('latin1')
}

const UUID = Buffer.alloc(36)
const DIGITS = '0123456789abcdef'
