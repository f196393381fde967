import { type Candidate, type Confidence, state } from '@podwitness/event'
import { allMaximumMatchings } from './matching.ts'
import { NearIndex } from './near-index.ts'
import type { ContainerOperation } from './observation.ts'

/** A program that a runtime started in a container, as pairing sees it. */
export interface EntryRoot {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly argv: readonly string[]
  readonly tty: boolean
  readonly startMs: number
  /** Whether the platform is known to run this by itself: a probe or hook of the pod specification. */
  readonly expected: boolean
}

/** Who opened a root, and how sure that is. */
export interface Pairing {
  readonly confidence: Confidence
  readonly reasons: readonly string[]
  /** The request; `null` when nobody is named or several requests of one account fit. */
  readonly operation: ContainerOperation | null
  /** Every request that may have been the one. */
  readonly operations: readonly ContainerOperation[]
  readonly candidates: readonly Candidate[]
}

/**
 * What the clocks and the client allow, milliseconds.
 *
 * The kernel stamps records with its coarse clock, up to one tick (4 ms at 250 Hz) early
 * (kernel/audit.c, ktime_get_coarse_real_ts64). The runtime needs some ten milliseconds after the
 * request, rarely a second. A client is at work before its request arrives and after its answer
 * is complete: see `clientWindow`.
 */
export interface PairingLimits {
  readonly earlyMs: number
  readonly latencyMs: number
  readonly lateMs: number
  readonly clientLeadMs: number
  readonly clientTailMs: number
}

export const PAIRING_LIMITS: PairingLimits = { earlyMs: 6, latencyMs: 1_500, lateMs: 15_000, clientLeadMs: 600, clientTailMs: 80 }

/**
 * Ties programs started in containers to the exec requests that asked for them.
 *
 * A name is given only where every way to explain the records agrees on it: among all maximum
 * one-to-one assignments that the times allow, the program is always assigned, and always to the
 * same account. Anything else is ambiguous, with all candidates.
 *
 * @param operations Exec requests of the same cluster, in any order. Requests that were refused are ignored.
 * @param offsetMs How much later than the API server's the node's clock runs.
 */
export function pairEntries(
  roots: readonly EntryRoot[],
  operations: readonly ContainerOperation[],
  offsetMs = 0,
  limits = PAIRING_LIMITS,
): Pairing[] {
  const open = operations.filter((operation) => operation.kind === 'exec' && (operation.status < 300 || operation.status === 0))
  const windows = clientWindows(open, limits)
  const requests = indexRequests(open)
  const alike = roots.map((root) => alikeRequests(root, requests, root.startMs - offsetMs, limits.lateMs + limits.clientLeadMs))
  const index = new Map(open.map((operation, at) => [operation, at]))
  const numbers = (list: readonly ContainerOperation[]): number[] => list.map((operation) => index.get(operation) ?? -1)
  const strict = alike.map((list, at) =>
    numbers(list.filter((operation) => inTime(roots[at], operation, offsetMs, limits.latencyMs, limits))),
  )
  const possible = allMaximumMatchings(strict, open.length)
  const unexplained = indexRoots(roots.filter((root, at) => !root.tty && !root.expected && strict[at]?.length === 0))
  const pairings = roots.map((root, at): Pairing => {
    const partners = (possible[at]?.partners ?? []).flatMap((right) => open[right] ?? [])
    const others = root.tty
      ? []
      : (alike[at] ?? []).filter((operation) => covers(windows.get(operation), root.startMs - offsetMs))
    const rival = !root.tty && alikeRoots(root, unexplained, limits.clientLeadMs).length > 0
    return decide(root, partners, (possible[at]?.always ?? false) && !rival, others, offsetMs)
  })
  return pairLate(roots, alike, pairings, offsetMs, limits)
}

function indexRequests(operations: readonly ContainerOperation[]): NearIndex<ContainerOperation> {
  const likeness = ({ namespace, pod, tty, command }: ContainerOperation) => ({ namespace, pod, tty, argv: command })
  return new NearIndex(operations, likeness, ({ receivedMs }) => receivedMs)
}

