import { type ClusterFacts, clusterFacts } from './cluster-facts.ts'
import type { ContainerIndex, ContainerPlace } from './container-index.ts'
import { apiOnlySession } from './drafts.ts'
import { entryRow } from './entry-row.ts'
import type { Evidence, LossSpan, Reconstruction } from './evidence.ts'
import { type Claim, type NodeResult, nodeSessions } from './node-sessions.ts'
import { viewNode } from './node-view.ts'
import type { CgroupSample, ContainerFact, ContainerOperation, ProcessObservation } from './observation.ts'
import { sandboxClass } from './sandboxes.ts'

/**
 * Works out sessions, the place of every command and the answer to every API operation from one
 * cluster's evidence. Pure and deterministic: the order in which evidence arrived does not matter,
 * and the same evidence gives the same ids.
 */
export function reconstruct(evidence: Evidence): Reconstruction {
  const facts = clusterFacts(evidence)
  const names = [...evidence.nodes.keys()].sort()
  const nodes = names.map((node) => reconstructNode(facts, nodeRecords(evidence, node)))
  const requests = answerRequests(facts, nodes)
  return {
    sessions: [...nodes.flatMap(({ sessions }) => sessions), ...requests.sessions],
    placements: nodes.flatMap(({ placements }) => placements),
    entries: requests.entries,
  }
}

/** What one node recorded. */
export interface NodeRecords {
  readonly node: string
  readonly observations: readonly ProcessObservation[]
  readonly samples: readonly CgroupSample[]
  /** Whether no other node is known: then whatever names no node is of this one. */
  readonly alone: boolean
  readonly losses: readonly LossSpan[]
  /** What happened before was said already, and is not said again; milliseconds since the epoch. */
  readonly fromMs: number
}

/** The records of one node of the evidence. */
function nodeRecords({ nodes, samples, losses }: Pick<Evidence, 'nodes' | 'samples' | 'losses'>, node: string): NodeRecords {
  const alone = nodes.size === 1
  const unnamed = alone && node !== '' ? (samples.get('') ?? []) : []
  return {
    node,
    observations: nodes.get(node) ?? [],
    samples: [...(samples.get(node) ?? []), ...unnamed],
    alone,
    losses: losses?.get(node) ?? [],
    fromMs: Number.NEGATIVE_INFINITY,
  }
}

/** Works out one node: it depends on no other node's records. */
export function reconstructNode(facts: ClusterFacts, records: NodeRecords): NodeResult {
  const { node, alone, fromMs } = records
  const index = facts.index.overlay()
  const containers = facts.containers.filter((fact) => alone || nodeOf(fact, index) === node)
  return nodeSessions(facts, index, viewNode(records, containers, index, facts), fromMs)
}

/**
 * Says of every request what answers it; one that nothing answers is a session by itself.
 *
 * @param results What each node says.
 * @param isAside Requests of which nothing can be said, because the records of their time are not there.
 */
export function answerRequests(
  facts: ClusterFacts,
  results: readonly NodeResult[],
  isAside: (request: ContainerOperation) => boolean = () => false,
): Pick<Reconstruction, 'sessions' | 'entries'> {
  const { cluster, index, operations } = facts
  const sandboxed = new Map(results.flatMap((result) => [...result.sandboxed]))
  const sessions: Reconstruction['sessions'][number][] = []
  const entries = operations.flatMap((operation) => {
    const place = placeOf(operation, index)
    const claim = nearestClaim(results, operation)
    if (claim !== undefined) return entryRow(cluster, operation, claim.traceId, place)
    if (isAside(operation)) return []
    const seen = results.some(({ node, sees }) => (place.node === '' || place.node === node) && sees(operation.receivedMs))
    const { namespace, pod, podUid } = operation
    const runtimeClass = index.pod(namespace, pod, podUid)?.runtimeClass ?? ''
    const sandbox = sandboxed.get(`${namespace}/${pod}`) ?? sandboxClass(runtimeClass)
    const draft = apiOnlySession(cluster, operation, place, { seen, sandbox })
    sessions.push(draft)
    return entryRow(cluster, operation, draft.trace_id, place)
  })
  return { sessions, entries }
}

function nearestClaim(results: readonly NodeResult[], { eventId }: ContainerOperation): Claim | undefined {
  let best: Claim | undefined
  for (const { claims } of results) {
    const claim = claims.get(eventId)
    if (claim !== undefined && (best === undefined || claim.distanceMs < best.distanceMs)) best = claim
  }
  return best
}

/** The node a container runs on, by its own word or by its pod's; empty where neither says. */
function nodeOf(fact: ContainerFact, index: ContainerIndex): string {
  return fact.node || (index.pod(fact.namespace, fact.pod, fact.podUid)?.node ?? '')
}

function placeOf(operation: ContainerOperation, index: ContainerIndex): ContainerPlace {
  const pod = index.pod(operation.namespace, operation.pod, operation.podUid)
  const name = operation.container !== '' ? operation.container : (pod?.defaultContainer ?? '')
  const spec = pod?.containers.find((container) => container.name === name)
  const known = index.place(spec?.containerId ?? '')
  return {
    ...known,
    namespace: operation.namespace,
    pod: operation.pod,
    podUid: operation.podUid || (pod?.podUid ?? ''),
    name,
    node: pod?.node ?? '',
    hostIp: pod?.hostIp ?? '',
    labels: pod?.labels ?? {},
    image: spec?.image ?? '',
  }
}
