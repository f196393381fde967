import type { Operator } from './operator.ts'

export const lowerCount: Operator = (input, _, { context }) => {
  const sql = context.fresh('c')
  const columns = [{ name: 'Count', type: 'long' as const, sql }]
  return { sql: `SELECT toNullable(toInt64(count())) AS ${sql} FROM (${input.sql})`, columns, order: [], depth: input.depth + 1 }
}
