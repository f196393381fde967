import { lowerExpression } from '../lower.ts'
import { stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { fixedArgument, type Plugin, type PluginCall, rowArgument, shaped } from './plugin.ts'
import { timeline } from './timeline.ts'

/**
 * `sequence_detect(time, step, span, name = condition, …, dimensions…)`: every way to pick one row for each condition, each later
 * than the one before by no more than `step`, and the last later than the first by no more than `span`.
 */
export const sequenceDetect: Plugin = (input, call) => {
  const { scope, node } = call
  const { context } = scope
  const line = timeline(rowArgument(call, 0), call)
  const [step, span] = [line.length(fixedArgument(call, 1)), line.length(fixedArgument(call, 2))]
  const given = call.args.slice(3)
  const conditions = given.filter((argument) => isCondition(argument, call))
  const dimensions = given
    .filter((argument) => !conditions.includes(argument))
    .map((argument) => lowerExpression(argument, scope))
  if (conditions.length === 0) throw context.refuse(node, 'sequence_detect() needs conditions.', undefined, 'PW-QY-005')
  const keys = dimensions.map((value) => ({ sql: context.fresh('d'), value: stored(value) }))
  const steps = conditions.map((condition) => ({
    list: context.fresh('l'),
    at: context.fresh('t'),
    test: `ifNull(${convert(lowerExpression(condition, scope), 'bool', context).sql}, false)`,
  }))
  const number = `assumeNotNull(${line.number})`
  const lists = steps.map(({ list, test }) => `arraySort(groupUniqArrayIf(${number}, ${test})) AS ${list}`)
  const by = keys.length === 0 ? '' : ` GROUP BY ${keys.map(({ sql }) => sql).join(', ')}`
  let sql = `SELECT ${[...keys.map((key) => `${key.value} AS ${key.sql}`), ...lists].join(', ')} FROM (${input.sql}) WHERE isNotNull(${line.number})${by}`
  steps.forEach(({ list, at }, index) => {
    const [first, before] = [steps[0]?.at, steps[index - 1]?.at]
    const near = `x > ${before} AND x - ${before} <= ${step} AND x - ${first} <= ${span}`
    sql = `SELECT *, arrayJoin(${index === 0 ? list : `arrayFilter(x -> ${near}, ${list})`}) AS ${at} FROM (${sql})`
  })
  const duration = `toNullable(${steps.at(-1)?.at} - ${steps[0]?.at})`
  const { list, columns } = shaped([...keys.map((key) => key.sql), ...steps.map(({ at }) => line.shown(at)), duration], call)
  const order = columns.slice(keys.length, -1).map((column) => ({ sql: column.sql, descending: false, nullsFirst: true }))
  return { sql: `SELECT ${list} FROM (${sql})`, columns, order, depth: input.depth + steps.length + 2 }
}

const isCondition = (argument: SyntaxNode, { result }: PluginCall): boolean =>
  argument.kind === 'SimpleNamedExpression' || !result.some(({ name }) => name === (argument.implied || argument.text))
