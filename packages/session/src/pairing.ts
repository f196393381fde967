import { type Candidate, type Confidence, state } from '@podwitness/event'
import { accountOf } from './account.ts'
import { clientWindows, covers, type Window } from './client-windows.ts'
import { alikeRequests, alikeRoots, type EntryRoot, indexRequests, indexRoots } from './entry-root.ts'
import { allMaximumMatchings } from './matching.ts'
import type { NearIndex } from './near-index.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS, type PairingLimits } from './pairing-limits.ts'
import { leavesNoTurnOut, regularGapMs } from './regular-gap.ts'
import { lastMomentOf } from './request-end.ts'

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
 * @param roots `startMs` by the API server's clock, as far as the node's is known.
 * @param operations Exec requests of the same cluster, in any order. Requests that were refused are ignored.
 */
export function pairEntries(
  roots: readonly EntryRoot[],
  operations: readonly ContainerOperation[],
  limits: PairingLimits = PAIRING_LIMITS,
): Pairing[] {
  return new Pairs(roots, operations, limits).pair()
}

class Pairs {
  readonly #roots: readonly EntryRoot[]
  readonly #limits: PairingLimits
  readonly #windows: ReadonlyMap<ContainerOperation, Window>
  readonly #requests: NearIndex<ContainerOperation>
  readonly #others: NearIndex<EntryRoot>
  readonly #unexplained: NearIndex<EntryRoot>
  /** What every program may be the answer to, by time as well. */
  readonly #partners: readonly (readonly ContainerOperation[])[]
  readonly #always: readonly boolean[]
  /** Requests that have a certain answer, and programs that are one. */
  readonly #answered = new Set<ContainerOperation>()
  readonly #answers = new Set<EntryRoot>()
  /** What starts took that took long and can be the answer to one request only. */
  readonly #latencies: { readonly timeMs: number; readonly latencyMs: number }[] = []

