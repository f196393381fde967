import { isRecord, type KubeAuditEvent } from '@podwitness/kube'

/** What stands where a secret stood. */
const MASK = '[masked]'
/** Label with the number of values that were masked. */
export const MASKED_LABEL = 'masked'
/** kubectl keeps whole objects, data included, in this annotation. Source: kubectl, pkg/util/apply.go. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Replaces what nobody needs to know who did what: data of Secrets and ConfigMaps, tokens of TokenReviews and
 * TokenRequests, also within lists, patches and kubectl's own copy. Names of keys stay.
 *
 * @param raw The event's JSON as received.
 * @returns The JSON with the values masked, and how many; the same bytes where there was nothing.
 */
export function maskSecrets(event: KubeAuditEvent, raw: Buffer): { readonly bytes: Buffer; readonly masked: number } {
  if (!mayHoldSecrets(event)) return { bytes: raw, masked: 0 }
  const json: unknown = JSON.parse(raw.toString('utf8'))
  if (!isRecord(json)) return { bytes: raw, masked: 0 }
  const masked = maskObject(json.requestObject) + maskObject(json.responseObject)
  return masked === 0 ? { bytes: raw, masked } : { bytes: Buffer.from(JSON.stringify(json), 'utf8'), masked }
}

function mayHoldSecrets({ objectRef: { resource, subresource }, requestObject, responseObject }: KubeAuditEvent): boolean {
  if (requestObject === undefined && responseObject === undefined) return false
  return ['secrets', 'configmaps', 'tokenreviews'].includes(resource) || subresource === 'token'
}

/** Masks in place. @returns How many values. */
function maskObject(value: unknown): number {
  // A JSON patch (RFC 6902) has its values in a list of operations.
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + maskField(one, 'value') + maskObject(one), 0)
  if (!isRecord(value)) return 0
  let masked = 0
  for (const name of ['data', 'stringData', 'binaryData']) masked += maskValues(value[name])
  for (const part of ['spec', 'status']) masked += maskField(value[part], 'token')
  if (isRecord(value.metadata)) masked += maskField(value.metadata.annotations, LAST_APPLIED)
  return masked + maskObject(value.items)
}

function maskValues(value: unknown): number {
  if (!isRecord(value)) return 0
  return Object.keys(value).reduce((sum, key) => sum + maskField(value, key), 0)
}

function maskField(holder: unknown, key: string): number {
  if (!isRecord(holder) || !Object.hasOwn(holder, key) || holder[key] === '' || holder[key] === null) return 0
  holder[key] = MASK
  return 1
}
