import { isRecord } from './audit-event.ts'

/** What we read of a pod object. */
export interface PodSummary {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly node: string
  readonly hostIp: string
  readonly labels: Readonly<Record<string, string>>
  /** Name of its RuntimeClass; empty for the node's usual runtime. */
  readonly runtimeClass: string
  /** Container that an exec without `container=` enters. */
  readonly defaultContainer: string
  readonly containers: readonly PodContainerSummary[]
}

export interface PodContainerSummary {
  readonly name: string
  readonly image: string
  /** From the status, without `containerd://`; empty where unknown. */
  readonly containerId: string
  readonly ephemeral: boolean
  readonly stdin: boolean
  /** Commands of exec probes. */
  readonly probes: readonly (readonly string[])[]
  /** Commands of exec lifecycle hooks. */
  readonly hooks: readonly (readonly string[])[]
}

/** Annotation that names the container kubectl enters by default. Source: kubernetes.io, well-known annotations. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** Reads a pod object; `null` where it is none. Source: k8s.io/api core/v1. */
export function readPod(json: unknown): PodSummary | null {
  if (!isRecord(json) || !isRecord(json.metadata) || !isRecord(json.spec)) return null
  const { metadata, spec } = json
  if (typeof metadata.name !== 'string' || !Array.isArray(spec.containers)) return null
  const status = isRecord(json.status) ? json.status : {}
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {}
  const ids = containerIds(status)
  const containers = [
    ...list(spec.containers).map((container) => readContainer(container, ids, false)),
    ...list(spec.initContainers).map((container) => readContainer(container, ids, false)),
    ...list(spec.ephemeralContainers).map((container) => readContainer(container, ids, true)),
  ]
  return {
    namespace: text(metadata.namespace),
    name: metadata.name,
    uid: text(metadata.uid),
    node: text(spec.nodeName),
    hostIp: text(status.hostIP),
    labels: stringMap(metadata.labels),
    runtimeClass: text(spec.runtimeClassName),
    defaultContainer: text(annotations[DEFAULT_CONTAINER]) || (containers[0]?.name ?? ''),
    containers,
  }
}

function readContainer(
  container: Record<string, unknown>,
  ids: ReadonlyMap<string, string>,
  ephemeral: boolean,
): PodContainerSummary {
  const name = text(container.name)
  const lifecycle = isRecord(container.lifecycle) ? container.lifecycle : {}
  return {
    name,
    image: text(container.image),
    containerId: ids.get(name) ?? '',
    ephemeral,
    stdin: container.stdin === true,
    probes: [container.livenessProbe, container.readinessProbe, container.startupProbe].flatMap(execCommand),
    hooks: [lifecycle.postStart, lifecycle.preStop].flatMap(execCommand),
  }
}

function containerIds(status: Record<string, unknown>): Map<string, string> {
  const ids = new Map<string, string>()
  for (const key of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    for (const entry of list(status[key])) ids.set(text(entry.name), text(entry.containerID).replace(/^[\w-]+:\/\//, ''))
  }
  return ids
}

function execCommand(action: unknown): string[][] {
  const exec = isRecord(action) && isRecord(action.exec) ? action.exec : {}
  const command = Array.isArray(exec.command) ? exec.command.filter((word): word is string => typeof word === 'string') : []
  return command.length === 0 ? [] : [command]
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function stringMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
