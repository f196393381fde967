import { isRecord, type KubeAuditEvent } from './audit-event.ts'

/** What a request does to a container. */
export interface ContainerRequest {
  readonly kind: 'exec' | 'attach' | 'portforward' | 'ephemeral'
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  /** Empty where the request leaves it to the API server. */
  readonly container: string
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
  /** Ephemeral containers that the request asks for, by name; empty where the audit level hides them. */
  readonly ephemeralNames: readonly string[]
}

/**
 * Whether an API event is an operation on a container, and which.
 *
 * exec, attach and portforward count whatever the verb: `create` (SPDY, POST) or `get` (WebSocket).
 * Options are query parameters, `command` repeated once a word. Source: k8s.io/api core/v1
 * PodExecOptions, PodAttachOptions; RFC 3986 for the query.
 */
export function containerRequest(event: KubeAuditEvent): ContainerRequest | null {
  const { resource, subresource, namespace, name, uid, apiGroup } = event.objectRef
  if (resource !== 'pods' || apiGroup !== '' || name === '') return null
  const base = { namespace, pod: name, podUid: uid }
  if (subresource === 'exec' || subresource === 'attach' || subresource === 'portforward')
    return { kind: subresource, ...base, ...optionsOf(event.requestURI) }
  if (subresource !== 'ephemeralcontainers' || (event.verb !== 'update' && event.verb !== 'patch' && event.verb !== 'create'))
    return null
  return {
    kind: 'ephemeral',
    ...base,
    container: '',
    command: [],
    stdin: false,
    stdout: false,
    stderr: false,
    tty: false,
    ephemeralNames: ephemeralNames(event.requestObject),
  }
}

function optionsOf(requestURI: string): Omit<ContainerRequest, 'kind' | 'namespace' | 'pod' | 'podUid'> {
  const mark = requestURI.indexOf('?')
  const query = new URLSearchParams(mark < 0 ? '' : requestURI.slice(mark + 1))
  const flag = (name: string): boolean => /^(?:true|1|t)$/i.test(query.get(name) ?? '')
  return {
    container: query.get('container') ?? '',
    command: query.getAll('command'),
    stdin: flag('stdin'),
    stdout: flag('stdout'),
    stderr: flag('stderr'),
    tty: flag('tty'),
    ephemeralNames: [],
  }
}

/** Names in an EphemeralContainers object, a pod, or a patch of one (strategic merge or JSON patch). */
function ephemeralNames(object: unknown): string[] {
  if (Array.isArray(object)) return object.flatMap((operation) => (isRecord(operation) ? namesIn(operation.value) : []))
  if (!isRecord(object)) return []
  const spec = isRecord(object.spec) ? object.spec : {}
  return [...namesIn(object.ephemeralContainers), ...namesIn(spec.ephemeralContainers)]
}

function namesIn(list: unknown): string[] {
  const items = Array.isArray(list) ? list : [list]
  return items.flatMap((item) => (isRecord(item) && typeof item.name === 'string' ? [item.name] : []))
}
