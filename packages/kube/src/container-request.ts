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
 * PodExecOptions, PodAttachOptions; RFC 3986 for the query. So do the same to the kubelet through the API server, by
 * `nodes/NAME/proxy/exec/…`, which the right to `nodes/proxy` allows without any right to pods.
 */
export function containerRequest(event: KubeAuditEvent): ContainerRequest | null {
  const { resource, subresource, namespace, name, uid, apiGroup } = event.objectRef
  if (resource === 'nodes' && subresource === 'proxy' && apiGroup === '') return kubeletRequest(event.requestURI)
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

/** What the kubelet's own API calls what pods' subresources do. Source: kubelet, pkg/kubelet/server/server.go, InstallDebuggingHandlers. */
const KUBELET_KINDS: Readonly<Record<string, 'exec' | 'attach' | 'portforward'>> = {
  exec: 'exec',
  run: 'exec',
  attach: 'attach',
  portForward: 'portforward',
}

/**
 * `…/proxy/exec/NAMESPACE/POD[/UID]/CONTAINER?command=…&input=1&output=1&tty=1`; `run` has its words in one `cmd`;
 * `portForward` names no container. Source: kubelet, pkg/kubelet/server/server.go, getExecRequestParams and getRun;
 * k8s.io/kubelet, pkg/cri/streaming/remotecommand, NewOptions.
 */
function kubeletRequest(requestURI: string): ContainerRequest | null {
  const mark = requestURI.indexOf('?')
  const path = mark < 0 ? requestURI : requestURI.slice(0, mark)
  const [, rest] = /^\/api\/v1\/nodes\/[^/]+\/proxy\/+(.*)$/.exec(path) ?? []
  const [verb = '', namespace = '', pod = '', ...last] = (rest ?? '').split(/\/+/).filter(Boolean).map(decoded)
  const kind = Object.hasOwn(KUBELET_KINDS, verb) ? KUBELET_KINDS[verb] : undefined
  if (kind === undefined || pod === '') return null
  const container = kind === 'portforward' ? '' : (last.at(-1) ?? '')
  const podUid = kind === 'portforward' ? (last[0] ?? '') : last.length > 1 ? (last[0] ?? '') : ''
  const query = new URLSearchParams(mark < 0 ? '' : requestURI.slice(mark + 1))
  const flag = (name: string): boolean => query.get(name) === '1'
  return {
    ...{ kind, namespace, pod, podUid, container },
    command: verb === 'run' ? (query.get('cmd') ?? '').split(' ') : query.getAll('command'),
    ...{ stdin: flag('input'), stdout: flag('output'), stderr: flag('error'), tty: flag('tty') },
    ephemeralNames: [],
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
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
