import { judgeRows, type ResultRow, type Rule } from '@podwitness/alert'
import type { RulePreview } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import { previewCounts } from './preview-counts.ts'
import { queryRows } from './query-rows.ts'
import { spreadOrder } from './spread-order.ts'

/** Milliseconds that windows are asked about before a preview answers with those it has. */
const BUDGET_MS = 2_200
/** Windows a preview asks about at most; a longer history is looked at in larger steps. */
const MAX_WINDOWS = 20_000
const SAMPLES = 50
const GROUPS = 50

/** One alert that a rule would have made. */
interface Would {
  readonly group: string
  readonly timeMs: number
  readonly count: number
}

/** What was found, and how much of the history it was found in. */
interface Found {
  readonly would: readonly Would[]
  readonly samples: readonly ResultRow[]
  readonly truncated: boolean
  /** Windows there are, and those that were looked at; the same where every moment was. */
  readonly windows: { readonly all: number; readonly looked: number }
}
const WHOLE = { all: 1, looked: 1 }

/**
 * What a rule would have done over history.
 *
 * @throws QueryError, StoreError.
 */
export async function previewRule(
  store: Store,
  rule: Rule,
  fromMs: number,
  toMs: number,
  budgetMs = BUDGET_MS,
): Promise<RulePreview> {
  const began = performance.now()
  const { would, samples, truncated, windows } = await wouldAlert(store, rule, { fromMs, toMs, until: began + budgetMs })
  const days = new Map<string, number>()
  for (const { timeMs, count } of would) {
    const day = new Date(timeMs).toISOString().slice(0, 10)
    days.set(day, (days.get(day) ?? 0) + count)
  }
  return {
    ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), alerts: would.length },
    rows: would.reduce((sum, { count }) => sum + count, 0),
    messages: messagesOf(rule, would),
    groups: groupsOf(would),
    days: [...days].sort().map(([day, count]) => ({ day, rows: count })),
    samples: samples.slice(0, SAMPLES),
    ...{ truncated, windows, elapsedMs: Math.round(performance.now() - began) },
  }
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
  /** When to stop asking, by the clock of `performance`. */
  readonly until: number
}

async function wouldAlert(store: Store, rule: Rule, span: Span): Promise<Found> {
  if (rule.trigger.kind !== 'hasData' && rule.trigger.kind !== 'count') return byWindow(store, rule, span)
  const counted = await previewCounts(store, rule, { ...span, stepMs: stepOf(rule) }, SAMPLES)
  if (counted === undefined) return byWindow(store, rule, span)
  const { counts, samples, truncated } = counted
  const least = rule.trigger.kind === 'count' ? rule.trigger.atLeast : 1
  const wanted = judgeRows({ ...rule, trigger: { kind: 'hasData' }, groupBy: [] }, samples, true).flatMap((one) => one.rows)
  return { would: counts.filter(({ count }) => count >= least), samples: wanted, truncated, windows: WHOLE }
}

/** Length of one run of the rule, milliseconds. */
function stepOf({ trigger, query, check }: Rule): number {
  if (trigger.kind === 'count') return query.windowMs
  return typeof check === 'object' && 'everyMs' in check ? check.everyMs : 60_000
}

/** Window after window, spread over the whole history, until the time is up; the answer says how many were looked at. */
async function byWindow(store: Store, rule: Rule, { fromMs, toMs, until }: Span): Promise<Found> {
  const stepMs = Math.max(rule.query.windowMs, (toMs - fromMs) / MAX_WINDOWS)
  const all = Math.floor((toMs - fromMs) / stepMs)
  const looked = new Map<number, ReturnType<typeof judgeRows>>()
  let truncated = false
  for (const index of spreadOrder(all)) {
    if (looked.size > 0 && performance.now() > until) break
    const end = Math.floor(fromMs + (index + 1) * stepMs)
    const answer = await queryRows(store, rule, end - rule.query.windowMs, end)
    truncated ||= answer.truncated
    looked.set(index, judgeRows(rule, answer.rows, false))
  }
  const would: Would[] = []
  const samples: ResultRow[] = []
  let holding = new Set<string>()
  for (const [index, groups] of [...looked].sort(([a], [b]) => a - b)) {
    const timeMs = Math.floor(fromMs + (index + 1) * stepMs)
    for (const { group, rows } of groups) {
      if (holding.has(group)) continue
      would.push({ group, count: rows.length, timeMs })
      if (samples.length < SAMPLES) samples.push(...rows)
    }
    holding = new Set(groups.map(({ group }) => group))
  }
  const partly = looked.size < all || stepMs > rule.query.windowMs
  return { would, samples, truncated: truncated || partly, windows: { all, looked: looked.size } }
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
  for (const { group, count } of would) {
    const sum = groups.get(group) ?? { rows: 0, alerts: 0 }
    groups.set(group, { rows: sum.rows + count, alerts: sum.alerts + 1 })
  }
  return [...groups]
    .map(([group, sum]) => ({ group, ...sum }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, GROUPS)
}
