/** What a cgroup path says of the process in it; empty texts where it says nothing. */
export interface CgroupPlace {
  readonly path: string
  readonly containerId: string
  readonly podUid: string
}

/** Of a process that is gone. */
export const NOWHERE: CgroupPlace = { path: '', containerId: '', podUid: '' }

const CONTAINER = /(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/g
/** Both kubelet drivers: `…/pod<uid>/…`, and systemd's `…-pod<uid with underscores>.slice`. Source: kubelet, pkg/kubelet/cm. */
const POD = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?:[/:]|$)/

/**
 * Reads /proc/PID/cgroup: one `0::PATH` line with cgroup v2, one line a hierarchy with v1, both with hybrid.
 * A container within a container (kind, k3d) has several ids in its path: the innermost counts.
 * Source: cgroups(7).
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
  const ids = [...path.matchAll(CONTAINER)]
  return { path, containerId: ids.at(-1)?.[1] ?? '', podUid: (POD.exec(path)?.[1] ?? '').replaceAll('_', '-') }
}
