import { timeMsOf } from '@podwitness/event'
import { answerRequests, type ClusterFacts, type EarlierCommands, type NodeResult, reconstructNode } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { ArrivalsOfOthers } from './arrivals-of-others.ts'
import { ClusterEvidence } from './cluster-evidence.ts'
import { deriveNow } from './derive.ts'
import type { EvidenceDelta } from './evidence-delta.ts'
import { loadEarlier } from './load-earlier.ts'
import { loadEvidence, newestEvidence } from './load-evidence.ts'
import { contextOf, effectOf, joinSpans, type TimeSpan } from './time-span.ts'
import { type Written, WrittenRows } from './written-rows.ts'

/** Limits of memory, and of what one round may have to look through again. */
export interface LiveLimits {
  /** Commands held of a node: a round works all of them out, some 50 µs each. */
  readonly most: number
  /** Commands of a node read at the start; `most` where it is left out. */
  readonly loaded?: number
}
/** With what is held a round takes a second of CPU at most; after a restart as much as possible is understood again. */
const LIVE_LIMITS: LiveLimits = { most: 20_000, loaded: 30_000 }
/** Records and stages that may wait for a round. */
const MAX_QUEUED = 200_000
/** Commands held of all nodes together. */
const CLUSTER_COMMANDS = 300_000
/** Share of them that stays when there are more. */
const KEPT_SHARE = 0.6
/** Records of this long before stay as well, so that what came after is understood, milliseconds. */
const UNDERSTOOD_MS = 60_000
/** Sessions counted whose earlier commands are put aside. */
const MAX_EARLIER = 100_000
/** Owner of what only the API server says. */
const API = '\0api'

/**
 * Works out one cluster's sessions as its evidence arrives. What was stored is held in memory, so that a round reads
 * nothing again and works out only the nodes that something new bears on; the store alone knows what is older, and
 * evidence that comes late for that time is worked out from there.
 */
export class LiveCluster {
  readonly #store: Store
  readonly #cluster: string
  readonly #limits: LiveLimits
  readonly #results = new Map<string, NodeResult>()
  readonly #keptOf = new Map<string, number>()
  readonly #earlier = new Map<string, EarlierCommands>()
  readonly #others: ArrivalsOfOthers
  #written: WrittenRows
  #evidence: ClusterEvidence | null = null
  #fresh = true
  #queued = 0
  /** Something that was noted is not in memory any more. */
  #overflown = false
  #failed = false
  #queue: EvidenceDelta[] = []
  #spans: TimeSpan[] = []
  #lastFacts: Pick<ClusterFacts, 'apiCoverage' | 'stagesLost'> = { apiCoverage: null, stagesLost: false }

  constructor(store: Store, cluster: string, limits: LiveLimits = LIVE_LIMITS) {
    this.#store = store
    this.#cluster = cluster
    this.#limits = limits
    this.#written = new WrittenRows(store, cluster)
    this.#others = new ArrivalsOfOthers(store, cluster)
  }

