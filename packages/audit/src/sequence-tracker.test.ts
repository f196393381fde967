import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SequenceTracker } from './sequence-tracker.ts'

/** Serials from `first` on, some left out, neighbours having overtaken each other. */
const arrivals = fc
  .record({
    first: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    kept: fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }),
    jump: fc.integer({ min: 0, max: 20_000 }),
    swaps: fc.array(fc.nat(299), { maxLength: 100 }),
  })
  .map(({ first, kept, jump, swaps }) => {
    const offsets = [...kept.keys()].filter((i) => i === 0 || kept[i]).map((i) => (i > kept.length / 2 ? i + jump : i))
    for (const at of swaps) {
      const [a, b] = [offsets[at], offsets[at + 1]]
      if (at > 0 && a !== undefined && b !== undefined && Math.abs(b - a) < 4000) [offsets[at], offsets[at + 1]] = [b, a]
    }
    return { first, offsets }
  })

it('counts what is missing between the first and the last serial, in whatever order, across 2^32', () => {
  fc.assert(
    fc.property(arrivals, ({ first, offsets }) => {
      const tracker = new SequenceTracker()
      for (const offset of offsets) tracker.note('n', (first + offset) % 2 ** 32)
      expect(tracker.total(true)).toBe(Math.max(...offsets) + 1 - new Set(offsets).size)
      const [gaps] = tracker.gaps().values()
      expect(gaps?.boots).toBe(1)
      expect(gaps?.missing).toBeLessThanOrEqual(tracker.total(true))
    }),
    { numRuns: 200 },
  )
})

it('ends the holes of a boot when serials begin again', () => {
  const tracker = new SequenceTracker()
  for (const seq of [5_000_000, 5_000_002, 5_000_005, 1, 2, 4]) tracker.note(null, seq)
  expect(tracker.gaps().get('')).toEqual({ missing: 3, boots: 2 })
  expect(tracker.total(true)).toBe(4)
  tracker.note(null, 3)
  expect(tracker.total(true)).toBe(3)
})