function indexRoots(roots: readonly EntryRoot[]): NearIndex<EntryRoot> {
  return new NearIndex(
    roots,
    (root) => root,
    ({ startMs }) => startMs,
  )
}

/** Requests for the same thing in the same place, received at most so long before or after a moment. */
function alikeRequests(
  root: EntryRoot,
  requests: NearIndex<ContainerOperation>,
  timeMs: number,
  withinMs: number,
): ContainerOperation[] {
  if (root.pod === '') return []
  return requests
    .near(root, timeMs - withinMs, timeMs + withinMs)
    .filter(({ container }) => container === '' || root.container === '' || container === root.container)
}

/** Other programs like this one that started at most so long before or after it. */
function alikeRoots(root: EntryRoot, roots: NearIndex<EntryRoot>, withinMs: number): EntryRoot[] {
  return roots
    .near(root, root.startMs - withinMs, root.startMs + withinMs)
    .filter((other) => other !== root && other.container === root.container)
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

/**
 * Whether a program can be what a request started: not before the request was received, and not
 * after it was over. Finer bounds (the upgrade of the connection, the runtime call) are left out on
 * purpose: they would name somebody on the strength of a few milliseconds between two clocks.
 */
function inTime(
  root: EntryRoot | undefined,
  operation: ContainerOperation,
  offsetMs: number,
  latencyMs: number,
  limits: PairingLimits,
): boolean {
  if (root === undefined) return false
  const startMs = root.startMs - offsetMs
  if (startMs < operation.receivedMs - limits.earlyMs) return false
  if (operation.completedMs > 0 && startMs > operation.completedMs + limits.clientTailMs) return false
  return startMs - operation.receivedMs <= latencyMs
}

interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * When the client of each request was at work: from shortly before the request arrived (a client
 * starts, reads its configuration and looks the pod up first) until shortly after the answer. A
 * client of the same account and address that was still busy bounds the beginning: people and
 * scripts run one after another.
 */
function clientWindows(operations: readonly ContainerOperation[], limits: PairingLimits): Map<ContainerOperation, Window> {
  const windows = new Map<ContainerOperation, Window>()
  for (const [, mine] of groupBy(operations, ({ user, sourceIp }) => `${user}\n${sourceIp}`)) {
    const ends = mine
      .map(({ completedMs }) => completedMs)
      .filter((end) => end > 0)
      .sort((a, b) => a - b)
    for (const operation of mine) {
      const before = lastAtMost(ends, operation.receivedMs)
      const over = operation.completedMs > 0 ? operation.completedMs : operation.receivedMs + limits.latencyMs
      windows.set(operation, {
        fromMs: Math.max(operation.receivedMs - limits.clientLeadMs, before - limits.earlyMs * 2),
        toMs: Math.min(over + limits.clientTailMs, operation.receivedMs + limits.latencyMs),
      })
    }
  }
  return windows
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

function covers(window: Window | undefined, timeMs: number): boolean {
  return window !== undefined && window.fromMs <= timeMs && timeMs <= window.toMs
}

function decide(
  root: EntryRoot,
  partners: readonly ContainerOperation[],
  always: boolean,
  others: readonly ContainerOperation[],
  offsetMs: number,
): Pairing {
  if (partners.length === 0) return { confidence: 'none', reasons: [], operation: null, operations: [], candidates: [] }
  const all = [...new Set([...partners, ...others])]
  const users = new Set(all.map(({ user }) => user))
  if (always && users.size === 1) return named(root, partners, offsetMs)
  const reason = users.size > 1 ? state('manyAccounts', { n: users.size }) : state('moreProgramsThanRequests')
  return ambiguous(root, all, reason, offsetMs)
}

function named(root: EntryRoot, partners: readonly ContainerOperation[], offsetMs: number): Pairing {
  const gaps = partners.map((operation) => gapText(root, operation, offsetMs))
  const reasons = [state('equalRequest'), gaps[0] ?? '']
  if (partners.length > 1) reasons.push(state('oneOfRequests', { n: partners.length }))
  else reasons.push(state('onlyRequest'))
  return {
    confidence: 'matched',
    reasons,
    operation: partners.length === 1 ? (partners[0] ?? null) : null,
    operations: partners,
    candidates: [],
  }
}

function ambiguous(root: EntryRoot, all: readonly ContainerOperation[], reason: string, offsetMs: number): Pairing {
  const candidates = all.map((operation) => ({
    user: operation.user,
    auditId: operation.auditId,
    reasons: [state('equalRequest'), gapText(root, operation, offsetMs)],
  }))
  return { confidence: 'ambiguous', reasons: [reason], operation: null, operations: all, candidates }
}

function gapText(root: EntryRoot, operation: ContainerOperation, offsetMs: number): string {
  const gap = Math.round(root.startMs - offsetMs - operation.receivedMs)
  return gap >= 0 ? state('startedAfter', { ms: gap }) : state('startedBefore', { ms: -gap })
}

/**
 * A second look at what is left: a slow start outside the usual latency is accepted when exactly one
 * unanswered request and one program without request fit each other.
 */
function pairLate(
  roots: readonly EntryRoot[],
  alike: readonly (readonly ContainerOperation[])[],
  pairings: Pairing[],
  offsetMs: number,
  limits: PairingLimits,
): Pairing[] {
  const taken = new Set(pairings.flatMap(({ operations }) => operations))
  const late = roots.map((root, at) =>
    pairings[at]?.confidence === 'none'
      ? (alike[at] ?? []).filter((operation) => !taken.has(operation) && inTime(root, operation, offsetMs, limits.lateMs, limits))
      : [],
  )
  const wanted = new Map<ContainerOperation, number>()
  for (const list of late) for (const operation of list) wanted.set(operation, (wanted.get(operation) ?? 0) + 1)
  return pairings.map((pairing, at) => {
    const list = late[at] ?? []
    const root = roots[at]
    if (list.length === 0 || root === undefined) return pairing
    const alone = list.length === 1 && list.every((operation) => wanted.get(operation) === 1)
    if (!alone) return ambiguous(root, list, state('lateAndUnclear'), offsetMs)
    const found = named(root, list, offsetMs)
    return { ...found, reasons: [...found.reasons, state('slowStart')] }
  })
}

/**
 * How much later the node's clock runs than the API server's, milliseconds: the median distance of
 * pairs that nothing else can explain, as far as it is outside what a start takes.
 */
export function estimateOffset(roots: readonly EntryRoot[], operations: readonly ContainerOperation[]): number {
  const gaps: number[] = []
  const requests = indexRequests(operations.filter(({ kind }) => kind === 'exec'))
  const others = indexRoots(roots)
  for (const root of roots) {
    const near = alikeRequests(root, requests, root.startMs, OFFSET_SEARCH_MS)
    const only = near[0]
    if (near.length !== 1 || only === undefined) continue
    const rivals = alikeRoots(root, others, 2 * OFFSET_SEARCH_MS).filter(
      ({ startMs }) => Math.abs(startMs - only.receivedMs) <= OFFSET_SEARCH_MS,
    )
    if (rivals.length === 0) gaps.push(root.startMs - only.receivedMs)
  }
  if (gaps.length < OFFSET_MIN_PAIRS) return 0
  gaps.sort((a, b) => a - b)
  const low = gaps[Math.floor(gaps.length * 0.05)] ?? 0
  const median = gaps[gaps.length >> 1] ?? 0
  return low < -PAIRING_LIMITS.earlyMs || median > PAIRING_LIMITS.latencyMs / 2 ? median - USUAL_START_MS : 0
}

/** Clocks further apart than this are not aligned by guessing, milliseconds. */
const OFFSET_SEARCH_MS = 10_000
const OFFSET_MIN_PAIRS = 3
/** Median time from request to program, measured on a one-node cluster, milliseconds. */
const USUAL_START_MS = 50
