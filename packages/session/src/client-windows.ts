import type { ContainerOperation } from './observation.ts'
import type { PairingLimits } from './pairing-limits.ts'
import { lastMomentOf } from './request-end.ts'

/** A span of time, both ends included, milliseconds. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * When the client of each request was at work: from shortly before the request arrived (a client
 * starts, reads its configuration and looks the pod up first) until shortly after the answer. A
 * client of the same account and address that was still busy bounds the beginning: people and
 * scripts run one after another, unless the log shows that they do not.
 */
export function clientWindows(operations: readonly ContainerOperation[], limits: PairingLimits): Map<ContainerOperation, Window> {
  const windows = new Map<ContainerOperation, Window>()
  for (const [, mine] of groupBy(operations, ({ user, sourceIp }) => `${user}\n${sourceIp}`)) {
    const ends = mine
      .map(({ completedMs }) => completedMs)
      .filter((end) => end > 0)
      .sort((a, b) => a - b)
    const crossings = crossingsOf(mine, limits)
    for (const operation of mine) {
      const { receivedMs, withinMs = 0 } = operation
      const alone = lastAtMost(crossings, receivedMs + PARALLEL_MS) < receivedMs - PARALLEL_MS
      const before = alone ? lastAtMost(ends, receivedMs) - limits.earlyMs * 2 - withinMs : Number.NEGATIVE_INFINITY
      const over = operation.completedMs > 0 ? lastMomentOf(operation) : operation.receivedMs + limits.latencyMs
      windows.set(operation, {
        fromMs: Math.max(receivedMs - limits.clientLeadMs, before),
        toMs: Math.min(over + limits.clientTailMs, operation.receivedMs + limits.latencyMs),
      })
    }
  }
  return windows
}

/** Clients of one account that cross so near to a request, milliseconds, say that several are at work at once. */
const PARALLEL_MS = 5_000

/** Moments at which a client began while another one of the same was at work, in order; shells that stay open do not count. */
function crossingsOf(operations: readonly ContainerOperation[], { lateMs }: PairingLimits): number[] {
  const brief = operations.filter(
    ({ tty, receivedMs, completedMs }) => !tty && completedMs > 0 && completedMs - receivedMs <= lateMs,
  )
  const found: number[] = []
  let busyUntilMs = Number.NEGATIVE_INFINITY
  for (const { receivedMs, completedMs } of brief.sort((a, b) => a.receivedMs - b.receivedMs)) {
    if (receivedMs < busyUntilMs) found.push(receivedMs)
    busyUntilMs = Math.max(busyUntilMs, completedMs)
  }
  return found
}

function lastAtMost(sorted: readonly number[], bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= bound) low = middle + 1
    else high = middle
  }
  return sorted[low - 1] ?? Number.NEGATIVE_INFINITY
}

/** Whether a moment lies in a window. */
export function covers(window: Window | undefined, timeMs: number): boolean {
  return window !== undefined && window.fromMs <= timeMs && timeMs <= window.toMs
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
