import { type EntryKind, state } from '@podwitness/event'
import { attachMembers } from './attach.ts'
import { Classifier } from './classify.ts'
import { ContainerIndex } from './container-index.ts'
import { apiOnlySession, containerSession, groupSession, rootSession } from './drafts.ts'
import { entryRow } from './entry-row.ts'
import type { Evidence, PlacementDraft, Reconstruction, SessionDraft } from './evidence.ts'
import type { LoosePlacement } from './loose.ts'
import { stagesAreLost } from './lost-stages.ts'
import { type Member, type NodeView, viewNode } from './node-view.ts'
import type { ContainerFact, ContainerOperation } from './observation.ts'
import { hostPlacement, memberPlacement, ParentNames } from './placements.ts'
import type { Tree } from './process-table.ts'
import { raiseSession } from './session-risk.ts'
import { sharedGroup, sharedKey } from './shared-group.ts'
import { traceIdOf } from './trace-id.ts'

/**
 * Works out sessions, the place of every command and the answer to every API operation from one
 * cluster's evidence. Pure and deterministic: the order in which evidence arrived does not matter,
 * and the same evidence gives the same ids.
 */
export function reconstruct(given: Evidence): Reconstruction {
  const evidence = inCanonicalOrder(given)
  const index = new ContainerIndex(evidence.containers, evidence.pods)
  const builder = new Builder(evidence, index)
  const single = evidence.nodes.size === 1
  for (const [node, observations] of evidence.nodes) {
    const containers = evidence.containers.filter((fact) => single || nodeOf(fact, index) === node)
    const samples = [...(evidence.samples.get(node) ?? []), ...(single && node !== '' ? (evidence.samples.get('') ?? []) : [])]
    builder.addNode(viewNode(node, observations, containers, samples, index, evidence.operations))
  }
  return builder.finish()
}

/** The node a container runs on, by its own word or by its pod's; empty where neither says. */
function nodeOf(fact: ContainerFact, index: ContainerIndex): string {
  return fact.node || (index.pod(fact.namespace, fact.pod, fact.podUid)?.node ?? '')
}

function inCanonicalOrder(evidence: Evidence): Evidence {
  return {
    ...evidence,
    nodes: new Map([...evidence.nodes].sort(([a], [b]) => (a < b ? -1 : 1))),
    operations: [...evidence.operations].sort((a, b) => a.receivedMs - b.receivedMs || (a.eventId < b.eventId ? -1 : 1)),
    containers: [...evidence.containers].sort((a, b) => a.createdMs - b.createdMs || (a.containerId < b.containerId ? -1 : 1)),
    pods: [...evidence.pods].sort((a, b) => (a.podUid < b.podUid ? -1 : a.podUid > b.podUid ? 1 : 0)),
  }
}

class Builder {
  readonly #evidence: Evidence
  readonly #index: ContainerIndex
  readonly #stagesLost: boolean
  readonly #sessions: SessionDraft[] = []
  readonly #placements: PlacementDraft[] = []
  /** The trace that answers a request, with the distance in time of the root that claims it. */
  readonly #traces = new Map<ContainerOperation, { traceId: string; distanceMs: number }>()

  constructor(evidence: Evidence, index: ContainerIndex) {
    this.#evidence = evidence
    this.#index = index
    this.#stagesLost = stagesAreLost(evidence.operations)
  }

  addNode(view: NodeView): void {
    const parents = new ParentNames(view.lineage)
    const unpaired = [...view.pairings].filter(([, { confidence }]) => confidence === 'none').map(([tree]) => tree)
    const classifier = new Classifier(view.hostStarts, unpaired)
    const traces = new Map<Tree, SessionDraft>()
    for (const tree of view.lineage.trees) {
      const members = view.members.get(tree) ?? []
      const draft = tree.kind === 'exec' ? this.#execSession(view, tree, classifier) : null
      if (draft === null) this.#addContainer(view, tree, members, parents, traces)
      else {
        traces.set(tree, draft)
        this.#add(view, draft, tree, members, parents)
      }
    }
    this.#addShared(view, traces, parents)
    for (const start of view.hostStarts) this.#placements.push(hostPlacement(this.#evidence.cluster, view.node, start, parents))
  }

