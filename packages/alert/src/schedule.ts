import { Cron } from 'croner'
import type { Rule } from './rule.ts'

/**
 * When a rule is due, if it is: the newest moment of its schedule that is past and was not run. Runs that were missed are
 * made up for by this one, which sees all that has arrived since the last.
 *
 * @param lastMs When it was last due; undefined before its first run.
 */
export function dueAt(check: Rule['check'], lastMs: number | undefined, nowMs: number): number | undefined {
  if (check === 'stream') return nowMs
  if ('everyMs' in check) {
    const due = Math.floor(nowMs / check.everyMs) * check.everyMs
    return lastMs === undefined || due > lastMs ? due : undefined
  }
  const cron = new Cron(check.cron, { paused: true, timezone: 'UTC' })
  const next = cron.nextRun(new Date(lastMs ?? nowMs - 86_400_000))?.getTime()
  if (next === undefined || next > nowMs) return undefined
  // At most one a minute for as long as it may have been down, so this ends.
  let due = next
  for (let steps = 0; steps < 50_000; steps++) {
    const later = cron.nextRun(new Date(due))?.getTime()
    if (later === undefined || later > nowMs) break
    due = later
  }
  return due
}

/** Most windows that one evaluation makes up for. */
const MAX_WINDOWS = 60

/**
 * The windows a rule about a number looks at: the one that ends now, and for what came late or was missed, those that
 * ended at the steps before.
 *
 * @param oldestMs Time of the oldest event that is new; undefined where nothing is.
 */
export function windowsOf(dueMs: number, windowMs: number, oldestMs: number | undefined): { fromMs: number; toMs: number }[] {
  const windows = [{ fromMs: dueMs - windowMs, toMs: dueMs }]
  const step = Math.max(windowMs / 2, 1000)
  for (let to = dueMs - step; oldestMs !== undefined && to > oldestMs && windows.length < MAX_WINDOWS; to -= step)
    windows.push({ fromMs: to - windowMs, toMs: to })
  return windows.reverse()
}

/** Whether channels may be told now. */
export function inHours(hours: Rule['hours'], nowMs: number): boolean {
  if (hours === undefined) return true
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: hours.zone, hour: '2-digit', minute: '2-digit' }).formatToParts(
    nowMs,
  )
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0)
  const minute = (part('hour') % 24) * 60 + part('minute')
  return hours.from <= hours.to ? minute >= hours.from && minute < hours.to : minute >= hours.from || minute < hours.to
}
