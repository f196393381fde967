import type { AlertDeliveryRow, AlertRow, AlertRunRow } from '@podwitness/event'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'

/** How far a rule's evaluation has come. */
export interface RuleProgress {
  readonly dueMs: number
  /** Arrivals up to here were seen; store time, to the millisecond. */
  readonly arrivedTo: string
}

/** Alerts, evaluations and deliveries in the store. */
export class AlertLog {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async progress(): Promise<Map<string, RuleProgress>> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT rule_id, toString(max(due)), toString(max(arrived_to)) FROM audit.alert_runs GROUP BY rule_id',
    })
    return new Map(rows.map(([id, due, arrived]) => [String(id), { dueMs: timeMsOf(String(due)), arrivedTo: String(arrived) }]))
  }

  async recordRun(run: AlertRunRow): Promise<void> {
    await this.#store.writer.insert('alert_runs', [run], `run|${run.rule_id}|${run.due}|${run.owner}|${run.started}`)
  }

  runs(ruleId: string, limit: number): Promise<AlertRunRow[]> {
    return this.#rows<AlertRunRow>(
      `SELECT * EXCEPT received FROM audit.alert_runs WHERE rule_id = {ruleId:String} ORDER BY due DESC, started DESC LIMIT ${limit}`,
      { ruleId },
    )
  }

  /** Keys of rows that alerted already, of alerts about a time. */
  async knownKeys(ruleId: string, from: string, to: string): Promise<Set<string>> {
    const known = new Set<string>()
    const sql = `SELECT DISTINCT arrayJoin(row_keys) AS key FROM audit.alerts WHERE rule_id = {ruleId:String}
      AND span_from <= parseDateTime64BestEffort({to:String}, 6, 'UTC') AND span_to >= parseDateTime64BestEffort({from:String}, 6, 'UTC')`
    for await (const block of this.#store.reader.stream<{ key: string }>(sql, { ruleId, from, to }))
      for (const { key } of block) known.add(key)
    return known
  }

  /** Alerts of a rule that are not over. */
  active(ruleId: string): Promise<AlertRow[]> {
    return this.alerts(`rule_id = {ruleId:String} AND state != 'resolved'`, { ruleId }, 10_000)
  }

  alerts(where: string, params: Readonly<Record<string, unknown>>, limit: number): Promise<AlertRow[]> {
    const sql = `SELECT * EXCEPT received FROM audit.alerts FINAL WHERE ${where} ORDER BY created DESC, alert_id LIMIT ${limit}`
    return this.#rows<AlertRow>(sql, params)
  }

  deliveries(where: string, params: Readonly<Record<string, unknown>>, limit: number): Promise<AlertDeliveryRow[]> {
    const sql = `SELECT * EXCEPT received FROM audit.alert_deliveries FINAL WHERE ${where} ORDER BY created, delivery_id LIMIT ${limit}`
    return this.#rows<AlertDeliveryRow>(sql, params)
  }

  /** Identifiers of all messages made since a moment, store time. */
  async deliveryIds(since: string): Promise<Set<string>> {
    const known = new Set<string>()
    const sql = `SELECT DISTINCT delivery_id AS id FROM audit.alert_deliveries WHERE created > parseDateTime64BestEffort({since:String}, 6, 'UTC')`
    for await (const block of this.#store.reader.stream<{ id: string }>(sql, { since })) for (const { id } of block) known.add(id)
    return known
  }

  /** Writes new states of alerts, or new alerts: whole rows, all of them or none. */
  async saveAlerts(rows: readonly AlertRow[], nowMs: number): Promise<void> {
    if (rows.length === 0) return
    const version = nextVersion()
    const stamped = rows.map((row) => ({ ...row, updated: storeTime(nowMs), version }))
    await this.#store.writer.insert('alerts', stamped, `alerts|${version}|${rows[0]?.alert_id}`)
  }

  async saveDeliveries(rows: readonly AlertDeliveryRow[], nowMs: number): Promise<void> {
    if (rows.length === 0) return
    const version = nextVersion()
    const stamped = rows.map((row) => ({ ...row, updated: storeTime(nowMs), version }))
    await this.#store.writer.insert('alert_deliveries', stamped, `deliveries|${version}|${rows[0]?.delivery_id}`)
  }

  /** Messages that left for a channel since a moment. */
  async sentSince(channelId: string, sinceMs: number): Promise<number> {
    const { rows } = await this.#store.reader.query({
      sql: `SELECT sum(attempts > 0) FROM audit.alert_deliveries FINAL WHERE channel_id = {channelId:String}
        AND state IN ('sent', 'pending', 'failed') AND attempts > 0 AND updated > parseDateTime64BestEffort({since:String}, 6, 'UTC')`,
      params: { channelId, since: storeTime(sinceMs) },
    })
    return Number(rows[0]?.[0] ?? 0)
  }

  async #rows<Row>(sql: string, params: Readonly<Record<string, unknown>>): Promise<Row[]> {
    const found: Row[] = []
    for await (const block of this.#store.reader.stream<Row>(sql, params)) found.push(...block)
    return found
  }
}
