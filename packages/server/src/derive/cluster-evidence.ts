import {
  type ClusterFacts,
  type ContainerFact,
  type ContainerOperation,
  clusterFacts,
  type EarlierCommands,
  type NodeRecords,
  type PodFact,
} from '@podwitness/session'
import type { EvidenceDelta, StoredLoss, Versioned } from './evidence-delta.ts'
import { NodeEvidence } from './node-evidence.ts'
import { mergeStages, type RequestStage } from './request-stages.ts'
import { joinSpans, type TimeSpan } from './time-span.ts'

/** Requests held of a cluster; older ones are read again where something late asks for them. */
const MAX_REQUESTS = 50_000

/** What is held in memory of a cluster's evidence, and what of it changed. */
export class ClusterEvidence {
  readonly #cluster: string
  readonly #nodes = new Map<string, NodeEvidence>()
  readonly #stages = new Map<string, Map<string, RequestStage>>()
  readonly #operations = new Map<string, ContainerOperation>()
  readonly #containers = new Map<string, Versioned<ContainerFact>>()
  readonly #pods = new Map<string, Versioned<PodFact>>()
  readonly #losses = new Map<string, StoredLoss>()
  readonly #podNodes = new Map<string, string>()
  /** Records of a node that is not known yet are taken from here on. */
  readonly #fromMs: number
  #coverage: TimeSpan | null = null
  #facts: ClusterFacts | null = null
  #dirty = new Set<string>()
  #allDirty = false
  #late: TimeSpan[] = []

  constructor(cluster: string, fromMs = Number.NEGATIVE_INFINITY) {
    this.#cluster = cluster
    this.#fromMs = fromMs
  }

