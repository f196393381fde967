import { hashesOf } from '../functions/sketch-functions.ts'
import { type Column, wrap } from '../relation.ts'
import { type Plugin, rowArgument } from './plugin.ts'

/** `dcount_intersect(hll_1, hll_2, …)`: how many values are in the first set, in the first two, in the first three, …. */
export const dcountIntersect: Plugin = (input, call) => {
  const { context } = call.scope
  if (call.args.length < 2 || call.args.length > 16)
    throw context.refuse(call.node, 'dcount_intersect() takes 2 to 16 sets.', undefined, 'PW-QY-005')
  const sets = call.args.map((_, at) => hashesOf(rowArgument(call, at).sql))
  const made = sets.map((_, at): Column => ({ name: `s${at}`, type: 'long', sql: context.fresh('c') }))
  const list = made.map(({ sql }, at) => {
    const inside = sets.slice(0, at + 1)
    const common = at === 0 ? inside[0] : `arrayIntersect(${inside.join(', ')})`
    return `toNullable(toInt64(length(${common}))) AS ${sql}`
  })
  const counted = wrap(input, `SELECT *, ${list.join(', ')} FROM (${input.sql})`)
  const byName = new Map([...input.columns, ...made].map((column) => [column.name, column]))
  return { ...counted, columns: call.result.flatMap(({ name }) => byName.get(name) ?? []) }
}
