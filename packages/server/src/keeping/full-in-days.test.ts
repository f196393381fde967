import { expect, it } from 'vitest'
import { fullInDays } from './full-in-days.ts'

const GB = 1e9
it.each([
  ['grows for ever', [{ days: 0, bytes: 5 * GB, bytesPerDay: GB }], 10 * GB, 10],
  ['expires before the disk is full', [{ days: 7, bytes: 2 * GB, bytesPerDay: GB }], 10 * GB, null],
  ['is full before it expires', [{ days: 180, bytes: 2 * GB, bytesPerDay: GB }], 71 * GB, 71],
  [
    'is full by the one that does not expire',
    [
      { days: 7, bytes: 2 * GB, bytesPerDay: GB },
      { days: 0, bytes: 0, bytesPerDay: GB },
    ],
    10 * GB,
    5,
  ],
  ['does not grow', [{ days: 0, bytes: 5, bytesPerDay: 0 }], 1, null],
  ['is empty', [], 1, null],
  ['is full', [{ days: 0, bytes: 5 * GB, bytesPerDay: GB }], 0, 0],
  ['is full within a day', [{ days: 0, bytes: 5 * GB, bytesPerDay: GB }], 0.35 * GB, 0.3],
])('a store that %s', (_what, tables, free, days) => {
  expect(fullInDays(tables, free)).toBe(days)
})
