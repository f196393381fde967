import { expect, test } from 'vitest'
import { IDLE_MS, nextSpeed, replayWaitMs } from './replay.ts'

test.each([
  [1000, 1, true, 1000],
  [1000, 4, true, 250],
  [60_000, 1, true, IDLE_MS],
  [60_000, 2, false, 30_000],
  [-5, 1, true, 0], // two records of one moment, out of order
  [Number.NaN, 1, true, 0],
])('a gap of %d ms at %d× (idle skipped: %s) takes %d ms', (gap, speed, skip, wait) =>
  expect(replayWaitMs(gap, speed, skip)).toBe(wait),
)

test.each([
  [1, 1, 2],
  [1, -1, 0.5],
  [0.5, -1, 0.5],
  [16, 1, 16],
])('from %d× by %d steps is %d×', (speed, by, next) => expect(nextSpeed(speed, by)).toBe(next))
