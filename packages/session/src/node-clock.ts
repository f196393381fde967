import { alikeRequests, type EntryRoot, indexRequests } from './entry-root.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'
import { lastMomentOf } from './request-end.ts'

/** How a node's clock stands to the API server's at a moment. */
export interface ClockReading {
  /** How much later the node's clock runs, milliseconds. */
  readonly offsetMs: number
  /** Whether the records themselves prove it; otherwise nobody is named by a time alone. */
  readonly sure: boolean
  /** How far off the offset may be, milliseconds: nothing where the clocks agree as they are. */
  readonly withinMs: number
}

/** How far apart clocks are looked for, milliseconds: first near, and where that proves nothing, as far as clocks that nobody sets drift. */
const SEARCH_MS = 60_000
const WIDE_SEARCH_MS = 150_000
/** How many requests, nearest first, are compared with one program. */
const MAX_COMPARED = 16
/** Programs asked about a moment, nearest first, and how far away, milliseconds: clocks drift and are set. */
const MAX_VOTERS = 12
const REACH_MS = 3_600_000
/** A program with at most so many requests for the same within the search says more than one of a burst. */
const SHARP_OFFSETS = 3
/** Programs that must agree before an offset is taken for proven. */
const MIN_AGREEING = 3
/** From so many on their votes are a distribution, not a handful. */
const MANY_VOTES = 8
/** Offsets this far apart are two answers, not one, milliseconds. */
const APART_MS = PAIRING_LIMITS.latencyMs
/** A client that waited for at most so long, milliseconds, may have waited for the program to start. */
const WAITED_MS = 5_000
/** Usual time from request to program, milliseconds. */
const USUAL_START_MS = 50
const UNKNOWN: ClockReading = { offsetMs: 0, sure: false, withinMs: 0 }

/** Offsets at which a program is the answer to some request for the same, milliseconds. */
interface Voter {
  readonly timeMs: number
  readonly offsets: readonly { readonly fromMs: number; readonly toMs: number; readonly usualMs: number }[]
}

/**
 * Reads the offset between two clocks off the records: the true one puts most programs after a request for them and
 * before its end. Every program votes for all offsets that explain it; where another offset has half as many votes
 * (somebody repeats one command at a steady pace), or too few vote, nothing is proven.
 *
 * @param roots Programs with `startMs` by the node's clock.
 */
export class NodeClock {
  readonly #voters: readonly Voter[]
  readonly #sharp: readonly Voter[]
  readonly #readings = new Map<number, ClockReading>()
  readonly #wide: (() => NodeClock) | null
  readonly #searchMs: number
  #opened: NodeClock | undefined

  constructor(roots: readonly EntryRoot[], operations: readonly ContainerOperation[], searchMs: number = SEARCH_MS) {
    this.#searchMs = searchMs
    this.#wide = searchMs < WIDE_SEARCH_MS ? () => new NodeClock(roots, operations, WIDE_SEARCH_MS) : null
    const requests = indexRequests(operations.filter(({ kind, status }) => kind === 'exec' && status < 300))
    this.#voters = roots
      .filter(({ expected }) => !expected)
      .map((root) => voterOf(root, alikeRequests(root, requests, root.startMs, searchMs)))
      .filter(({ offsets }) => offsets.length > 0)
      .sort((a, b) => a.timeMs - b.timeMs)
    this.#sharp = this.#voters.filter(({ offsets }) => offsets.length <= SHARP_OFFSETS)
  }

