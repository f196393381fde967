import { createHash } from 'node:crypto'
import { type FoundGroup, isPerRow, judgeRows, type ResultRow, type Rule, windowsOf } from '@podwitness/alert'
import { type AlertRow, storeTime, timeMsOf } from '@podwitness/event'
import { blankRow, type Store } from '@podwitness/store'
import type { AlertLog, RuleProgress } from './alert-log.ts'
import { readArrivals } from './arrivals.ts'
import { queryRows } from './query-rows.ts'

/**
 * How far an evaluation looks back behind its cursor. Rows are stamped when their insert begins and seen when it has
 * ended, and an insert waits up to 30 s for an engine that is started again. Rows that alerted are known by their keys.
 */
const OVERLAP_MS = 60_000
/** Rows of an alert that are kept with it; all are counted. */
const KEPT_ROWS = 100

export interface Evaluation {
  readonly rule: Rule
  readonly dueMs: number
  readonly nowMs: number
  readonly progress: RuleProgress | undefined
  /** Arrivals before it are not the rule's business. */
  readonly baselineMs: number
  /** Queries known to name events in their rows, or not to; filled here. */
  readonly perRowQueries: Map<string, boolean>
}

export interface Evaluated {
  readonly alerts: readonly AlertRow[]
  /** Active alerts whose condition no longer holds. */
  readonly over: readonly AlertRow[]
  readonly arrivedTo: string
  readonly spanFrom: string
  readonly spanTo: string
  readonly found: number
  readonly fresh: number
  /** Whether there was anything to look at. */
  readonly looked: boolean
  readonly truncated: boolean
}

