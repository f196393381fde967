import { ownerOf, type PodOwner } from '@podwitness/event'

/**
 * What is shipped of a pod object: names, labels, owner, containers with their probes and hooks. Values of environment
 * variables, volumes and all else stay on the node: they may be secrets.
 */
export interface PodSummary {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
    readonly ownerReferences: readonly unknown[]
    readonly creationTimestamp?: unknown
    readonly deletionTimestamp?: unknown
  }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status: Readonly<Record<string, unknown>>
  readonly owner: PodOwner | null
}

type Fields = Readonly<Record<string, unknown>>

/** Annotations that say something of entering a pod or of where it came from. */
const KEPT_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/default-container',
  'kubernetes.io/config.source',
  'kubernetes.io/config.mirror',
  'kubernetes.io/config.hash',
])
const SPEC = ['nodeName', 'runtimeClassName', 'serviceAccountName', 'hostNetwork', 'hostPID', 'hostIPC', 'restartPolicy']
const STATUS = ['phase', 'hostIP', 'podIP', 'podIPs', 'startTime', 'qosClass']
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers']
const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
const MOST_CONTAINERS = 200

/** Makes a summary of a pod object; undefined where it is none. Source: Kubernetes API reference, Pod v1 core. */
export function summarisePod(item: unknown): PodSummary | undefined {
  const { metadata, spec, status } = fieldsOf(item)
  const about = fieldsOf(metadata)
  const { name, namespace = '', uid, ownerReferences, creationTimestamp, deletionTimestamp } = about
  if (typeof name !== 'string' || typeof uid !== 'string' || name === '' || uid === '') return undefined
  const annotations = texts(about.annotations)
  const kept = {
    name,
    namespace: typeof namespace === 'string' ? namespace : '',
    uid,
    labels: texts(about.labels),
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => KEPT_ANNOTATIONS.has(key))),
    ownerReferences: Array.isArray(ownerReferences) ? ownerReferences.slice(0, 10) : [],
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  }
  return {
    metadata: kept,
    spec: { ...only(fieldsOf(spec), SPEC), ...lists(fieldsOf(spec), CONTAINER_LISTS, containerOf) },
    status: { ...only(fieldsOf(status), STATUS), ...lists(fieldsOf(status), STATUS_LISTS, statusOf) },
    owner: ownerOf(kept),
  }
}

function containerOf(container: Fields): Fields {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const { exec } = fieldsOf(container[name])
    return exec === undefined ? [] : [[name, { exec }] as const]
  })
  const hooks = Object.entries(fieldsOf(container.lifecycle)).flatMap(([name, hook]) => {
    const { exec } = fieldsOf(hook)
    return exec === undefined ? [] : [[name, { exec }] as const]
  })
  const privileged = fieldsOf(container.securityContext).privileged
  return {
    ...only(container, ['name', 'image', 'stdin', 'tty', 'targetContainerName']),
    ...Object.fromEntries(probes),
    ...(hooks.length === 0 ? {} : { lifecycle: Object.fromEntries(hooks) }),
    ...(privileged === true ? { securityContext: { privileged } } : {}),
  }
}

const statusOf = (status: Fields): Fields => only(status, ['name', 'containerID', 'imageID', 'restartCount'])

function lists(from: Fields, names: readonly string[], of: (entry: Fields) => Fields): Fields {
  return Object.fromEntries(
    names.flatMap((name) => {
      const list = from[name]
      return Array.isArray(list) ? [[name, list.slice(0, MOST_CONTAINERS).map((entry) => of(fieldsOf(entry)))] as const] : []
    }),
  )
}

function only(from: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]] as const])))
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).filter((each): each is [string, string] => typeof each[1] === 'string'),
  )
}
