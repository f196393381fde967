import { expect, it } from 'vitest'
import { END, optional, withoutUnused } from './unused-columns.ts'

const scan = `SELECT ${optional('a', 'c1')}, ${optional('b', 'c2')}, ${optional('c', 'c2r')}, ${END} FROM t`

it.each([
  [`SELECT c2 FROM (${scan})`, 'SELECT c2 FROM (SELECT b AS c2 FROM t)'],
  [
    `SELECT c1 FROM (SELECT * FROM (${scan}) WHERE c2r = 1)`,
    'SELECT c1 FROM (SELECT * FROM (SELECT a AS c1, c AS c2r FROM t) WHERE c2r = 1)',
  ],
  [`SELECT count() FROM (${scan})`, 'SELECT count() FROM (SELECT 1 AS none FROM t)'],
  // The same rows twice, and each name only where it is made.
  [
    `SELECT c12 FROM (${scan}) WHERE 1 IN (SELECT 1 FROM (${scan}))`,
    'SELECT c12 FROM (SELECT 1 AS none FROM t) WHERE 1 IN (SELECT 1 FROM (SELECT 1 AS none FROM t))',
  ],
  ['SELECT 1', 'SELECT 1'],
])('row %#', (sql, expected) => expect(withoutUnused(sql)).toBe(expected))
