import { dueAt, type Rule, type SendOptions } from '@podwitness/alert'
import { type AlertRow, storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { AlertLog, type RuleProgress } from './alert-log.ts'
import { AlertObjects, type Silence, type StoredRule } from './alert-objects.ts'
import { type Delivery, deliverPending, queueDeliveries, undeliveredAlert } from './deliver.ts'
import { type Evaluated, evaluateRule } from './evaluate-rule.ts'
import { Lease } from './lease.ts'
import { whySilent } from './silenced.ts'

/** How alerts run on a server. */
export interface AlertOptions {
  /** Origin that links in messages begin with. */
  readonly origin: string
  readonly send: Omit<SendOptions, 'nowMs'>
  readonly now?: () => number
  readonly onError?: (error: Error) => void
}

const TICK_MS = 500
/** Alerts are looked through for messages they still lack when this server made some, and so often for what others did. */
const QUEUE_MS = 15_000

/** Evaluates rules and delivers messages, on one of the servers of a store at a time. */
export class AlertLoop {
  readonly objects: AlertObjects
  readonly log: AlertLog
  readonly #store: Store
  readonly #options: AlertOptions
  readonly #lease: Lease
  readonly #perRowQueries = new Map<string, boolean>()
  /** Known while the lease is held; read anew when it comes back. */
  #progress: Map<string, RuleProgress> | undefined
  /** When alerts are looked through for messages next; 0 for at once. */
  #queueDueMs = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(store: Store, options: AlertOptions) {
    this.#store = store
    this.#options = options
    this.objects = new AlertObjects(store)
    this.log = new AlertLog(store)
    this.#lease = new Lease(store)
  }

  /** Ticks twice a second until it is stopped; a tick that takes longer delays the next. */
  start(): void {
    const next = (): void => {
      this.#timer = setTimeout(() => {
        this.#running = this.tick().catch((error: unknown) => this.#report(error))
        this.#running.finally(() => {
          if (this.#timer !== undefined) next()
        })
      }, TICK_MS)
    }
    next()
  }

  /** Ends after the tick that runs. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#running
  }

  /** Does everything that is due now. A rule that fails has its failure recorded and keeps none of the others waiting. */
  async tick(): Promise<void> {
    const nowMs = this.#now()
    if (!(await this.#lease.holds(nowMs))) {
      this.#progress = undefined
      this.#queueDueMs = 0
      return
    }
    this.#progress ??= await this.log.progress()
    const rules = await this.objects.rules()
    const silences = await this.objects.silences()
    const enabled = rules.filter(({ rule }) => rule.enabled)
    // Rules on the stream are those that somebody waits for: what they find leaves before the others are asked.
    for (const stored of enabled) if (stored.rule.check === 'stream') await this.#evaluate(stored, silences)
    if (this.#queueDueMs === 0) await this.#deliver(rules)
    for (const stored of enabled) if (stored.rule.check !== 'stream') await this.#evaluate(stored, silences)
    await this.#escalate(rules)
    await this.#deliver(rules)
  }

  async #evaluate({ rule, changedMs }: StoredRule, silences: readonly Silence[]): Promise<void> {
    const nowMs = this.#now()
    const progress = this.#progress?.get(rule.id)
    const dueMs = dueAt(rule.check, progress?.dueMs, nowMs)
    if (dueMs === undefined) return
    const began = performance.now()
    try {
      const perRowQueries = this.#perRowQueries
      const evaluated = await evaluateRule(this.#store, this.log, {
        rule,
        dueMs,
        nowMs,
        progress,
        baselineMs: changedMs,
        perRowQueries,
      })
      if (rule.check === 'stream' && !evaluated.looked) return
      if (!(await this.#lease.holds(this.#now()))) return
      await this.#save(rule, evaluated, silences)
      await this.#record(rule, dueMs, began, evaluated)
    } catch (error) {
      const cursor = progress?.arrivedTo ?? storeTime(changedMs)
      await this.#record(rule, dueMs, began, cursor, error)
    }
  }

  async #save(rule: Rule, evaluated: Evaluated, silences: readonly Silence[]): Promise<void> {
    const nowMs = this.#now()
    const since = storeTime(nowMs - rule.muteMs)
    const earlier =
      rule.muteMs === 0 || evaluated.alerts.length === 0
        ? []
        : await this.log.alerts(
            "rule_id = {ruleId:String} AND created > parseDateTime64BestEffort({since:String}, 6, 'UTC')",
            { ruleId: rule.id, since },
            10_000,
          )
    const told: AlertRow[] = [...earlier]
    const alerts = evaluated.alerts.map((alert) => {
      const judged = { ...alert, silenced: whySilent(alert, rule, silences, told) }
      told.push(judged)
      return judged
    })
    const over = evaluated.over.map((alert) => ({
      ...alert,
      state: 'resolved',
      actor: 'podwitness',
      note: 'The condition no longer holds.',
    }))
    await this.#saveAlerts([...alerts, ...over], nowMs)
  }

  async #record(rule: Rule, dueMs: number, began: number, what: Evaluated | string, error?: unknown): Promise<void> {
    const failed = typeof what === 'string'
    const arrivedTo = failed ? what : what.arrivedTo
    const words = error instanceof Error ? error.message : error === undefined ? '' : String(error)
    const cut = !failed && what.truncated ? 'More rows than can be read in a millisecond; the rest was left out.' : ''
    await this.log.recordRun({
      ...{
        rule_id: rule.id,
        due: storeTime(dueMs),
        started: storeTime(this.#now()),
        arrived_to: arrivedTo,
        owner: this.#lease.owner,
      },
      ...{ span_from: failed ? storeTime(dueMs) : what.spanFrom, span_to: failed ? storeTime(dueMs) : what.spanTo },
      ...{ rows_found: failed ? 0 : what.found, rows_new: failed ? 0 : what.fresh, alerts: failed ? 0 : what.alerts.length },
      ...{ state: failed ? 'failed' : 'ok', error: words || cut, elapsed_ms: Math.round(performance.now() - began) },
    })
    this.#progress?.set(rule.id, { dueMs, arrivedTo })
  }

  /** Passes on what nobody acknowledged in time. */
  async #escalate(rules: readonly StoredRule[]): Promise<void> {
    const nowMs = this.#now()
    for (const { rule } of rules) {
      const { escalate } = rule
      if (escalate === undefined) continue
      const waiting = (await this.log.active(rule.id)).filter(
        (one) =>
          one.state === 'open' && one.escalated === 0 && one.silenced === '' && nowMs - timeMsOf(one.created) >= escalate.afterMs,
      )
      await this.#saveAlerts(
        waiting.map((one) => ({ ...one, escalated: 1 })),
        nowMs,
      )
    }
  }

  async #deliver(rules: readonly StoredRule[]): Promise<void> {
    const nowMs = this.#now()
    const [channels, templates] = [await this.objects.channels(), await this.objects.templates()]
    const byId = new Map(rules.map(({ rule }) => [rule.id, rule]))
    const { origin, send } = this.#options
    const delivery: Delivery = { log: this.log, rules: byId, channels, templates, origin, send, nowMs }
    if (nowMs >= this.#queueDueMs) {
      await queueDeliveries(delivery)
      this.#queueDueMs = nowMs + QUEUE_MS
    }
    const failed = undeliveredAlert(await deliverPending(delivery), nowMs)
    if (failed !== undefined) await this.log.saveAlerts([failed], nowMs)
  }

  /** New or changed alerts may want messages: they are looked through by this very tick. */
  async #saveAlerts(rows: readonly AlertRow[], nowMs: number): Promise<void> {
    if (rows.length > 0) this.#queueDueMs = 0
    await this.log.saveAlerts(rows, nowMs)
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }

  #report(error: unknown): void {
    this.#options.onError?.(error instanceof Error ? error : new Error(String(error)))
  }
}