  get #loaded(): number {
    return this.#limits.loaded ?? this.#limits.most
  }

  get commands(): number {
    return this.#evidence?.commands ?? 0
  }

  /** Whether something waits to be worked out. */
  get waits(): boolean {
    return this.#failed || this.#overflown || this.#queue.length > 0 || this.#spans.length > 0 || this.#others.due(Date.now())
  }

  note(delta: EvidenceDelta): void {
    this.#queue.push(delta)
    this.#queued += delta.observations.length + delta.stages.length + 1
    if (this.#queued <= MAX_QUEUED) return
    // Rounds are far behind: what waits is stored, and is read again from there.
    this.#queue = []
    this.#queued = 0
    this.#overflown = true
  }

  /** Notes that evidence of a span is stored and was not noted: an earlier process took it in. */
  noteSpan(span: TimeSpan): void {
    this.#spans.push(span)
  }

  /**
   * Works out what is new, and writes what changed.
   *
   * @returns How many rows were written, and the time they are of.
   */
  async round(): Promise<{ changed: number; span: TimeSpan | null }> {
    const spans = this.#spans
    this.#spans = []
    try {
      const evidence = await this.#evidenceNow()
      const late = [...evidence.takeLate(), ...spans.filter(({ fromMs }) => fromMs < evidence.fromMs(''))]
      const { changed, span } = await this.#work(evidence)
      this.#failed = false
      return await this.#workLate(late, { changed, span })
    } catch (error) {
      this.#forget(spans)
      throw error
    }
  }

  async #evidenceNow(): Promise<ClusterEvidence> {
    if (this.#overflown) this.#forget([])
    this.#overflown = false
    if (this.#evidence === null) {
      const newestMs = await newestEvidence(this.#store, this.#cluster)
      const fromMs = newestMs === null ? Number.NEGATIVE_INFINITY : contextOf({ fromMs: newestMs, toMs: newestMs }).fromMs
      const evidence = new ClusterEvidence(this.#cluster, fromMs)
      await this.#others.begin()
      await loadEvidence(this.#store, this.#cluster, evidence, this.#loaded)
      await this.#loadEarlier(evidence)
      if (newestMs !== null) await this.#written.load(fromMs)
      this.#evidence = evidence
      this.#fresh = true
    }
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    for (const delta of queue) this.#evidence.add(delta)
    for (const delta of await this.#others.read()) this.#evidence.add(delta)
    return this.#evidence
  }

  /** Of a node with more records than are held only the newest were read. */
  async #loadEarlier(evidence: ClusterEvidence): Promise<void> {
    for (const name of evidence.nodes) {
      const node = evidence.node(name)
      if (node === undefined || node.commands < this.#loaded) continue
      node.fromMs = node.newest(Math.ceil(this.#loaded * KEPT_SHARE))
      const of = { cluster: this.#cluster, node: name, fromMs: node.fromMs }
      for (const [traceId, earlier] of await loadEarlier(this.#store, of)) this.#earlier.set(traceId, earlier)
    }
  }

  async #work(evidence: ClusterEvidence): Promise<Written> {
    const facts = evidence.facts(this.#earlier)
    this.#markUncovered(evidence, facts)
    for (const node of evidence.takeDirty()) {
      const result = reconstructNode(facts, evidence.records(node))
      this.#results.set(node, result)
      this.#written.say('placements', node, result.placements, () => evidence.fromMs(node))
      this.#written.say('sessions', node, result.sessions, () => evidence.fromMs(node))
    }
    const requests = answerRequests(facts, [...this.#results.values()], (request) => evidence.isAside(request))
    const answeredFrom = (row: Readonly<Record<string, unknown>>): number => evidence.answersFromMs(String(row.node))
    this.#written.say('entries', API, requests.entries, answeredFrom)
    this.#written.say('sessions', API, requests.sessions, answeredFrom)
    if (this.#fresh) this.#written.withdrawRest((row) => evidence.fromMs(String(row.node)))
    this.#fresh = false
    const written = await this.#written.write()
    for (const node of evidence.nodes) this.#trim(evidence, node)
    evidence.trimRequests()
    return written
  }

  /** API events may explain entries of a time that none covered before, and show that others are missing. */
  #markUncovered(evidence: ClusterEvidence, facts: ClusterFacts): void {
    const { apiCoverage: before, stagesLost } = this.#lastFacts
    const now = facts.apiCoverage
    if (stagesLost !== facts.stagesLost || (before === null) !== (now === null) || (before?.fromMs ?? 0) > (now?.fromMs ?? 0))
      evidence.markDirty(evidence.nodes)
    else if (before !== null && now !== null && now.toMs > before.toMs)
      evidence.markDirty(
        [...this.#results].filter(([, { unexplainedToMs }]) => unexplainedToMs >= before.toMs).map(([node]) => node),
      )
    this.#lastFacts = { apiCoverage: now, stagesLost: facts.stagesLost }
  }

  async #workLate(late: readonly TimeSpan[], { changed, span }: Written): Promise<Written> {
    let all = { changed, span }
    for (const one of late) {
      const { changed: more } = await deriveNow(this.#store, this.#cluster, one)
      all = { changed: all.changed + more, span: more > 0 ? joinSpans(all.span ?? undefined, effectOf(one)) : all.span }
    }
    return all
  }

  /** Puts a node's oldest records aside; of sessions that go on it is remembered what they were until then. */
  #trim(evidence: ClusterEvidence, name: string): void {
    const result = this.#results.get(name)
    const node = evidence.node(name)
    const most = Math.min(this.#limits.most, Math.ceil(CLUSTER_COMMANDS / Math.max(1, evidence.nodes.length)))
    if (result === undefined || node === undefined || node.commands <= most + this.#kept(name)) return
    const fromMs = node.newest(Math.ceil(most * KEPT_SHARE))
    const lasting = result.lasting(fromMs - UNDERSTOOD_MS)
    this.#remember(result, fromMs, lasting.traces)
    node.trim(fromMs, fromMs - UNDERSTOOD_MS, lasting.events)
    this.#keptOf.set(name, Math.max(0, node.commands - Math.ceil(most * KEPT_SHARE)))
  }

  /** Commands that the last trim could not put aside, because their sessions go on. */
  #kept(node: string): number {
    return this.#keptOf.get(node) ?? 0
  }

  #remember(result: NodeResult, fromMs: number, lasting: ReadonlySet<string>): void {
    const before = new Map<string, number>()
    const goesOn = new Set(lasting)
    for (const { trace_id: id, time } of result.placements) {
      if (timeMsOf(time) < fromMs) before.set(id, (before.get(id) ?? 0) + 1)
      else goesOn.add(id)
    }
    for (const { trace_id: id, start, command, risk, risk_reason: riskReason } of result.sessions) {
      const earlier = this.#earlier.get(id)
      const commands = (earlier?.commands ?? 0) + (before.get(id) ?? 0)
      if (!goesOn.has(id)) this.#earlier.delete(id)
      else if (lasting.has(id) || commands > 0) this.#earlier.set(id, { start, command, commands, risk, riskReason })
    }
    for (const [oldest] of this.#earlier) if (this.#earlier.size > MAX_EARLIER) this.#earlier.delete(oldest)
  }

  /** What was said is not known to be written: the next round begins from the store. */
  #forget(spans: readonly TimeSpan[]): void {
    this.#failed = true
    this.#evidence = null
    this.#written = new WrittenRows(this.#store, this.#cluster)
    this.#results.clear()
    this.#earlier.clear()
    this.#keptOf.clear()
    this.#spans.push(...spans)
  }
}
