type Json = Readonly<Record<string, unknown>>

/** Parts of an API audit event that say what was asked and answered. Source: k8s.io/apiserver, audit/v1 Event. */
const REQUEST_PARTS = ['objectRef', 'requestObject', 'responseObject', 'responseStatus', 'annotations'] as const

/** Those parts of an event that it has, each as JSON. @param raw The event's bytes as text. */
export function requestParts(raw: string): (readonly [string, string])[] {
  const event = parsed(raw)
  return REQUEST_PARTS.flatMap((name) => (isObject(event[name]) ? [[name, JSON.stringify(event[name])] as const] : []))
}

/**
 * What of a pod matters to somebody who asks what could be done from inside of it.
 *
 * @param text Its JSON (core/v1 Pod).
 * @returns Names and values, in the words of the pod's own fields; what is not set is left out.
 */
export function objectFacts(text: string): (readonly [string, string])[] {
  const pod = parsed(text)
  const [metadata, spec] = [objectOf(pod.metadata), objectOf(pod.spec)]
  const containers = [...listOf(spec.initContainers), ...listOf(spec.containers), ...listOf(spec.ephemeralContainers)]
  const facts: (readonly [string, unknown])[] = [
    ['metadata.uid', metadata.uid],
    ['metadata.labels', pairs(metadata.labels)],
    ['metadata.ownerReferences', listOf(metadata.ownerReferences).map(({ kind, name }) => `${kind}/${name}`)],
    ['spec.nodeName', spec.nodeName],
    ['spec.serviceAccountName', spec.serviceAccountName],
    ...['hostPID', 'hostNetwork', 'hostIPC'].map((name) => [`spec.${name}`, spec[name]] as const),
    ['hostPath', listOf(spec.volumes).flatMap((volume) => textOf(objectOf(volume.hostPath).path))],
    ...containers.flatMap((container) => containerFacts(container)),
  ]
  return facts.flatMap(([name, value]) => {
    const said = Array.isArray(value) ? value.join(', ') : value === undefined || value === false ? '' : String(value)
    return said === '' ? [] : [[name, said] as const]
  })
}

function containerFacts(container: Json): (readonly [string, unknown])[] {
  const { privileged, runAsUser, capabilities } = objectOf(container.securityContext)
  const added = objectOf(capabilities).add
  const name = `container ${container.name}`
  return [
    [name, container.image],
    [`${name} privileged`, privileged],
    [`${name} runAsUser`, runAsUser],
    [`${name} capabilities.add`, Array.isArray(added) ? added.map(String) : undefined],
  ]
}

function pairs(labels: unknown): string[] {
  return Object.entries(objectOf(labels)).map(([key, value]) => `${key}=${value}`)
}

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : []
}
