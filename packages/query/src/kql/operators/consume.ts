import type { Operator } from '../operator.ts'

/** `consume`: every row is computed, none is shown. */
export const lowerConsume: Operator = (input) => ({
  sql: `SELECT count() FROM (SELECT * FROM (${input.sql})) HAVING count() < 0`,
  columns: [],
  order: [],
  depth: input.depth + 2,
})
