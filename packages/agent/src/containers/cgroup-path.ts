/** What a cgroup path says of the process in it; empty texts where it says nothing. */
export interface CgroupPlace {
  readonly path: string
  readonly containerId: string
  readonly podUid: string
}

/** Of a process that is gone. */
export const NOWHERE: CgroupPlace = { path: '', containerId: '', podUid: '' }

/**
 * An id as runtimes write it: by itself, behind `cri-containerd-`, `crio-`, `docker-`, `libpod-`, … of a systemd scope, behind
 * the colons of runc's notation, or behind `kata_`. CRI-O's and podman's monitor of a container (`crio-conmon-…`) runs on the node.
 */
const CONTAINER = /(?:^|[/:]|(?<!conmon)-|[/-]kata_)([0-9a-f]{64})(?:\.scope)?(?=\/|$)/g
/** Both kubelet drivers: `…/pod<uid>/…`, and systemd's `…-pod<uid with underscores>.slice`. Source: kubelet, pkg/kubelet/cm. */
const POD = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?=[/:]|$)/g
/** What the kernel puts behind the path of a cgroup that was removed. Source: kernel/cgroup/cgroup.c, proc_cgroup_show. */
const REMOVED = / \(deleted\)$/

/**
 * Reads /proc/PID/cgroup: one `0::PATH` line with cgroup v2, one line a hierarchy with v1, both with hybrid.
 *
 * A node in a container (kind, minikube, k3d) has several ids in its paths: the innermost pod's container counts, and
 * within a pod the outermost one, as what a container starts by itself (Docker in a pod) is no container of this node's
 * runtime. Without a pod the innermost counts. Source: cgroups(7).
 */
export function readCgroup(text: string): CgroupPlace {
  let fallback = ''
  for (const line of text.split('\n')) {
    const [, , path] = /^(\d+):([^:]*):(.*)$/.exec(line)?.slice(1) ?? []
    if (path === undefined) continue
    const place = placeOf(path)
    if (place.containerId !== '') return place
    if (path.length > fallback.length) fallback = path
  }
  return placeOf(fallback)
}

/** What one path says. */
function placeOf(path: string): CgroupPlace {
  const present = path.replace(REMOVED, '')
  const pod = [...present.matchAll(POD)].at(-1)
  const inside = pod === undefined ? present : present.slice(pod.index + pod[0].length)
  const ids = [...inside.matchAll(CONTAINER)].map(([, id]) => id)
  const id = pod === undefined ? ids.at(-1) : ids[0]
  return { path, containerId: id ?? '', podUid: (pod?.[1] ?? '').replaceAll('_', '-') }
}
