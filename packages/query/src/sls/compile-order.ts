import type { Order } from './statement.ts'

/** Nulls come last either way, unless said otherwise. */
export function compileOrder(order: Order, sql: string): string {
  return `${sql} ${order.descending ? 'DESC' : 'ASC'} NULLS ${order.nulls === 'first' ? 'FIRST' : 'LAST'}`
}
