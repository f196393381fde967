import { type ContainerRow, type SampleRow, storeTime } from '@podwitness/event'
import { isRecord } from '@podwitness/kube'
import { blankRow } from '@podwitness/store'

/** What the lines are of, where they do not say it themselves. */
interface Origin {
  readonly cluster: string
  readonly node: string
}

/**
 * The row of a `container` line.
 *
 * Source of the label names: CRI, k8s.io/kubernetes pkg/kubelet/types/labels.go; sandbox kind: containerd, pkg/cri/labels.
 */
export function containerRow(json: Readonly<Record<string, unknown>>, timeMs: number, from: Origin): ContainerRow {
  const labels = isRecord(json.labels) ? stringMap(json.labels) : {}
  return {
    ...blankRow('containers'),
    cluster: from.cluster,
    container_id: String(json.id),
    node: typeof json.node === 'string' ? json.node : from.node,
    ns: labels['io.kubernetes.pod.namespace'] ?? '',
    pod: labels['io.kubernetes.pod.name'] ?? '',
    pod_uid: labels['io.kubernetes.pod.uid'] ?? podUidOf(String(json.cgroup ?? '')),
    container: labels['io.kubernetes.container.name'] ?? '',
    image: typeof json.image === 'string' ? json.image : '',
    kind: labels['io.cri-containerd.kind'] === 'sandbox' ? 'sandbox' : 'container',
    labels,
    args: Array.isArray(json.args) ? json.args.filter((word): word is string => typeof word === 'string') : [],
    init_pid: typeof json.initPid === 'number' ? json.initPid : 0,
    cgroup: typeof json.cgroup === 'string' ? json.cgroup : '',
    created: storeTime(typeof json.createdAt === 'string' ? Date.parse(json.createdAt) || timeMs : timeMs),
    first_seen: storeTime(timeMs),
  }
}

/** The rows of a `sample` line: which processes each container's cgroup held. */
export function sampleRows(cgroups: Readonly<Record<string, unknown>>, timeMs: number, from: Origin): SampleRow[] {
  return Object.entries(cgroups).flatMap(([cgroup, pids]) => {
    const containerId = /(?<!conmon-)([0-9a-f]{64})(?:\.scope)?$/.exec(cgroup)?.[1]
    if (containerId === undefined || !Array.isArray(pids)) return []
    const numbers = pids.filter((pid): pid is number => Number.isInteger(pid))
    return [{ cluster: from.cluster, node: from.node, time: storeTime(timeMs), container_id: containerId, pids: numbers }]
  })
}

/** Pod uid from a cgroup path, both drivers: `…/pod<uid>/…` and `…-pod<uid with underscores>.slice/…`. Source: kubelet, pkg/kubelet/cm. */
function podUidOf(cgroup: string): string {
  return /pod([0-9a-f]{8}[-_][0-9a-f-_]{27})/.exec(cgroup)?.[1]?.replaceAll('_', '-') ?? ''
}

function stringMap(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
