import fc from 'fast-check'
import { expect, it } from 'vitest'
import { storeTime, timeMsOf } from './store-time.ts'

it.each([
  [0, '1970-01-01 00:00:00.000000'],
  [1795229611379, '2026-11-21 02:53:31.379000'],
  [1795229612219.899, '2026-11-21 02:53:32.219899'],
  [999.9996, '1970-01-01 00:00:01.000000'],
])('writes %d as %s', (timeMs, text) => {
  expect(storeTime(timeMs)).toBe(text)
})

it.each([
  ['2026-11-21T02:53:32.219899Z', 1795229612219.899],
  ['2026-11-21 02:53:32.219899', 1795229612219.899],
  ['2026-11-21T03:53:32+01:00', 1795229612000],
  ['2026-11-21T02:53:32.5Z', 1795229612500],
])('reads %s', (text, timeMs) => {
  expect(timeMsOf(text)).toBeCloseTo(timeMs, 3)
})

it.each(['', 'yesterday', '2026-11-21', '2026-11-21T02:53Z', '1795229612'])('does not take %j for a time', (text) => {
  expect(timeMsOf(text)).toBeNaN()
})

it('does not take for a time what begins like the one before', () => {
  expect(timeMsOf('2026-11-21 02:53:32.219899')).toBeCloseTo(1795229612219.899, 3)
  expect(timeMsOf('2026-11-21 02:53:32.21989x')).toBeNaN()
  expect(timeMsOf('2026-11-21 02:53:32.21989Z')).toBeCloseTo(1795229612219.89, 3)
  expect(timeMsOf('2026-11-21 02:53:33.000001')).toBeCloseTo(1795229613000.001, 3)
  expect(timeMsOf('2026-11-21 02:53:32.000001')).toBeCloseTo(1795229612000.001, 3)
})

it('reads back what it wrote, to the microsecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (micros) => {
      expect(Math.round(timeMsOf(storeTime(micros / 1000)) * 1000)).toBe(micros)
    }),
  )
})
