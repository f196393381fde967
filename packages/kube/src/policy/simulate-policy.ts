import type { KubeAuditEvent } from '../audit-event.ts'
import { type Decision, decide } from './decide.ts'
import type { AuditPolicy, Level, Stage } from './policy.ts'
import { LEVELS } from './policy.ts'
import { requestAttributes } from './request-attributes.ts'

/** What a policy does with one recorded event. */
export interface SimulatedEvent extends Decision {
  /** Whether an event of this stage would be written. */
  readonly written: boolean
  /** Bytes it would take, its line end included; 0 where it is not written. */
  readonly bytes: number
  /** False where the policy wants a body that was not recorded: then `bytes` is too small. */
  readonly exact: boolean
}

/** What one rule does with the recorded traffic; rule −1 stands for "no rule". */
export interface RuleTraffic {
  readonly rule: number
  /** Requests it decided: the largest number of events of one stage. */
  readonly requests: number
  readonly events: number
  readonly bytes: number
  /** Events whose bodies were not recorded although the policy wants them. */
  readonly inexact: number
}

/** Traffic under a policy. */
export interface PolicyTraffic {
  readonly rules: readonly RuleTraffic[]
  readonly events: number
  readonly written: number
  readonly bytes: number
  readonly recordedBytes: number
  readonly inexact: number
  /** Recorded time span, milliseconds. */
  readonly spanMs: number
  /** Bytes a day at this rate; null where less than a minute was recorded. */
  readonly bytesPerDay: number | null
  /** Events whose recorded level is another one. */
  readonly otherLevel: number
  /** Stages that the recording has: the policy's decision about others cannot be seen. */
  readonly recordedStages: readonly string[]
}

interface Tally {
  stages: Map<string, number>
  events: number
  bytes: number
  inexact: number
}

const SHORTEST_SPAN_MS = 60_000
const DAY_MS = 86_400_000

/** Runs recorded requests through a policy. Memory does not grow with their number. */
export class PolicySimulation {
  readonly #policy: AuditPolicy
  readonly #tallies = new Map<number, Tally>()
  readonly #stages = new Set<string>()
  #events = 0
  #recordedBytes = 0
  #otherLevel = 0
  #firstMs = Number.POSITIVE_INFINITY
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(policy: AuditPolicy) {
    this.#policy = policy
  }

  /**
   * Takes one recorded event.
   *
   * @param recordedBytes Bytes of the event as recorded, without its line end.
   */
  add(event: KubeAuditEvent, recordedBytes: number): SimulatedEvent {
    const decision = decide(this.#policy, requestAttributes(event))
    const written = decision.level !== 'None' && !decision.omitStages.includes(event.stage as Stage)
    const exact = !written || LEVELS.indexOf(decision.level) <= LEVELS.indexOf(event.level as Level)
    const bytes = written ? recordedBytes + 1 - unwrittenBytes(event, decision.level) : 0
    this.#count(event, decision.rule, { written, bytes, exact })
    this.#recordedBytes += recordedBytes + 1
    if (event.level !== decision.level) this.#otherLevel++
    return { ...decision, written, bytes, exact }
  }

  /** The sums so far, rules in the policy's order. */
  traffic(): PolicyTraffic {
    const rules = [...this.#tallies].sort(([a], [b]) => order(a) - order(b)).map(([rule, tally]) => ruleTraffic(rule, tally))
    const bytes = sum(rules.map((rule) => rule.bytes))
    const spanMs = Math.max(0, this.#lastMs - this.#firstMs) || 0
    return {
      rules,
      events: this.#events,
      written: sum(rules.map((rule) => rule.events)),
      bytes,
      recordedBytes: this.#recordedBytes,
      inexact: sum(rules.map((rule) => rule.inexact)),
      spanMs: Number.isFinite(spanMs) ? spanMs : 0,
      bytesPerDay: spanMs >= SHORTEST_SPAN_MS && Number.isFinite(spanMs) ? Math.round((bytes * DAY_MS) / spanMs) : null,
      otherLevel: this.#otherLevel,
      recordedStages: [...this.#stages].sort(),
    }
  }

  #count(
    event: KubeAuditEvent,
    rule: number,
    { written, bytes, exact }: Pick<SimulatedEvent, 'written' | 'bytes' | 'exact'>,
  ): void {
    this.#events++
    this.#stages.add(event.stage)
    this.#firstMs = Math.min(this.#firstMs, event.stageMs)
    this.#lastMs = Math.max(this.#lastMs, event.stageMs)
    const tally = this.#tallies.get(rule) ?? { stages: new Map(), events: 0, bytes: 0, inexact: 0 }
    this.#tallies.set(rule, tally)
    tally.stages.set(event.stage, (tally.stages.get(event.stage) ?? 0) + 1)
    tally.bytes += bytes
    if (written) tally.events++
    if (!exact) tally.inexact++
  }
}

/** "No rule" comes last. */
function order(rule: number): number {
  return rule < 0 ? Number.POSITIVE_INFINITY : rule
}

function ruleTraffic(rule: number, { stages, events, bytes, inexact }: Tally): RuleTraffic {
  return { rule, requests: Math.max(0, ...stages.values()), events, bytes, inexact }
}

/** Bytes of the bodies that a level leaves out, with their keys and commas. */
function unwrittenBytes({ requestObject, responseObject }: KubeAuditEvent, level: Level): number {
  const request = level === 'Metadata' ? bodyBytes('requestObject', requestObject) : 0
  return request + (level === 'RequestResponse' ? 0 : bodyBytes('responseObject', responseObject))
}

function bodyBytes(key: string, body: unknown): number {
  return body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body)) + key.length + 4
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0)
}
