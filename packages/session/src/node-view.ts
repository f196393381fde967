import { askedArguments } from './asked-arguments.ts'
import { clientOf, isByHand, isExpected, nodeClients } from './classify.ts'
import type { ClusterFacts } from './cluster-facts.ts'
import type { ContainerIndex } from './container-index.ts'
import type { EntryRoot } from './entry-root.ts'
import type { LossSpan } from './evidence.ts'
import { inferPlaces } from './infer-places.ts'
import { type Lineage, type Start, traceLineage } from './lineage.ts'
import { isShared, type LoosePlacement, placeLoose } from './loose.ts'
import { endsWithArguments } from './names.ts'
import { NodeClock } from './node-clock.ts'
import type { CgroupSample, ContainerFact, ContainerOperation, ProcessObservation } from './observation.ts'
import { type Pairing, pairEntries } from './pairing.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'
import type { Tree } from './process-table.ts'
import { lastMomentOf } from './request-end.ts'
import { treeOf } from './tree-of.ts'
import { UnansweredRequests } from './unanswered-requests.ts'

/** One node's trees with the requests that opened them and the starts that belong to them. */
export interface NodeView {
  readonly node: string
  readonly lineage: Lineage
  readonly pairings: ReadonlyMap<Tree, Pairing>
  readonly members: ReadonlyMap<Tree, readonly Member[]>
  /** Groups that belong to one of several sessions. */
  readonly shared: readonly LoosePlacement[]
  readonly hostStarts: readonly Start[]
  readonly clock: NodeClock
  readonly losses: readonly LossSpan[]
}

/** One start and how it came to its tree. */
export interface Member {
  readonly start: Start
  readonly placed: string
}

/** A session without request is taken to be alive for this long after its last sign of life, milliseconds. */
const UNPAIRED_ALIVE_MS = { terminal: 3_600_000, plain: 5_000 }

/** Records of a node, as working it out takes them. */
interface Records {
  readonly node: string
  readonly observations: readonly ProcessObservation[]
  readonly samples: readonly CgroupSample[]
  readonly losses: readonly LossSpan[]
}

/** Works out one node: lineage, pairing, and the places of loose processes. */
export function viewNode(
  { node, observations, samples, losses }: Records,
  containers: readonly ContainerFact[],
  index: ContainerIndex,
  { operations, nodes, stagesLost }: Pick<ClusterFacts, 'operations' | 'nodes' | 'stagesLost'>,
): NodeView {
  const lineage = traceLineage(observations, containers, samples)
  const trees = lineage.trees.filter(({ kind }) => kind === 'exec')
  // A request for a pod of another node entered no container here.
  const elsewhere = ({ namespace, pod, podUid }: ContainerOperation): boolean => {
    const other = index.pod(namespace, pod, podUid)?.node ?? ''
    return other !== node && nodes.has(other)
  }
  inferPlaces(
    trees,
    index,
    operations.filter((operation) => !elsewhere(operation)),
  )
  const clients = nodeClients(lineage.starts)
  const roots = trees.map((tree) => rootOf(tree, index, clients))
  const clock = new NodeClock(roots, operations)
  const found = pairEntries(
    roots.map((root) => byApiClock(root, clock, losses)),
    operations,
  )
  const pairings = new Map(trees.flatMap((tree, at) => (found[at] === undefined ? [] : [[tree, found[at]] as const])))
  const lastSign = lastStarts(lineage)
  const unanswered = new UnansweredRequests(operations, found, { index, clock })
  const until = (tree: Tree): number => endOf(tree, pairings.get(tree), lastSign.get(tree) ?? tree.root.timeMs, clock)
  const loose = placeLoose(lineage, { endOf: until, endsLost: stagesLost }, unanswered)
  return { node, lineage, pairings, clock, losses, ...gather(lineage, loose) }
}

function rootOf(tree: Tree, index: ContainerIndex, clients: readonly Start[]): EntryRoot {
  // What came without a runtime, or by a runtime called by hand, was not asked for through the API.
  const place = index.place(tree.joinedBy === null && !isByHand(tree) ? tree.containerId : '')
  const argv = tree.root.exec?.argv ?? []
  const client = clientOf(tree, place, clients)?.exec?.argv ?? []
  return {
    namespace: place.namespace,
    pod: place.pod,
    container: place.name,
    argv,
    asked: askedArguments(tree.root),
    isDefault: place.spec === undefined || index.pod(place.namespace, place.pod, place.podUid)?.defaultContainer === place.name,
    tty: tree.root.tty !== '',
    startMs: tree.root.timeMs,
    clockSure: false,
    withinMs: 0,
    expected: isExpected(tree, place),
    byClient: endsWithArguments(client, argv),
  }
}

function byApiClock(root: EntryRoot, clock: NodeClock, losses: readonly LossSpan[]): EntryRoot {
  const { offsetMs, sure, withinMs } = clock.at(root.startMs)
  return { ...root, startMs: root.startMs - offsetMs, withinMs, clockSure: sure && !isLossy(losses, root.startMs) }
}

/** Whether records are missing so near a program's start that another one may have been there. */
export function isLossy(losses: readonly LossSpan[], timeMs: number): boolean {
  return losses.some(({ fromMs, toMs }) => timeMs >= fromMs - PAIRING_LIMITS.lateMs && timeMs <= toMs + PAIRING_LIMITS.lateMs)
}

function lastStarts(lineage: Lineage): Map<Tree, number> {
  const last = new Map<Tree, number>()
  for (const { process, observation, placed } of lineage.starts) {
    const tree = placed === 'runtime' ? null : treeOf(process)
    if (tree !== null) last.set(tree, observation.timeMs)
  }
  return last
}

function endOf(tree: Tree, pairing: Pairing | undefined, lastMs: number, clock: NodeClock): number {
  const ends = (pairing?.operations ?? []).map(lastMomentOf)
  if (ends.length > 0)
    return ends.includes(0) ? Number.POSITIVE_INFINITY : Math.max(...ends) + clock.at(tree.root.timeMs).offsetMs
  return lastMs + (tree.root.tty === '' ? UNPAIRED_ALIVE_MS.plain : UNPAIRED_ALIVE_MS.terminal)
}

function gather(lineage: Lineage, loose: readonly LoosePlacement[]): Pick<NodeView, 'members' | 'shared' | 'hostStarts'> {
  const members = new Map<Tree, Member[]>()
  const hostStarts: Start[] = []
  const placedAs = new Map<Start, string>()
  const sharedStarts = new Set<Start>()
  for (const placement of loose) {
    for (const start of placement.head.starts) {
      placedAs.set(start, placement.placed)
      if (isShared(placement)) sharedStarts.add(start)
    }
  }
  for (const start of lineage.starts) {
    if (sharedStarts.has(start)) continue
    const tree = start.placed === 'runtime' ? null : treeOf(start.process)
    if (tree === null) hostStarts.push(start)
    else {
      const member = { start, placed: start.placed === 'root' ? 'root' : (placedAs.get(start) ?? 'lineage') }
      const list = members.get(tree)
      if (list === undefined) members.set(tree, [member])
      else list.push(member)
    }
  }
  return { members, hostStarts, shared: loose.filter(isShared) }
}
