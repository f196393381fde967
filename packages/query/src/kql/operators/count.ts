import type { Operator } from '../operator.ts'

export const lowerCount: Operator = (input, _, { context }) => {
  const sql = context.fresh('c')
  const columns = [{ name: 'Count', type: 'long' as const, sql }]
  const { partition } = input
  const by =
    partition === undefined
      ? { list: '', group: '' }
      : { list: `${partition.join(', ')}, `, group: ` GROUP BY ${partition.join(', ')}` }
  return {
    sql: `SELECT ${by.list}toNullable(toInt64(count())) AS ${sql} FROM (${input.sql})${by.group}`,
    columns,
    order: [],
    depth: input.depth + 1,
    ...(partition === undefined ? {} : { partition }),
  }
}
