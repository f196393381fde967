import { type EntryKind, state } from '@podwitness/event'
import { attachMembers } from './attach.ts'
import { Classifier } from './classify.ts'
import type { ClusterFacts } from './cluster-facts.ts'
import type { ContainerIndex } from './container-index.ts'
import { containerSession, groupSession, rootSession } from './drafts.ts'
import type { PlacementDraft, SessionDraft } from './evidence.ts'
import { type Lasting, lastingEvents } from './lasting-events.ts'
import type { LoosePlacement } from './loose.ts'
import { isLossy, type Member, type NodeView } from './node-view.ts'
import { hostPlacement, memberPlacement, ParentNames } from './placements.ts'
import type { Tree } from './process-table.ts'
import { sandboxedPods } from './sandboxes.ts'
import { raiseSession } from './session-risk.ts'
import { sharedGroup, sharedKey } from './shared-group.ts'
import { traceIdOf } from './trace-id.ts'

/** The trace that answers a request, and how far in time its program is from it, milliseconds. */
export interface Claim {
  readonly traceId: string
  readonly distanceMs: number
}

/** What one node's evidence says. */
export interface NodeResult {
  readonly sessions: readonly SessionDraft[]
  readonly placements: readonly PlacementDraft[]
  /** Requests that programs of this node answer, by id. */
  readonly claims: ReadonlyMap<string, Claim>
  readonly node: string
  /** Pods whose programs run in a sandbox of their own, by `namespace/name`, with what runs them. */
  readonly sandboxed: ReadonlyMap<string, string>
  /** Whether the records reach a moment and none are known to be missing there; milliseconds by the API server's clock. */
  sees(timeMs: number): boolean
  /** Latest start of an entry without request, by the API server's clock: what later API events may explain. */
  readonly unexplainedToMs: number
  /** What is needed later of records from before a moment, milliseconds since the epoch by the node's clock. */
  lasting(fromMs: number): Lasting
}

/**
 * Sessions and placements of one node.
 *
 * @param fromMs What happened before was said already.
 */
export function nodeSessions(facts: ClusterFacts, index: ContainerIndex, view: NodeView, fromMs: number): NodeResult {
  return new NodeSessions(facts, index, fromMs).add(view)
}

/** Works out the sessions of one node, step by step. */
class NodeSessions {
  readonly #evidence: ClusterFacts
  readonly #index: ContainerIndex
  readonly #fromMs: number
  readonly #sessions: SessionDraft[] = []
  readonly #placements: PlacementDraft[] = []
  /** The trace that answers a request, with the distance in time of the root that claims it. */
  readonly #claims = new Map<string, Claim>()
  #unexplainedToMs = Number.NEGATIVE_INFINITY

  constructor(evidence: ClusterFacts, index: ContainerIndex, fromMs: number) {
    this.#fromMs = fromMs
    this.#evidence = evidence
    this.#index = index
  }

  add(view: NodeView): NodeResult {
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
    for (const start of view.hostStarts)
      if (start.observation.timeMs >= this.#fromMs)
        this.#placements.push(hostPlacement(this.#evidence.cluster, view.node, start, parents))
    return {
      sessions: this.#sessions,
      placements: this.#placements,
      claims: this.#claims,
      node: view.node,
      sandboxed: sandboxedPods(view.lineage, this.#index),
      sees: (timeMs) => sees(view, timeMs),
      unexplainedToMs: this.#unexplainedToMs,
      lasting: (fromMs) => lastingEvents(view, traces, fromMs),
    }
  }

  #execSession(view: NodeView, tree: Tree, classifier: Classifier): SessionDraft {
    const pairing = view.pairings.get(tree)
    const place = this.#index.place(tree.containerId)
    const traceId = traceIdOf('root', this.#evidence.cluster, view.node, tree.root.auditSerial)
    for (const operation of pairing?.operations ?? []) {
      const distanceMs = Math.abs(apiTime(view, tree.root.timeMs) - operation.receivedMs)
      const known = this.#claims.get(operation.eventId)
      if (known === undefined || distanceMs < known.distanceMs) this.#claims.set(operation.eventId, { traceId, distanceMs })
    }
    const startMs = apiTime(view, tree.root.timeMs)
    if (pairing === undefined || pairing.confidence === 'none') this.#unexplainedToMs = Math.max(this.#unexplainedToMs, startMs)
    const covered = this.#covers(startMs)
    const classification =
      pairing !== undefined && pairing.confidence !== 'none'
        ? null
        : covered
          ? classifier.classify(tree, place)
          : {
              ...uncovered(classifier.classify(tree, place).entry),
              reasons: [state('notCovered')],
            }
    const recordsLost = isLossy(view.losses, tree.root.timeMs)
    return rootSession({
      cluster: this.#evidence.cluster,
      node: view.node,
      traceId,
      tree,
      place,
      pairing,
      classification,
      recordsLost,
    })
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
      stagesLost: this.#evidence.stagesLost,
    })
    for (const group of attached) {
      const first = group.operations[0]
      if (first === undefined) continue
      const traceId = traceIdOf('attach', cluster, ...group.operations.map(({ eventId }) => eventId).sort())
      for (const operation of group.operations) this.#claims.set(operation.eventId, { traceId, distanceMs: 0 })
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
    for (const operation of debuggers) this.#claims.set(operation.eventId, { traceId, distanceMs: 0 })
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
    const earlier = this.#evidence.earlier?.get(draft.trace_id)
    const recent = members.filter(({ start }) => start.observation.timeMs >= this.#fromMs)
    if (members.length > 0 && recent.length === 0 && earlier === undefined) return
    const placements = recent
      .filter(({ start }) => start.observation.eventId !== '')
      .map(({ start, placed }) => memberPlacement(this.#evidence.cluster, view, start, placed, draft, place, parents))
    this.#placements.push(...placements)
    this.#sessions.push(raiseSession(draft, placements, members, earlier))
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
        if (!this.#claims.has(operation.eventId))
          this.#claims.set(operation.eventId, { traceId, distanceMs: Number.POSITIVE_INFINITY })
      const drafts = first.trees.flatMap((tree) => traces.get(tree) ?? [])
      const group = sharedGroup(first, drafts, members)
      const place = this.#index.place(first.containerId)
      this.#add(view, groupSession({ cluster, node: view.node, traceId, place, group }), first, members, parents)
    }
  }
}

/** A moment of a node, by the API server's clock. */
function apiTime({ clock }: NodeView, timeMs: number): number {
  return timeMs - clock.at(timeMs).offsetMs
}

/** Whether what starts at a moment, by the API server's clock, would be among a node's records. */
function sees({ lineage, clock, losses }: NodeView, timeMs: number): boolean {
  const at = timeMs + clock.at(timeMs).offsetMs
  return at >= lineage.beginMs && at <= lineage.endMs && !isLossy(losses, at)
}

/** How far outside the first and last API event a request may have been, milliseconds. */
const COVERAGE_SLACK_MS = 2_000

/** Without API audit an entry that nothing explains is an ordinary exec whose user nobody recorded. */
function uncovered(entry: EntryKind): { entry: EntryKind } {
  return { entry: entry === 'unrecorded' ? 'exec' : entry }
}