  #execSession(view: NodeView, tree: Tree, classifier: Classifier): SessionDraft {
    const pairing = view.pairings.get(tree)
    const place = this.#index.place(tree.containerId)
    const traceId = traceIdOf('root', this.#evidence.cluster, view.node, tree.root.auditSerial)
    for (const operation of pairing?.operations ?? []) {
      const distanceMs = Math.abs(apiTime(view, tree.root.timeMs) - operation.receivedMs)
      const known = this.#traces.get(operation)
      if (known === undefined || distanceMs < known.distanceMs) this.#traces.set(operation, { traceId, distanceMs })
    }
    const covered = this.#covers(apiTime(view, tree.root.timeMs))
    const classification =
      pairing !== undefined && pairing.confidence !== 'none'
        ? null
        : covered
          ? classifier.classify(tree, place)
          : {
              ...uncovered(classifier.classify(tree, place).entry),
              reasons: [state('notCovered')],
            }
    return rootSession({ cluster: this.#evidence.cluster, node: view.node, traceId, tree, place, pairing, classification })
  }

  #covers(timeMs: number): boolean {
    const span = this.#evidence.apiCoverage
    return span !== null && timeMs >= span.fromMs - COVERAGE_SLACK_MS && timeMs <= span.toMs + COVERAGE_SLACK_MS
  }

  /** A container's own programs, split from what came through attach; an ephemeral container belongs to whoever asked for it. */
  #addContainer(
    view: NodeView,
    tree: Tree,
    members: readonly Member[],
    parents: ParentNames,
    traces: Map<Tree, SessionDraft>,
  ): void {
    const { cluster } = this.#evidence
    const place = this.#index.place(tree.containerId)
    const { attached, rest } = attachMembers(tree, members, place, this.#evidence.operations, {
      apiTime: (timeMs) => apiTime(view, timeMs),
      stagesLost: this.#stagesLost,
    })
    for (const group of attached) {
      const first = group.operations[0]
      if (first === undefined) continue
      const traceId = traceIdOf('attach', cluster, ...group.operations.map(({ eventId }) => eventId).sort())
      for (const operation of group.operations) this.#traces.set(operation, { traceId, distanceMs: 0 })
      this.#add(view, groupSession({ cluster, node: view.node, traceId, place, group }), tree, group.members, parents)
    }
    const traceId = traceIdOf('container', cluster, view.node, tree.containerId)
    const debuggers = this.#evidence.operations.filter(
      ({ kind, status, namespace, pod, ephemeralNames, receivedMs }) =>
        kind === 'ephemeral' &&
        status < 300 &&
        namespace === place.namespace &&
        pod === place.pod &&
        ephemeralNames.includes(place.name) &&
        receivedMs <= apiTime(view, tree.root.timeMs) + 1000,
    )
    const session = containerSession({ cluster, node: view.node, traceId, tree, place, debuggers })
    for (const operation of debuggers) this.#traces.set(operation, { traceId, distanceMs: 0 })
    traces.set(tree, session)
    if (rest.length > 0 || debuggers.length > 0) this.#add(view, session, tree, rest, parents)
  }

  #add(
    view: NodeView,
    draft: SessionDraft,
    { containerId }: { readonly containerId: string },
    members: readonly Member[],
    parents: ParentNames,
  ): void {
    const place = this.#index.place(containerId)
    const placements = members
      .filter(({ start }) => start.observation.eventId !== '')
      .map(({ start, placed }) => memberPlacement(this.#evidence.cluster, view, start, placed, draft, place, parents))
    this.#placements.push(...placements)
    this.#sessions.push(raiseSession(draft, placements, members))
  }

  /** Processes that may belong to several sessions form a session of their own that names them all. */
  #addShared(view: NodeView, traces: ReadonlyMap<Tree, SessionDraft>, parents: ParentNames): void {
    const { cluster } = this.#evidence
    const groups = new Map<string, { readonly first: LoosePlacement; readonly members: Member[] }>()
    for (const placement of view.shared) {
      const key = sharedKey(placement, traces)
      const group = groups.get(key) ?? { first: placement, members: [] }
      group.members.push(...placement.head.starts.map((start) => ({ start, placed: placement.placed })))
      groups.set(key, group)
    }
    for (const [key, { first, members }] of groups) {
      const traceId = traceIdOf('shared', cluster, view.node, key)
      for (const operation of first.requests)
        if (!this.#traces.has(operation)) this.#traces.set(operation, { traceId, distanceMs: Number.POSITIVE_INFINITY })
      const drafts = first.trees.flatMap((tree) => traces.get(tree) ?? [])
      const group = sharedGroup(first, drafts, members)
      const place = this.#index.place(first.containerId)
      this.#add(view, groupSession({ cluster, node: view.node, traceId, place, group }), first, members, parents)
    }
  }

  finish(): Reconstruction {
    const { cluster, operations } = this.#evidence
    const nodesKnown = new Set(this.#evidence.nodes.keys())
    const entries = operations.map((operation) => {
      const place = this.#placeOf(operation)
      const claimed = this.#traces.get(operation)
      if (claimed === undefined) {
        const draft = apiOnlySession(
          cluster,
          operation,
          place,
          nodesKnown.size > 0 && (place.node === '' || nodesKnown.has(place.node)),
        )
        this.#sessions.push(draft)
        return entryRow(cluster, operation, draft.trace_id, place)
      }
      return entryRow(cluster, operation, claimed.traceId, place)
    })
    return { sessions: this.#sessions, placements: this.#placements, entries }
  }

  #placeOf(operation: ContainerOperation): ReturnType<ContainerIndex['place']> {
    const pod = this.#index.pod(operation.namespace, operation.pod, operation.podUid)
    const name = operation.container !== '' ? operation.container : (pod?.defaultContainer ?? '')
    const spec = pod?.containers.find((container) => container.name === name)
    const known = this.#index.place(spec?.containerId ?? '')
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
}

/** A moment of a node, by the API server's clock. */
function apiTime({ clock }: NodeView, timeMs: number): number {
  return timeMs - clock.at(timeMs).offsetMs
}

/** How far outside the first and last API event a request may have been, milliseconds. */
const COVERAGE_SLACK_MS = 2_000

/** Without API audit an entry that nothing explains is an ordinary exec whose user nobody recorded. */
function uncovered(entry: EntryKind): { entry: EntryKind } {
  return { entry: entry === 'unrecorded' ? 'exec' : entry }
}
