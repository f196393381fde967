import { isAskedFor } from './asked-arguments.ts'
import type { ContainerIndex } from './container-index.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'
import type { Tree } from './process-table.ts'

interface Place {
  readonly namespace: string
  readonly pod: string
  readonly name: string
}

/**
 * Names containers that nothing names: a container whose programs match the requests for one pod,
 * and for no other, is that pod's. What was found out narrows what is left, so it is done until
 * nothing changes.
 */
export function inferPlaces(trees: readonly Tree[], index: ContainerIndex, operations: readonly ContainerOperation[]): void {
  const requests = operations.filter(({ kind, status }) => kind === 'exec' && status < 300)
  const taken = new Map<string, string>()
  for (let changed = true; changed; ) {
    changed = false
    for (const [containerId, mine] of unnamed(trees, index)) {
      const place = agreed(mine, (request) => (taken.get(keyOf(placeOf(request))) ?? containerId) === containerId, requests)
      if (place === null) continue
      index.infer(containerId, place)
      taken.set(keyOf(place), containerId)
      changed = true
    }
  }
}

function unnamed(trees: readonly Tree[], index: ContainerIndex): Map<string, Tree[]> {
  const groups = new Map<string, Tree[]>()
  for (const tree of trees) {
    if (index.place(tree.containerId).pod === '') groups.set(tree.containerId, [...(groups.get(tree.containerId) ?? []), tree])
  }
  return groups
}

/** The one place that every program with matching requests points to; `null` where they disagree or say nothing. */
function agreed(
  trees: readonly Tree[],
  free: (request: ContainerOperation) => boolean,
  requests: readonly ContainerOperation[],
): Place | null {
  const places = new Map<string, Place>()
  for (const tree of trees) {
    const near = requests.filter((request) => fits(tree, request) && free(request))
    const candidates = new Map(near.map((request) => [keyOf(placeOf(request)), placeOf(request)]))
    if (candidates.size === 1) for (const [key, place] of candidates) places.set(key, place)
  }
  const [only] = places.values()
  return places.size === 1 && only !== undefined ? only : null
}

function fits(tree: Tree, request: ContainerOperation): boolean {
  const gap = tree.root.timeMs - request.receivedMs
  return (
    gap >= -PAIRING_LIMITS.earlyMs &&
    gap < PAIRING_LIMITS.latencyMs &&
    request.tty === (tree.root.tty !== '') &&
    isAskedFor(tree.root, request.command)
  )
}

function placeOf({ namespace, pod, container }: ContainerOperation): Place {
  return { namespace, pod, name: container }
}

function keyOf({ namespace, pod, name }: Place): string {
  return `${namespace}/${pod}/${name}`
}
