import { alikeRequests, alikeRoots, type EntryRoot, indexRequests, indexRoots } from './entry-root.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'

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
