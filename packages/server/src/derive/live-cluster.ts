import { answerRequests, type ClusterFacts, type EarlierCommands, type NodeResult, reconstructNode } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { ArrivalsOfOthers } from './arrivals-of-others.ts'
import { ClusterEvidence } from './cluster-evidence.ts'
import { deriveNow } from './derive.ts'
import type { EvidenceDelta } from './evidence-delta.ts'
import { loadEvidence, newestEvidence } from './load-evidence.ts'
import { contextOf, effectOf, joinSpans, type TimeSpan } from './time-span.ts'
import { type Written, WrittenRows } from './written-rows.ts'

/** Limits of memory, and of what one round may have to look through again. */
export const LIVE_LIMITS = {
  /** Commands held of a node. */
  most: 30_000,
}
/** Commands held of all nodes together. */
const CLUSTER_COMMANDS = 300_000
/** Share of them that stays when there are more. */
const KEPT_SHARE = 0.6
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
  readonly #limits: typeof LIVE_LIMITS
  readonly #results = new Map<string, NodeResult>()
  readonly #earlier = new Map<string, EarlierCommands>()
  readonly #others: ArrivalsOfOthers
  #written: WrittenRows
  #evidence: ClusterEvidence | null = null
  #fresh = true
  #failed = false
  #queue: EvidenceDelta[] = []
  #spans: TimeSpan[] = []
  #lastFacts: Pick<ClusterFacts, 'apiCoverage' | 'stagesLost'> = { apiCoverage: null, stagesLost: false }

  constructor(store: Store, cluster: string, limits = LIVE_LIMITS) {
    this.#store = store
    this.#cluster = cluster
    this.#limits = limits
    this.#written = new WrittenRows(store, cluster)
    this.#others = new ArrivalsOfOthers(store, cluster)
  }

  get commands(): number {
    return this.#evidence?.commands ?? 0
  }

  /** Whether something waits to be worked out. */
  get waits(): boolean {
    return this.#failed || this.#queue.length > 0 || this.#spans.length > 0 || this.#others.due(Date.now())
  }

  note(delta: EvidenceDelta): void {
    this.#queue.push(delta)
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
    if (this.#evidence === null) {
      const newestMs = await newestEvidence(this.#store, this.#cluster)
      const fromMs = newestMs === null ? Number.NEGATIVE_INFINITY : contextOf({ fromMs: newestMs, toMs: newestMs }).fromMs
      const evidence = new ClusterEvidence(this.#cluster, fromMs)
      await this.#others.begin()
      await loadEvidence(this.#store, this.#cluster, evidence, this.#limits.most)
      if (newestMs !== null) await this.#written.load(fromMs)
      this.#evidence = evidence
      this.#fresh = true
    }
    const queue = this.#queue
    this.#queue = []
    for (const delta of queue) this.#evidence.add(delta)
    for (const delta of await this.#others.read()) this.#evidence.add(delta)
    return this.#evidence
  }

  async #work(evidence: ClusterEvidence): Promise<Written> {
    const facts = evidence.facts(this.#earlier)
    this.#markUncovered(evidence, facts)
    for (const node of evidence.takeDirty()) {
      const result = reconstructNode(facts, evidence.records(node))
      this.#results.set(node, result)
      this.#written.say('placements', node, result.placements, evidence.fromMs(node))
      this.#written.say('sessions', node, result.sessions, evidence.fromMs(node))
    }
    const requests = answerRequests(facts, [...this.#results.values()], (request) => evidence.isAside(request))
    this.#written.say('entries', API, requests.entries, evidence.fromMs(''))
    this.#written.say('sessions', API, requests.sessions, evidence.fromMs(''))
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

  /** What goes is remembered as a number of commands and a risk, where the session it belongs to goes on. */
  #trim(evidence: ClusterEvidence, node: string): void {
    const result = this.#results.get(node)
    const most = Math.min(this.#limits.most, Math.ceil(CLUSTER_COMMANDS / Math.max(1, evidence.nodes.length)))
    if (result === undefined || evidence.commandsOf(node) <= most) return
    const gone = new Set(evidence.trim(node, Math.ceil(most * KEPT_SHARE), result.lasting))
    const sessions = new Map(result.sessions.map((session) => [session.trace_id, session]))
    const counts = new Map<string, number>()
    for (const { event_id, trace_id } of result.placements)
      if (trace_id !== '' && gone.has(event_id)) counts.set(trace_id, (counts.get(trace_id) ?? 0) + 1)
    for (const [traceId, count] of counts) {
      const { risk = 0, risk_reason: riskReason = '' } = sessions.get(traceId) ?? {}
      this.#earlier.set(traceId, { commands: (this.#earlier.get(traceId)?.commands ?? 0) + count, risk, riskReason })
    }
    for (const [oldest] of this.#earlier) if (this.#earlier.size > MAX_EARLIER) this.#earlier.delete(oldest)
    evidence.markDirty([node])
  }

  /** What was said is not known to be written: the next round begins from the store. */
  #forget(spans: readonly TimeSpan[]): void {
    this.#failed = true
    this.#evidence = null
    this.#written = new WrittenRows(this.#store, this.#cluster)
    this.#results.clear()
    this.#earlier.clear()
    this.#spans.push(...spans)
  }
}
