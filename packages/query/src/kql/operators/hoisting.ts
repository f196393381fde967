import type { Scope } from '../context.ts'
import { type Relation, stored, wrap } from '../relation.ts'

/**
 * Makes expressions over rows. A function of ordered rows inside another one cannot stand in the same SELECT, so it
 * becomes a column of its own one SELECT deeper; the rows with those columns come back beside the result.
 */
export function withHoisting<T>(input: Relation, scope: Scope, make: (scope: Scope) => T): { relation: Relation; made: T } {
  let relation = input
  const made = make({
    ...scope,
    hoist: (value) => {
      const name = scope.context.fresh('c')
      relation = wrap(relation, `SELECT *, ${stored(value)} AS ${name} FROM (${relation.sql})`)
      return { sql: name, type: value.type }
    },
  })
  return { relation, made }
}
