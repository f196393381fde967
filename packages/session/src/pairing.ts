import { type Candidate, type Confidence, state } from '@podwitness/event'
import { clientWindows, covers } from './client-windows.ts'
import { alikeRequests, alikeRoots, type EntryRoot, indexRequests, indexRoots } from './entry-root.ts'
import { allMaximumMatchings } from './matching.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS, type PairingLimits } from './pairing-limits.ts'

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