/** Asks a rule's question about what has arrived since it was last asked, and makes alerts of the rows that are new. Writes nothing. */
export async function evaluateRule(store: Store, log: AlertLog, evaluation: Evaluation): Promise<Evaluated> {
  const { rule, progress, baselineMs, dueMs } = evaluation
  const cursorMs = progress === undefined ? baselineMs : timeMsOf(progress.arrivedTo)
  const after = storeTime(Math.max(cursorMs - OVERLAP_MS, baselineMs))
  const arrivals = await readArrivals(store, after, rule.waitMs)
  const arrivedTo = storeTime(Math.max(arrivals.newest === '' ? 0 : timeMsOf(arrivals.newest), cursorMs))
  const nothing = {
    alerts: [],
    over: [],
    arrivedTo,
    spanFrom: after,
    spanTo: after,
    found: 0,
    fresh: 0,
    looked: false,
    truncated: false,
  }
  const fresh = arrivals.count > 0 && arrivedTo > storeTime(cursorMs)
  if (rule.check === 'stream' && !fresh) return nothing
  const span = { fromMs: Math.floor(timeMsOf(arrivals.from)), toMs: Math.floor(timeMsOf(arrivals.to)) + 1 }
  const known = evaluation.perRowQueries.get(rule.query.text)
  if (arrivals.count === 0 && known === true) return nothing
  if (rule.trigger.kind === 'hasData' && known !== false) {
    const asked = arrivals.count === 0 ? { fromMs: dueMs - rule.query.windowMs, toMs: dueMs } : span
    const { columns, rows, truncated } = await queryRows(store, rule, asked.fromMs, asked.toMs)
    const rowwise = isPerRow(rule, columns)
    evaluation.perRowQueries.set(rule.query.text, rowwise)
    if (rowwise) return arrivals.count === 0 ? nothing : { ...(await perRow(log, evaluation, rows, span)), arrivedTo, truncated }
  }
  return { ...(await perWindow(store, log, evaluation, arrivals.count === 0 ? undefined : span.fromMs)), arrivedTo }
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Rows that name an event: each alerts once, whenever it comes. */
async function perRow(log: AlertLog, { rule, nowMs }: Evaluation, rows: readonly ResultRow[], span: Span) {
  const [spanFrom, spanTo] = [storeTime(span.fromMs), storeTime(span.toMs)]
  const known = rows.length === 0 ? new Set<string>() : await log.knownKeys(rule.id, spanFrom, spanTo)
  const alerts: AlertRow[] = []
  let fresh = 0
  for (const group of judgeRows(rule, rows, true)) {
    const kept = withoutKnown(group, known)
    fresh += kept.keys.length
    if (kept.keys.length > 0) alerts.push(alertOf(rule, kept, nowMs, span))
  }
  return { alerts, over: [], spanFrom, spanTo, found: rows.length, fresh, looked: true }
}

function withoutKnown(group: FoundGroup, known: Set<string>): FoundGroup {
  const rows: ResultRow[] = []
  const keys: string[] = []
  for (const [index, key] of group.keys.entries()) {
    if (known.has(key)) continue
    known.add(key)
    keys.push(key)
    rows.push(group.rows[index] ?? {})
  }
  return { group: group.group, rows, keys }
}

/** A condition over windows: it alerts when it begins to hold, and is over when it no longer does. */
async function perWindow(store: Store, log: AlertLog, { rule, dueMs, nowMs }: Evaluation, oldestMs: number | undefined) {
  const windows = windowsOf(
    dueMs,
    rule.query.windowMs,
    oldestMs === undefined ? undefined : Math.max(oldestMs, dueMs - MAX_BACK_MS),
  )
  const known = await log.alerts(
    `rule_id = {ruleId:String} AND span_to >= parseDateTime64BestEffort({from:String}, 6, 'UTC')`,
    { ruleId: rule.id, from: storeTime(windows[0]?.fromMs ?? dueMs) },
    10_000,
  )
  const active = (await log.active(rule.id)).filter((one) => !known.some(({ alert_id }) => alert_id === one.alert_id))
  const incidents = [...known, ...active]
  const alerts: AlertRow[] = []
  let found = 0
  let truncated = false
  let holding = new Set<string>()
  for (const window of windows) {
    const answer = await queryRows(store, rule, window.fromMs, window.toMs)
    found += answer.rows.length
    truncated ||= answer.truncated
    const groups = judgeRows(rule, answer.rows, false)
    holding = new Set(groups.map(({ group }) => group))
    for (const group of groups) {
      // Windows overlap, so what an alert already stands for is seen again.
      const same = [...incidents, ...alerts].some(
        (one) => one.group_key === group.group && (one.state !== 'resolved' || timeMsOf(one.span_to) > window.fromMs),
      )
      if (!same) alerts.push(alertOf(rule, group, nowMs, window))
    }
  }
  const over = incidents.filter((one) => one.state !== 'resolved' && !holding.has(one.group_key))
  const [first] = windows
  return {
    ...{ alerts, over, found, fresh: alerts.length, looked: true, truncated },
    spanFrom: storeTime(first?.fromMs ?? dueMs),
    spanTo: storeTime(dueMs),
  }
}

/** Late evidence about a number is made up for as far back as this. */
const MAX_BACK_MS = 3_600_000

function alertOf(rule: Rule, { group, rows, keys }: FoundGroup, nowMs: number, span: Span): AlertRow {
  const identity = keys.length > 0 ? [...keys].sort().join('|') : `${span.toMs}`
  const id = createHash('sha256').update(`${rule.id}|${group}|${identity}`).digest('hex').slice(0, 32)
  return {
    ...blankRow('alerts'),
    ...{ alert_id: id, rule_id: rule.id, rule_name: rule.name, severity: rule.severity, state: 'open', group_key: group },
    ...{ created: storeTime(nowMs), updated: storeTime(nowMs), span_from: storeTime(span.fromMs), span_to: storeTime(span.toMs) },
    ...{ row_count: rows.length, row_keys: [...keys], results: JSON.stringify(rows.slice(0, KEPT_ROWS)), reason: rule.reason },
  }
}
