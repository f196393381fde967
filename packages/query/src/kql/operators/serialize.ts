import type { Operator } from '../operator.ts'
import { wrap } from '../relation.ts'
import { lowerExtend } from './extend.ts'

/** `serialize`: rows without an order get one, whichever it is, so that functions of ordered rows may follow. */
export const lowerSerialize: Operator = (input, node, scope) => {
  const place = scope.context.fresh('c')
  const ordered =
    input.order.length > 0
      ? input
      : {
          ...wrap(input, `SELECT *, row_number() OVER () AS ${place} FROM (${input.sql})`),
          order: [{ sql: place, descending: false, nullsFirst: true, unique: true as const }],
        }
  return node.fields.Expressions?.items.length ? lowerExtend(ordered, node, { ...scope, row: ordered }) : ordered
}