  get nodes(): string[] {
    return [...this.#nodes.keys()].sort()
  }

  get commands(): number {
    let sum = 0
    for (const node of this.#nodes.values()) sum += node.commands
    return sum
  }

  /** Earliest moment of which everything of a node is held. */
  fromMs(node: string): number {
    return this.#nodes.get(node)?.fromMs ?? this.#fromMs
  }

  /** Adds what was stored, in any order and any number of times. */
  add(delta: EvidenceDelta): void {
    for (const one of delta.containers) this.#addContainer(one)
    for (const one of delta.pods) this.#addPod(one)
    for (const [node, observation] of delta.observations) {
      const what = this.#node(node).add(observation)
      if (what === 'new') this.#dirty.add(node)
      if (what === 'late') this.#addLate(observation.timeMs)
    }
    for (const loss of delta.losses) {
      if (this.#losses.has(loss.id)) continue
      this.#losses.set(loss.id, loss)
      this.#dirtyNode(loss.node)
    }
    for (const [node, sample] of delta.samples) if (this.#node(node).addSample(sample)) this.#dirty.add(node)
    this.#addStages(delta.stages)
    if (delta.apiCoverage !== null) this.#coverage = joinSpans(this.#coverage ?? undefined, delta.apiCoverage)
  }

  /** What is known beside the nodes' records. */
  facts(earlier: ReadonlyMap<string, EarlierCommands>): ClusterFacts {
    this.#facts ??= clusterFacts(
      {
        cluster: this.#cluster,
        nodes: this.#nodes,
        containers: [...this.#containers.values()].map(({ fact }) => fact),
        pods: [...this.#pods.values()].map(({ fact }) => fact),
        operations: [...this.#operations.values()],
        apiCoverage: null,
      },
      earlier,
    )
    this.#facts = { ...this.#facts, apiCoverage: this.#coverage, earlier }
    return this.#facts
  }

  /** Whether a request is of a time whose records were put aside, so that nothing can be said of it from here. */
  isAside(operation: ContainerOperation): boolean {
    return operation.receivedMs < this.answersFromMs(this.#nodeOfPod(operation))
  }

  /** Earliest moment at which a request can have been received whose program would be held. */
  answersFromMs(node: string): number {
    return this.fromMs(node) + LATE_START_MS
  }

  /** One node's records, as working it out takes them. */
  records(node: string): NodeRecords {
    const alone = this.#nodes.size === 1
    const unnamed = alone && node !== '' ? (this.#nodes.get('')?.samples ?? []) : []
    const held = this.#nodes.get(node)
    return {
      node,
      observations: held?.observations() ?? [],
      samples: [...(held?.samples ?? []), ...unnamed],
      alone,
      losses: this.#lossesOf(node),
      fromMs: this.fromMs(node),
    }
  }

  /** Nodes whose answer may have changed since this was asked last. */
  takeDirty(): string[] {
    const found = this.#allDirty ? this.nodes : [...this.#dirty].filter((node) => this.#nodes.has(node)).sort()
    this.#dirty = new Set()
    this.#allDirty = false
    return found
  }

  markDirty(nodes: Iterable<string>): void {
    for (const node of nodes) this.#dirty.add(node)
  }

  /** Spans of what came for a time that was put aside. */
  takeLate(): TimeSpan[] {
    const late = this.#late
    this.#late = []
    return late
  }

  /** The records of a node by themselves; `undefined` for one that is not known. */
  node(name: string): NodeEvidence | undefined {
    return this.#nodes.get(name)
  }

  /** Puts old requests aside that are over. */
  trimRequests(): void {
    if (this.#operations.size <= MAX_REQUESTS) return
    const over = [...this.#operations.values()].filter(({ completedMs }) => completedMs > 0)
    over.sort((a, b) => a.receivedMs - b.receivedMs)
    for (const { eventId } of over.slice(0, this.#operations.size - MAX_REQUESTS / 2)) {
      this.#operations.delete(eventId)
      this.#stages.delete(eventId)
    }
    this.#facts = null
  }

  #lossesOf(node: string): StoredLoss[] {
    const fromMs = this.fromMs(node)
    const found: StoredLoss[] = []
    for (const [id, loss] of this.#losses) {
      if (loss.node !== node) continue
      if (loss.toMs < fromMs - LATE_JOIN_MS) this.#losses.delete(id)
      else found.push(loss)
    }
    return found
  }

  #node(name: string): NodeEvidence {
    let node = this.#nodes.get(name)
    if (node === undefined) {
      node = new NodeEvidence(this.#fromMs)
      this.#nodes.set(name, node)
      // Whose container and whose request is whose is seen differently with another node.
      this.#allDirty = true
      this.#facts = null
    }
    return node
  }

  #addContainer(one: Versioned<ContainerFact>): void {
    if (!replaces(this.#containers.get(one.id), one)) return
    this.#containers.set(one.id, one)
    this.#facts = null
    this.#dirtyNode(one.fact.node)
  }

  #addPod(one: Versioned<PodFact>): void {
    const before = this.#pods.get(one.id)
    if (!replaces(before, one)) return
    this.#pods.set(one.id, one)
    this.#podNodes.set(`${one.fact.namespace}/${one.fact.pod}`, one.fact.node)
    // Status changes all the time and says nothing about sessions.
    if (before !== undefined && podNews(before.fact) === podNews(one.fact)) return
    this.#facts = null
    this.#dirtyNode(one.fact.node)
  }

  #addStages(stages: readonly RequestStage[]): void {
    const changed = new Set<string>()
    for (const stage of stages) {
      const known = this.#stages.get(stage.requestId)
      if (known?.has(stage.eventId) === true) continue
      if (known === undefined) this.#stages.set(stage.requestId, new Map([[stage.eventId, stage]]))
      else known.set(stage.eventId, stage)
      changed.add(stage.requestId)
    }
    for (const id of changed) {
      const operation = mergeStages([...(this.#stages.get(id)?.values() ?? [])])
      if (operation !== null) this.#addOperation(operation)
    }
  }

  #addOperation(operation: ContainerOperation): void {
    this.#operations.set(operation.eventId, operation)
    this.#facts = null
    const node = this.#nodeOfPod(operation)
    if (operation.receivedMs < this.fromMs(node)) this.#addLate(operation.receivedMs)
    // Requests of one account bound each other, wherever they go; the pod may be on a node of another name.
    if (this.#nodes.has(node) && this.#nodes.size > 1) this.#dirtyNeighbours(operation)
    this.#dirtyNode(node)
  }

  #dirtyNeighbours({ user, sourceIp, receivedMs, completedMs }: ContainerOperation): void {
    if (completedMs === 0) return
    const fromMs = completedMs - receivedMs <= LATE_START_MS ? receivedMs : completedMs
    for (const other of this.#operations.values()) {
      if (other.user !== user || other.sourceIp !== sourceIp) continue
      if (other.receivedMs >= fromMs - NEIGHBOUR_MS && other.receivedMs <= completedMs + NEIGHBOUR_MS)
        this.#dirtyNode(this.#nodeOfPod(other))
    }
  }

  #nodeOfPod({ namespace, pod }: ContainerOperation): string {
    return this.#podNodes.get(`${namespace}/${pod}`) ?? ''
  }

  #dirtyNode(node: string): void {
    if (this.#nodes.has(node)) this.#dirty.add(node)
    else this.#allDirty = true
  }

  #addLate(timeMs: number): void {
    const near = this.#late.findIndex(({ fromMs, toMs }) => timeMs >= fromMs - LATE_JOIN_MS && timeMs <= toMs + LATE_JOIN_MS)
    const span = { fromMs: timeMs, toMs: timeMs }
    const known = this.#late[near]
    if (known === undefined) this.#late.push(span)
    else this.#late[near] = joinSpans(known, span)
  }
}

/** Requests of one account this near to each other, milliseconds, bear on each other: one after another, or at once. */
const NEIGHBOUR_MS = 6_000
/** A program starts at most so long after its request, milliseconds. */
const LATE_START_MS = 16_000
/** Late evidence nearer than this is worked out together, milliseconds. */
const LATE_JOIN_MS = 3_600_000

function replaces<T>(before: Versioned<T> | undefined, one: Versioned<T>): boolean {
  if (before === undefined) return true
  if (BigInt(one.version) < BigInt(before.version)) return false
  return JSON.stringify(before.fact) !== JSON.stringify(one.fact)
}

function podNews({ observedMs: _, ...fact }: PodFact): string {
  return JSON.stringify(fact)
}
