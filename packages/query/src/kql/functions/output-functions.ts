import { jsonString } from '../json-string.ts'
import { elements, pairs } from './json-values.ts'
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

/** Deepest nesting whose members are put in order; each level is written out in the statement. */
const MAX_LEVELS = 12

/** JSON with the members of every object in the order of their names, and without blanks. */
const sortedJson: KqlFunction = withScalars('dynamic', 'string', ([x], { context, node }) => {
  const level = (depth: number, json: string): string => {
    const nested = `(startsWith(${json}, '{') OR startsWith(${json}, '['))`
    if (depth === MAX_LEVELS) {
      const stop = context.stopIf(nested, node, `dynamic_to_json() goes down ${MAX_LEVELS} levels at most.`)
      return `if(${stop} = 0, ${json}, '')`
    }
    const [value, child] = [context.fresh('v'), context.fresh('v')]
    const members = `arraySort(${pairs(value)})`
    const children = `if(startsWith(${value}, '{'), ${members}, arrayMap(e -> ('', e), ${elements(value)}))`
    const name = `if(startsWith(${value}, '{'), concat(${jsonString(`tupleElement(${child}, 1)`)}, ':'), '')`
    const below = level(depth + 1, `trimLeft(tupleElement(${child}, 2))`)
    const inside = `arrayStringConcat(arrayMap(${child} -> concat(${name}, ${below}), ${children}), ',')`
    const [open, close] = [`substring(${value}, 1, 1)`, `if(startsWith(${value}, '{'), '}', ']')`]
    const made = `if(startsWith(${value}, '{') OR startsWith(${value}, '['), concat(${open}, ${inside}, ${close}), ${value})`
    return `arrayElement(arrayMap(${value} -> ${made}, [${json}]), 1)`
  }
  return level(0, `trimLeft(ifNull(${x?.sql}, ''))`)
})

export const OUTPUT_FUNCTIONS: KqlFunctionTable = {
  /** Ends the query with the message where the condition does not hold. */
  assert: withScalars('bool string', 'bool', (args, call) => {
    return `(${call.context.stopIf(`NOT ifNull(${args[0]?.sql}, false)`, call.node, constantAt(args, 1, call))} = 0)`
  }),
  format_bytes: formatBytes,
  dynamic_to_json: sortedJson,
}
