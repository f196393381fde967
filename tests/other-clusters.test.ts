import { expect, it } from 'vitest'
import {
  both,
  disordered,
  loseApi,
  loseAudit,
  numbers,
  pidMax,
  skewed,
  throughKubelet,
  type Variant,
} from './cluster-variants.ts'
import { expectSame } from './empty-store.ts'
import { recordedCluster, tell, tellLive } from './recorded-cluster.ts'
import { leftToTell, scoreAgainstTruth } from './truth.ts'

/**
 * The recording as other clusters would have left it; `bench/other-clusters.bench.ts` has many more. The last number is
 * the least share of the entries that are left to be named which must be.
 */
const VARIANTS: readonly (readonly [string, Variant, number])[] = [
  ['records of both sides are lost, and stages', both(loseAudit(0.15, 3), loseApi(0.15, 3)), 0.8],
  [
    'another clock, small numbers of processes, disorder, entries through the kubelet',
    both(
      pidMax(4096),
      disordered(2_000),
      throughKubelet,
      skewed((sinceMs) => 60_000 + sinceMs * 0.001),
    ),
    0.95,
  ],
]

const recorded = recordedCluster()

it.each(VARIANTS)('names nobody wrong, and most, where %s', (_what, variant, atLeast) => {
  const cluster = variant(recorded)
  const score = scoreAgainstTruth(tell(cluster).sessions, leftToTell(cluster))
  expect(score).toMatchObject({ wrongNames: [], overclaimed: [], foreign: [] })
  expect(score.matched).toBeGreaterThanOrEqual(atLeast)
})

it('says the same of what arrives in pieces, out of order and twice as of everything at once', async () => {
  const cluster = both(
    loseAudit(0.1, 4),
    loseApi(0.1, 4),
    skewed(() => -3_000),
  )(recorded)
  const live = await tellLive(cluster, numbers(7))
  expectSame((table) => live.rows[table], tell(cluster).rows)
  const score = scoreAgainstTruth(live.sessions, leftToTell(cluster))
  expect(score).toMatchObject({ wrongNames: [], overclaimed: [], foreign: [] })
  expect(score.matched).toBeGreaterThanOrEqual(0.85)
})
