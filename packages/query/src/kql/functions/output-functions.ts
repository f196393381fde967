import type { Scalar } from '../expressions/scalar.ts'
import { constantAt, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']
const UNIT_NAMES = `[${UNITS.map((name) => `'${name}'`).join(', ')}]`

/** The unit that is asked for, or else the largest that leaves at least one before the point. */
const formatBytes: KqlFunction = withScalars('real long? string?', 'string', ([size, digits, unit], { context }) => {
  const power = `toUInt8(least(greatest(floor(log2(greatest(abs(ifNull(${size?.sql}, 0)), 1)) / 10), 0), ${UNITS.length - 1}))`
  const asked = unit === undefined ? '0' : `indexOf(arrayMap(u -> upper(u), ${UNIT_NAMES}), upper(${unit.sql}))`
  return context.once(`if(${asked} > 0, toUInt8(${asked} - 1), ${power})`, (p) => {
    const number = `round(${size?.sql} / pow(1024, ${p}), ${digits === undefined ? '0' : `toInt16(ifNull(${digits.sql}, 0))`})`
    return `concat(toString(${number}), ' ', ${UNIT_NAMES}[${p} + 1])`
  })
})

/** JSON with the members of every object in the order of their names; the engine cannot sort them at every depth. */
const sortedJson: KqlFunction = withScalars('dynamic', 'string', ([x], { context, node }) => {
  const constant = (x as Scalar).constant
  if (constant === undefined)
    throw context.refuse(
      node,
      'dynamic_to_json() of a column is not supported.',
      'Use tostring(), which keeps the order of members.',
    )
  return context.string(JSON.stringify(sorted(JSON.parse(constant))))
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export const OUTPUT_FUNCTIONS: KqlFunctionTable = {
  /** Ends the query with the message where the condition does not hold. */
  assert: withScalars('bool string', 'bool', (args, call) => {
    return `(${call.context.stopIf(`NOT ifNull(${args[0]?.sql}, false)`, call.node, constantAt(args, 1, call))} = 0)`
  }),
  format_bytes: formatBytes,
  dynamic_to_json: sortedJson,
}
