import { expect, it } from 'vitest'
import { addTold, MOST_ROWS, NO_ROWS, ratesOf, showWaiting } from './tail-rows.ts'

const told = (from: number, count: number, skipped = 0) => ({
  columns: from === 0 ? [{ name: 'n', type: 'long' }] : [],
  rows: Array.from({ length: count }, (_, at) => [from + at]),
  skipped,
  arrived: 2 * count,
})

it('shows the newest first, and what comes while paused afterwards', () => {
  const live = addTold(NO_ROWS, told(0, 2), false)
  expect(live.rows).toEqual([[1], [0]])
  const paused = addTold(live, told(2, 2, 3), true)
  expect([paused.rows, paused.waiting, paused.skipped]).toEqual([[[1], [0]], [[3], [2]], 3])
  expect(showWaiting(paused)).toMatchObject({ rows: [[3], [2], [1], [0]], waiting: [], columns: [{ name: 'n' }] })
  expect(ratesOf(paused)).toEqual({ matches: 3.5, events: 4 })
})

it('is bounded however much comes, and counts what it has no room for', () => {
  let rows = NO_ROWS
  for (let at = 0; at < 4; at++) rows = addTold(rows, told(at * 2000, 2000), false)
  expect([rows.rows.length, rows.dropped, rows.rows[0]]).toEqual([MOST_ROWS, 3000, [7999]])
  for (let at = 4; at < 8; at++) rows = addTold(rows, told(at * 2000, 2000), true)
  expect([rows.waiting.length, rows.skipped, rows.rows[0]]).toEqual([MOST_ROWS, 3000, [7999]])
  expect(showWaiting(rows)).toMatchObject({ dropped: 8000, waiting: [] })
})
