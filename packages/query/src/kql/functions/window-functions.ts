import type { Scope } from '../context.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { orderBy, stored } from '../relation.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

type Window = (node: SyntaxNode, scope: Scope) => Scalar

const UP_TO_HERE = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'
const ALL = 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING'

/** Functions of the order of rows. The binder lets them stand only where the rows have one. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, Window>> = {
  row_number: (node, scope) => {
    const [first, restart] = argumentsOf(node)
    const start = first === undefined ? '1' : lowerExpression(first, scope).sql
    return scalar(`(toInt64(row_number() OVER (${order(node, scope, segment(node, restart, scope))})) + ${start} - 1)`, 'long')
  },
  prev: neighbour('lagInFrame'),
  next: neighbour('leadInFrame'),
  row_cumsum: (node, scope) => {
    const [term, restart] = argumentsOf(node)
    const value = argument(node, term, scope)
    const sum = `sum(${value.sql}) OVER (${order(node, scope, segment(node, restart, scope))} ${UP_TO_HERE})`
    // Rows without a value count as 0, also before the first one.
    return scalar(`ifNull(${sum}, 0)`, value.type)
  },
  row_rank_dense: rankDense,
  /** Its old name. */
  row_rank: rankDense,
  row_rank_min: (node, scope) => {
    const { changed, over, place } = runs(node, scope)
    return scalar(`toInt64(max(if(${changed} = 1, ${place}, 0)) OVER (${over} ${UP_TO_HERE}))`, 'long')
  },
  row_window_session: session,
}

function rankDense(node: SyntaxNode, scope: Scope): Scalar {
  const { changed, over } = runs(node, scope)
  return scalar(`toInt64(sum(${changed}) OVER (${over} ${UP_TO_HERE}))`, 'long')
}

function argument(node: SyntaxNode, given: SyntaxNode | undefined, scope: Scope): Scalar {
  if (given === undefined) throw scope.context.refuse(node, 'This function needs a column.', undefined, 'PW-QY-005')
  return plain(node, lowerExpression(given, scope), scope)
}

/** A value that is itself made of ordered rows becomes a column first. */
function plain(node: SyntaxNode, value: Scalar, scope: Scope): Scalar {
  return value.sql.includes(' OVER (') ? hoisted(node, value, scope) : value
}

function hoisted(node: SyntaxNode, value: Scalar, { hoist, context }: Scope): Scalar {
  if (hoist === undefined)
    throw context.refuse(node, 'Functions of ordered rows inside each other are supported in extend, project and where.')
  return hoist(value)
}

/** A column that grows by one with each row that starts anew. */
function segment(node: SyntaxNode, restart: SyntaxNode | undefined, scope: Scope): string | undefined {
  if (restart === undefined) return undefined
  const starts = convert(argument(node, restart, scope), 'bool', scope.context).sql
  const counted = scalar(`sum(if(ifNull(${starts}, false), 1, 0)) OVER (${order(node, scope)} ${UP_TO_HERE})`, 'long')
  return hoisted(node, counted, scope).sql
}

/** Runs of equal values: whether a run begins with a row, and the number of the row. */
function runs(node: SyntaxNode, scope: Scope): { changed: string; over: string; place: string } {
  const [term, restart] = argumentsOf(node)
  const value = argument(node, term, scope)
  const over = order(node, scope, segment(node, restart, scope))
  const place = hoisted(node, scalar(`toInt64(row_number() OVER (${over}))`, 'long'), scope).sql
  const before = hoisted(node, scalar(`lagInFrame(${stored(value)}) OVER (${over} ${ALL})`, value.type), scope).sql
  const changed = hoisted(node, scalar(`if(${place} = 1 OR ${value.sql} IS DISTINCT FROM ${before}, 1, 0)`, 'long'), scope).sql
  return { changed, over, place }
}

/** The first time of each session; a distance that is reached ends one. Source: Kusto documentation, row_window_session(). */
function session(node: SyntaxNode, scope: Scope): Scalar {
  const { context } = scope
  const [time, whole, between, restart] = argumentsOf(node)
  const value = convert(argument(node, time, scope), 'datetime', context).sql
  const [longest, gap] = [whole, between].map((one) => convert(argument(node, one, scope), 'timespan', context).sql) as [
    string,
    string,
  ]
  const ticks = hoisted(node, scalar(`reinterpret(${value}, 'Int64')`, 'timespan'), scope).sql
  const before = hoisted(node, scalar(`lagInFrame(${ticks}) OVER (${order(node, scope)} ${ALL})`, 'timespan'), scope).sql
  const starts = restart === undefined ? 'false' : convert(argument(node, restart, scope), 'bool', context).sql
  const apart = `ifNull(${starts}, false) OR isNull(${before}) OR isNull(${ticks}) OR ${ticks} - ${before} >= ${gap} OR ${ticks} < ${before}`
  const group = hoisted(node, scalar(`sum(if(${apart}, 1, 0)) OVER (${order(node, scope)} ${UP_TO_HERE})`, 'long'), scope).sql
  // Inside a run without gaps the sessions follow from each other: the first time counts until one is too far from it.
  const times = `groupArray(assumeNotNull(${ticks})) OVER (${order(node, scope, group)} ${UP_TO_HERE})`
  const first = `arrayFold((f, t) -> if(t - f >= ${longest}, t, f), ${times}, arrayElement(${times}, 1))`
  const result = `if(isNull(${ticks}), NULL, toNullable(${first}))`
  return scalar(`reinterpret(${result}, 'DateTime64(7, \\'UTC\\')')`, 'datetime')
}

function neighbour(name: string): Window {
  return (node, scope) => {
    const { context } = scope
    const [expression, offset, fallback] = argumentsOf(node)
    const value = argument(node, expression, scope)
    const by = offset === undefined ? '1' : lowerExpression(offset, scope).constant
    if (by === undefined || !/^\d+$/.test(by)) throw context.refuse(node, 'The distance must be a constant, 0 or more.')
    const other = fallback === undefined ? [] : [stored(convert(lowerExpression(fallback, scope), value.type, context))]
    const args = [stored(value), by, ...other].join(', ')
    return scalar(`${name}(${args}) OVER (${order(node, scope)} ${ALL})`, value.type)
  }
}

function order(node: SyntaxNode, { row, context }: Scope, segment?: string): string {
  if (row === undefined || row.order.length === 0)
    throw context.refuse(node, 'The rows have no order here.', 'Put sort by … before.', 'PW-QY-005')
  const apart = [...(row.partition ?? []), ...(segment === undefined ? [] : [segment])]
  return `${apart.length === 0 ? '' : `PARTITION BY ${apart.join(', ')} `}${orderBy(row.order).trim()}`
}
