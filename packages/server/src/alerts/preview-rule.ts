import { columnValue, type FoundGroup, isPerRow, judgeRows, type ResultRow, type Rule, valueText } from '@podwitness/alert'
import type { RulePreview } from '@podwitness/api'
import { timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { queryRows } from './query-rows.ts'

/** Windows a preview asks about at most; a longer history is looked at in larger steps. */
const MAX_WINDOWS = 120
const SAMPLES = 50
const GROUPS = 50

/** One alert that a rule would have made. */
interface Would {
  readonly group: string
  readonly timeMs: number
  readonly rows: readonly ResultRow[]
}

/**
 * What a rule would have done over history.
 *
 * @throws QueryError, StoreError.
 */
export async function previewRule(store: Store, rule: Rule, fromMs: number, toMs: number): Promise<RulePreview> {
  const began = performance.now()
  const { would, truncated } = await wouldAlert(store, rule, fromMs, toMs)
  const rows = would.flatMap((one) => one.rows)
  const days = new Map<string, number>()
  for (const { timeMs, rows: found } of would) {
    const day = new Date(timeMs).toISOString().slice(0, 10)
    days.set(day, (days.get(day) ?? 0) + found.length)
  }
  return {
    ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), rows: rows.length, alerts: would.length },
    messages: messagesOf(rule, would),
    groups: groupsOf(would),
    days: [...days].sort().map(([day, count]) => ({ day, rows: count })),
    samples: rows.slice(0, SAMPLES),
    ...{ truncated, elapsedMs: Math.round(performance.now() - began) },
  }
}

async function wouldAlert(store: Store, rule: Rule, fromMs: number, toMs: number) {
  if (rule.trigger.kind === 'hasData' || rule.trigger.kind === 'count') {
    const answer = await queryRows(store, rule, fromMs, toMs)
    const timed = answer.rows.length > 0 && answer.rows.every((row) => Number.isFinite(rowTimeMs(row)))
    if (timed || isPerRow(rule, answer.columns)) return { would: byStep(rule, answer.rows, fromMs), truncated: answer.truncated }
  }
  return byWindow(store, rule, fromMs, toMs)
}

/** Rows put into the runs that would have seen them. */
function byStep(rule: Rule, rows: readonly ResultRow[], fromMs: number): Would[] {
  const stepMs =
    rule.trigger.kind === 'count'
      ? rule.query.windowMs
      : typeof rule.check === 'object' && 'everyMs' in rule.check
        ? rule.check.everyMs
        : 60_000
  const steps = new Map<number, ResultRow[]>()
  for (const row of rows) {
    const timeMs = rowTimeMs(row)
    const step = Number.isFinite(timeMs) ? Math.floor(timeMs / stepMs) * stepMs : fromMs
    const known = steps.get(step)
    if (known === undefined) steps.set(step, [row])
    else known.push(row)
  }
  return [...steps]
    .sort(([a], [b]) => a - b)
    .flatMap(([timeMs, found]) => judgeRows(rule, found, true).map((group: FoundGroup) => ({ ...group, timeMs })))
}

async function byWindow(store: Store, rule: Rule, fromMs: number, toMs: number) {
  const stepMs = Math.max(rule.query.windowMs, (toMs - fromMs) / MAX_WINDOWS)
  const would: Would[] = []
  let truncated = false
  let holding = new Set<string>()
  for (let end = fromMs + stepMs; end <= toMs; end += stepMs) {
    const answer = await queryRows(store, rule, Math.floor(end - rule.query.windowMs), Math.floor(end))
    truncated ||= answer.truncated
    const groups = judgeRows(rule, answer.rows, false)
    for (const { group, rows } of groups) if (!holding.has(group)) would.push({ group, rows, timeMs: end })
    holding = new Set(groups.map(({ group }) => group))
  }
  return { would, truncated: truncated || stepMs > rule.query.windowMs }
}

function rowTimeMs(row: ResultRow): number {
  for (const name of ['time', 'timegenerated', 'start', '__time__']) {
    const text = valueText(columnValue(row, name))
    if (text === '') continue
    return /^\d{10}$/.test(text) ? Number(text) * 1000 : timeMsOf(text)
  }
  return Number.NaN
}

function messagesOf(rule: Rule, would: readonly Would[]): number {
  const told = new Map<string, number>()
  let messages = 0
  for (const { group, timeMs } of would) {
    const last = told.get(group)
    if (last !== undefined && timeMs - last < rule.muteMs) continue
    told.set(group, timeMs)
    messages++
  }
  return messages * rule.notify.length || messages
}

function groupsOf(would: readonly Would[]): RulePreview['groups'] {
  const groups = new Map<string, { rows: number; alerts: number }>()
  for (const { group, rows } of would) {
    const sum = groups.get(group) ?? { rows: 0, alerts: 0 }
    groups.set(group, { rows: sum.rows + rows.length, alerts: sum.alerts + 1 })
  }
  return [...groups]
    .map(([group, sum]) => ({ group, ...sum }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, GROUPS)
}
