import fc from 'fast-check'
import { expect, it } from 'vitest'
import { insertBatches } from './insert-batches.ts'

const sizes = (rows: readonly object[]) => [...insertBatches(rows)].map((batch) => batch.length)

it.each([
  ['nothing', [], []],
  ['one row', [{ raw: 'x' }], [1]],
  ['one row larger than a request may be', [{ raw: 'x'.repeat(20_000_000) }, { raw: 'y' }], [1, 1]],
  ['many rows', Array.from({ length: 20_001 }, () => ({ raw: '' })), [10_000, 10_000, 1]],
  ['long rows', Array.from({ length: 5 }, () => ({ argv: ['x'.repeat(5_000_000)] })), [3, 2]],
  ['many days', Array.from({ length: 120 }, (_, day) => ({ time: `${1900 + day}-01-01 00:00:00` })), [50, 50, 20]],
  ['few days, over and over', Array.from({ length: 120 }, (_, row) => ({ time: `2026-01-0${1 + (row % 9)}` })), [120]],
])('cuts %s', (_name, rows, expected) => {
  expect(sizes(rows)).toEqual(expected)
})

it('gives every row once, in order, whatever the rows', () => {
  const row = fc.record({ time: fc.string({ maxLength: 12 }), raw: fc.string(), pid: fc.integer(), argv: fc.array(fc.string()) })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      expect([...insertBatches(rows)].flat()).toEqual(rows)
    }),
  )
})
