import { expect, test } from 'vitest'
import { contentHash } from './content-hash.ts'

const columns = [
  { name: 'n', type: 'long' },
  { name: 's', type: 'string' },
]
const HASH = contentHash({
  columns,
  rows: [
    [1, 'a'],
    [2, null],
  ],
})

test('the order of rows does not count', () =>
  expect(
    contentHash({
      columns,
      rows: [
        [2, null],
        [1, 'a'],
      ],
    }),
  ).toBe(HASH))

test.each([
  [
    'another value',
    columns,
    [
      [1, 'a'],
      [2, ''],
    ],
  ],
  [
    'a row twice',
    columns,
    [
      [1, 'a'],
      [2, null],
      [2, null],
    ],
  ],
  ['a row less', columns, [[1, 'a']]],
  [
    'values between columns',
    columns,
    [
      ['1', 'a'],
      [2, null],
    ],
  ],
  [
    'another name',
    [
      { name: 'm', type: 'long' },
      { name: 's', type: 'string' },
    ],
    [
      [1, 'a'],
      [2, null],
    ],
  ],
])('%s is another content', (_, named, rows) => expect(contentHash({ columns: named, rows })).not.toBe(HASH))