  /** @param timeMs By the node's clock, milliseconds since the epoch. */
  at(timeMs: number): ClockReading {
    const near = this.#near(timeMs)
    if (this.#wide === null || (near.sure && near.offsetMs === 0)) return near
    this.#opened ??= this.#wide()
    const wide = this.#opened.at(timeMs)
    return wide.sure ? wide : { ...near, sure: false }
  }

  #near(timeMs: number): ClockReading {
    const nearest = nearestTo(this.#voters, timeMs)
    const voter = this.#voters[nearest]
    if (voter === undefined || Math.abs(voter.timeMs - timeMs) > REACH_MS) return UNKNOWN
    let reading = this.#readings.get(nearest)
    if (reading === undefined) {
      reading = read(this.#around(voter.timeMs), this.#searchMs)
      this.#readings.set(nearest, reading)
    }
    return reading
  }

  #around(timeMs: number): Voter[] {
    const sharp = nearest(this.#sharp, timeMs)
    return sharp.length >= MIN_AGREEING ? sharp : nearest(this.#voters, timeMs)
  }
}

/** The voters nearest to a moment, nearest first. */
function nearest(voters: readonly Voter[], timeMs: number): Voter[] {
  const at = nearestTo(voters, timeMs)
  const distance = (voter: Voter): number => Math.abs(voter.timeMs - timeMs)
  return voters
    .slice(Math.max(0, at - MAX_VOTERS), at + MAX_VOTERS + 1)
    .filter((voter) => distance(voter) <= REACH_MS)
    .sort((a, b) => distance(a) - distance(b) || a.timeMs - b.timeMs)
    .slice(0, MAX_VOTERS)
}

function nearestTo(voters: readonly Voter[], timeMs: number): number {
  let low = 0
  let high = voters.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((voters[middle]?.timeMs ?? 0) < timeMs) low = middle + 1
    else high = middle
  }
  const before = voters[low - 1]
  const after = voters[low]
  if (before === undefined || after === undefined) return before === undefined ? low : low - 1
  return timeMs - before.timeMs < after.timeMs - timeMs ? low - 1 : low
}

function voterOf({ startMs }: EntryRoot, requests: readonly ContainerOperation[]): Voter {
  const { earlyMs, latencyMs, clientTailMs } = PAIRING_LIMITS
  const offsets = requests
    .map((request) => {
      const { receivedMs, completedMs } = request
      const waited = completedMs > 0 && completedMs - receivedMs <= WAITED_MS
      const overMs = completedMs > 0 ? lastMomentOf(request) + clientTailMs : Number.POSITIVE_INFINITY
      const lastMs = waited ? overMs : Math.min(receivedMs + latencyMs, overMs)
      return { fromMs: startMs - lastMs, toMs: startMs - receivedMs + earlyMs, usualMs: startMs - receivedMs - USUAL_START_MS }
    })
    .sort((a, b) => Math.abs(a.usualMs) - Math.abs(b.usualMs))
    .slice(0, MAX_COMPARED)
  return { timeMs: startMs, offsets }
}

function read(voters: readonly Voter[], searchMs: number): ClockReading {
  const edges = [...new Set(voters.flatMap(({ offsets }) => offsets.flatMap(({ fromMs, toMs }) => [fromMs, toMs])))]
  const counted = edges.map((offsetMs) => ({ offsetMs, votes: votesFor(voters, offsetMs) }))
  const most = Math.max(0, ...counted.map(({ votes }) => votes))
  if (most < MIN_AGREEING) return UNKNOWN
  // Clocks are set right almost everywhere: a few strays do not speak against it.
  const right = votesFor(voters, 0)
  const isRight = right >= most * (most < MANY_VOTES ? 0.5 : 0.9)
  const { offsetMs, withinMs } = isRight ? { offsetMs: 0, withinMs: 0 } : usualWithin(voters, counted, most)
  const votes = votesFor(voters, offsetMs)
  const rival = counted.some((other) => Math.abs(other.offsetMs - offsetMs) > APART_MS && other.votes * 2 > votes)
  // At the end of what was searched some answers are left out, and the others are taken for the usual ones.
  const atEnd = Math.abs(offsetMs) > searchMs - 2 * APART_MS
  return { offsetMs, sure: votes >= MIN_AGREEING && !rival && !atEnd, withinMs }
}

function votesFor(voters: readonly Voter[], offsetMs: number): number {
  return voters.filter(({ offsets }) => offsets.some(({ fromMs, toMs }) => fromMs <= offsetMs && offsetMs <= toMs)).length
}

/** Of the offsets with most votes, the one by which starts take about as long as usual. */
function usualWithin(
  voters: readonly Voter[],
  counted: readonly { offsetMs: number; votes: number }[],
  most: number,
): Pick<ClockReading, 'offsetMs' | 'withinMs'> {
  const best = counted.filter(({ votes }) => votes === most).map(({ offsetMs }) => offsetMs)
  const fromMs = Math.min(...best)
  const toMs = Math.max(...best.filter((offsetMs) => offsetMs - fromMs <= APART_MS))
  const usual = voters
    .flatMap(({ offsets }) =>
      offsets.filter((offset) => offset.fromMs <= toMs && fromMs <= offset.toMs).map(({ usualMs }) => usualMs),
    )
    .sort((a, b) => a - b)
  const offsetMs = Math.round(Math.min(toMs, Math.max(fromMs, usual[usual.length >> 1] ?? fromMs)))
  // The fastest of them started after its request as well: the usual start is not known better than that.
  return { offsetMs, withinMs: Math.min(USUAL_START_MS, offsetMs - (usual[0] ?? offsetMs)) }
}
