import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GapTracker, sizeOf } from './gap-tracker.ts'

const lost = (gaps: GapTracker): number => gaps.lost(Number.POSITIVE_INFINITY).reduce((sum, hole) => sum + sizeOf(hole), 0)

it('counts what never came, in whatever order the others did', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 200 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (order, base) => {
        const gaps = new GapTracker(base)
        for (const seq of order) gaps.note((base + seq) % 2 ** 32, 5, 5)
        expect(lost(gaps)).toBe(Math.max(0, ...order) - order.length)
      },
    ),
  )
})

it('does not call a new boot a loss', () => {
  const gaps = new GapTracker()
  gaps.note(90_000_000, 1, 1)
  gaps.note(7, 2, 2)
  gaps.note(8, 3, 3)
  expect(lost(gaps)).toBe(0)
  expect(gaps.highest).toBe(8)
})

it('waits for what may still come', () => {
  const gaps = new GapTracker()
  gaps.note(10, 100, 1000)
  gaps.note(14, 200, 2000)
  expect(gaps.lost(1999)).toEqual([])
  gaps.note(12, 150, 2100)
  expect(gaps.missing).toBe(2)
  expect(gaps.lost(2000)).toMatchObject([
    { first: 11, last: 11, sinceMs: 100, untilMs: 200 },
    { first: 13, last: 13 },
  ])
  expect(gaps.missing).toBe(0)
})

it('is bounded: the oldest holes are given up early', () => {
  const gaps = new GapTracker(0)
  for (let seq = 2; seq < 12_000; seq += 2) gaps.note(seq, seq, seq)
  expect(gaps.lost(0).length).toBe(5999 - 4096)
})

it('gives what was missing before a restart its time to come, and then counts it once', () => {
  const before = new GapTracker()
  for (const seq of [10, 14, 12, 20]) before.note(seq, 100 + seq, 1000)
  const after = new GapTracker(before.highest, before.holes, 5000)
  after.note(16, 116, 5100)
  after.note(21, 121, 5100)
  expect(after.lost(4999)).toEqual([])
  expect(after.lost(5000).map(({ first, last }) => [first, last])).toEqual([
    [11, 11],
    [13, 13],
    [15, 15],
    [17, 19],
  ])
})
