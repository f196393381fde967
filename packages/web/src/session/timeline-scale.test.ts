import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timelineScale } from './timeline-scale.ts'

test('is proportional to time where nothing is idle', () => {
  const scale = timelineScale([1000, 3000, 2000])
  expect([1000, 1500, 2000, 3000].map(scale.at)).toEqual([0, 0.25, 0.5, 1])
  expect(scale.idle).toEqual([])
})

test('gives an hour of idle time no more room than any other', () => {
  const scale = timelineScale([0, 1000, 3_601_000, 3_602_000])
  expect(scale.idle).toEqual([{ fromMs: 1000, toMs: 3_601_000, start: 0.475, end: 0.525 }])
  expect(scale.at(1000)).toBeCloseTo(0.475)
  expect(scale.at(3_601_500)).toBeCloseTo(0.7625)
})

test('a session of one moment, and one of none, still have a line', () => {
  expect(timelineScale([5]).at(5)).toBe(0)
  expect(timelineScale([]).at(0)).toBe(0)
  expect(timelineScale([Number.NaN, 7]).at(7)).toBe(0)
})

test('keeps the order of moments and stays on the line', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 2 }), (moments) => {
      const scale = timelineScale(moments)
      const places = moments.toSorted((a, b) => a - b).map(scale.at)
      for (const [index, place] of places.entries()) {
        expect(place).toBeGreaterThanOrEqual((places[index - 1] ?? 0) - 1e-9)
        expect(place).toBeLessThanOrEqual(1)
      }
    }),
  )
})