  constructor(roots: readonly EntryRoot[], operations: readonly ContainerOperation[], limits: PairingLimits) {
    const open = operations.filter(({ kind, status }) => kind === 'exec' && status < 300)
    this.#roots = roots
    this.#limits = limits
    this.#windows = clientWindows(open, limits)
    this.#requests = indexRequests(open)
    this.#others = indexRoots(roots)
    const index = new Map(open.map((operation, at) => [operation, at]))
    const strict = roots.map((root) =>
      this.#alike(root, limits.lateMs)
        .filter((operation) => this.#inTime(root, operation, waitsFor(operation, limits)))
        .map((operation) => index.get(operation) ?? -1),
    )
    const possible = allMaximumMatchings(strict, open.length)
    this.#partners = possible.map(({ partners }) => partners.flatMap((right) => open[right] ?? []))
    this.#always = possible.map(({ always }) => always)
    this.#unexplained = indexRoots(roots.filter((root, at) => !root.tty && !root.expected && strict[at]?.length === 0))
    roots.forEach((root, at) => {
      const only = this.#partners[at]?.length === 1 && this.#always[at] === true ? this.#partners[at]?.[0] : undefined
      if (only === undefined) return
      this.#answered.add(only)
      this.#answers.add(root)
      const latencyMs = root.startMs - only.receivedMs
      if (latencyMs > limits.latencyMs / 2 && strict[at]?.length === 1) this.#latencies.push({ timeMs: root.startMs, latencyMs })
    })
  }

  pair(): Pairing[] {
    return this.#pairLate(this.#roots.map((root, at) => this.#decide(root, at)))
  }

  #alike(root: EntryRoot, withinMs: number): ContainerOperation[] {
    return alikeRequests(root, this.#requests, root.startMs, withinMs + this.#limits.clientLeadMs)
  }

  /**
   * Whether a program can be what a request started: not before the request was received, and not
   * after it was over. Finer bounds (the upgrade of the connection, the runtime call) are left out on
   * purpose: they would name somebody on the strength of a few milliseconds between two clocks.
   */
  #inTime({ startMs, withinMs }: EntryRoot, operation: ContainerOperation, latencyMs: number): boolean {
    if (startMs < operation.receivedMs - this.#limits.earlyMs - withinMs) return false
    if (operation.completedMs > 0 && startMs > lastMomentOf(operation) + this.#limits.clientTailMs + withinMs) return false
    return startMs - operation.receivedMs <= latencyMs
  }

  #decide(root: EntryRoot, at: number): Pairing {
    const partners = this.#partners[at] ?? []
    const doubtful = this.#doubtful(root)
    if (doubtful.length > 0) return ambiguous(root, [...new Set([...partners, ...doubtful])], state('clockUnknown'))
    if (partners.length === 0) return NOBODY
    const far = this.#farRivals(root, partners)
    if (far.length > 0) return ambiguous(root, [...partners, ...far], state('clockUnknown'))
    const others = root.tty
      ? []
      : this.#alike(root, this.#limits.lateMs).filter((operation) => covers(this.#windows.get(operation), root.startMs))
    const all = [...new Set([...partners, ...others])]
    const accounts = new Set(all.map(accountOf))
    const rival = !root.tty && alikeRoots(root, this.#unexplained, this.#limits.clientLeadMs).length > 0
    if (partners.every(({ receivedMs }) => root.startMs - receivedMs > this.#usualMs(root))) return NOBODY
    if (this.#always[at] === true && !rival && accounts.size === 1)
      return this.#mayBeUnasked(root) ? ambiguous(root, all, state('runsUnasked')) : named(root, partners)
    const reason = accounts.size > 1 ? state('manyAccounts', { n: accounts.size }) : state('moreProgramsThanRequests')
    return ambiguous(root, all, reason)
  }

  /**
   * Requests that may be meant where the clocks are not known to agree: those near enough, unless one account made all
   * of them or every one of them has its answer. Then order decides, whatever the clocks say.
   */
  #doubtful(root: EntryRoot): readonly ContainerOperation[] {
    if (root.clockSure) return []
    const near = alikeRequests(root, this.#requests, root.startMs, this.#limits.skewMs)
    const early = near.every(({ receivedMs }) => receivedMs > root.startMs + this.#limits.earlyMs)
    if (near.length === 0 || (new Set(near.map(accountOf)).size === 1 && !early)) return []
    const settled =
      near.every((operation) => this.#answered.has(operation)) &&
      (root.expected || (this.#answers.has(root) && this.#allAnswers(root)))
    return settled ? [] : near
  }

  /**
   * Requests of other accounts for the same that nothing answers, far away by clocks that nothing compares: the program
   * may be theirs, and the request that fits by time may have started nothing.
   */
  #farRivals(root: EntryRoot, partners: readonly ContainerOperation[]): readonly ContainerOperation[] {
    const [first] = partners
    if (root.clockSure || root.expected || first === undefined) return []
    return alikeRequests(root, this.#requests, root.startMs, this.#limits.farMs).filter(
      (operation) => !this.#answered.has(operation) && !partners.includes(operation) && accountOf(operation) !== accountOf(first),
    )
  }

  /**
   * How long starts take at most at that moment: as limited, or where several that can be nothing else took longer, up to
   * twice what they took. What is slower is looked at again, when all others have their requests.
   */
  #usualMs({ startMs }: EntryRoot): number {
    const near = this.#latencies.filter(({ timeMs }) => Math.abs(timeMs - startMs) <= SLOW_WITHIN_MS && timeMs !== startMs)
    const slow = near.map(({ latencyMs }) => latencyMs).sort((a, b) => b - a)[SLOW_AGREEING - 1] ?? 0
    return Math.max(this.#limits.latencyMs, 2 * slow)
  }

  /**
   * Whether a program may be what runs here without being asked for, a probe, a hook or a client's of the node: unless all turns of that are seen
   * beside this one, the program that was asked for may be one whose records are lost.
   */
  #mayBeUnasked(root: EntryRoot): boolean {
    if (root.byClient) return true
    if (root.tty) return false
    const regular = (): boolean =>
      regularGapMs(alikeRoots(root, this.#unexplained, TURNS_WITHIN_MS).map(({ startMs }) => startMs)) !== null
    if (!root.expected && !regular()) return false
    const others = alikeRoots(root, this.#others, TURNS_WITHIN_MS).filter((other) => !this.#answers.has(other))
    return !leavesNoTurnOut(
      others.map(({ startMs }) => startMs),
      root.startMs,
    )
  }

  #allAnswers(root: EntryRoot): boolean {
    return alikeRoots(root, this.#others, this.#limits.skewMs).every((other) => this.#answers.has(other))
  }

  /**
   * A second look at what is left: a start outside the usual latency is taken for slow where one unanswered request and
   * one program without request fit each other, and nothing near speaks of records that are missing.
   */
  #pairLate(pairings: Pairing[]): Pairing[] {
    const taken = new Set(pairings.flatMap(({ operations }) => operations))
    const late = this.#roots.map((root, at) =>
      pairings[at]?.confidence === 'none'
        ? this.#alike(root, this.#limits.lateMs).filter(
            (operation) => !taken.has(operation) && this.#inTime(root, operation, this.#limits.lateMs),
          )
        : [],
    )
    const wanted = new Map<ContainerOperation, number>()
    for (const list of late) for (const operation of list) wanted.set(operation, (wanted.get(operation) ?? 0) + 1)
    const lonely = late.some((list) => list.length > 0) ? this.#withoutCounterpart(pairings, taken) : []
    const isWhole = ({ startMs }: EntryRoot): boolean =>
      lonely.every((moments) => moments.filter((timeMs) => Math.abs(timeMs - startMs) <= this.#limits.lateMs).length <= 1)
    return pairings.map((pairing, at) => {
      const list = late[at] ?? []
      const root = this.#roots[at]
      if (list.length === 0 || root === undefined) return pairing
      const [only] = list
      const alone = only !== undefined && list.length === 1 && wanted.get(only) === 1
      if (!alone || root.expected || only.completedMs === 0 || !isWhole(root))
        return ambiguous(root, list, state('lateAndUnclear'))
      const found = named(root, list)
      return { ...found, reasons: [...found.reasons, state('slowStart')] }
    })
  }

  /** Moments of requests for these programs' pods, and of programs, that have no counterpart. */
  #withoutCounterpart(pairings: readonly Pairing[], taken: ReadonlySet<ContainerOperation>): number[][] {
    const pods = new Set(this.#roots.map(({ namespace, pod }) => `${namespace}/${pod}`))
    const requests = [...this.#windows.keys()].filter(
      (request) => !taken.has(request) && pods.has(`${request.namespace}/${request.pod}`),
    )
    const roots = this.#roots.filter((root, at) => !root.expected && pairings[at]?.confidence === 'none')
    return [requests.map(({ receivedMs }) => receivedMs), roots.map(({ startMs }) => startMs)]
  }
}

/** So many slow starts within so long, milliseconds, say that starts are slow. */
const SLOW_AGREEING = 3
const SLOW_WITHIN_MS = 60_000
/** How far away turns of what runs regularly are looked for, milliseconds. */
const TURNS_WITHIN_MS = 600_000

/**
 * How long after a request its program may start, milliseconds. A client that waited and left was waiting for it; one
 * that stayed may have been served at once, so that only a usual start is taken for its.
 */
function waitsFor({ receivedMs, completedMs }: ContainerOperation, { latencyMs, lateMs }: PairingLimits): number {
  return completedMs > 0 && completedMs - receivedMs <= lateMs ? lateMs : latencyMs
}

const NOBODY: Pairing = { confidence: 'none', reasons: [], operation: null, operations: [], candidates: [] }

function named(root: EntryRoot, partners: readonly ContainerOperation[]): Pairing {
  const gaps = partners.map((operation) => gapText(root, operation))
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

function ambiguous(root: EntryRoot, all: readonly ContainerOperation[], reason: string): Pairing {
  const candidates = all.map((operation) => ({
    user: operation.user,
    auditId: operation.auditId,
    reasons: [state('equalRequest'), gapText(root, operation)],
  }))
  return { confidence: 'ambiguous', reasons: [reason], operation: null, operations: all, candidates }
}

function gapText(root: EntryRoot, operation: ContainerOperation): string {
  const gap = Math.round(root.startMs - operation.receivedMs)
  return gap >= 0 ? state('startedAfter', { ms: gap }) : state('startedBefore', { ms: -gap })
}
