import type { Scope } from '../context.ts'
import { WINDOW_FUNCTIONS } from '../functions/window-functions.ts'
import { orderBy, type Relation, stored, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/**
 * Makes expressions over rows. A function of ordered rows inside another one cannot stand in the same SELECT, so it
 * becomes a column of its own one SELECT deeper; the rows with those columns come back beside the result.
 */
export function withHoisting<T>(
  input: Relation,
  node: SyntaxNode,
  scope: Scope,
  make: (scope: Scope) => T,
): { relation: Relation; made: T } {
  let relation = callsWindow(node) ? withPlaces(input, scope) : input
  const made = make({
    ...scope,
    ...(scope.row === undefined ? {} : { row: relation }),
    hoist: (value) => {
      const name = scope.context.fresh('c')
      relation = wrap(relation, `SELECT *, ${stored(value)} AS ${name} FROM (${relation.sql})`)
      return { sql: name, type: value.type }
    },
  })
  return { relation, made }
}

function callsWindow(node: SyntaxNode): boolean {
  if (node.kind === 'FunctionCallExpression' && Object.hasOwn(WINDOW_FUNCTIONS, node.fields.Name?.text ?? '')) return true
  return Object.values(node.fields).some(callsWindow) || node.items.some(callsWindow)
}

/** Equal keys leave rows in an order that the engine may choose anew for each window, so the rows are numbered once. */
function withPlaces(input: Relation, { context }: Scope): Relation {
  const [first] = input.order
  if (first === undefined || first.unique) return input
  const place = context.fresh('c')
  return {
    ...wrap(input, `SELECT *, row_number() OVER (${orderBy(input.order).trim()}) AS ${place} FROM (${input.sql})`),
    order: [{ sql: place, descending: false, nullsFirst: true, unique: true }],
  }
}
