import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'
import type { PluginCall } from './plugin.ts'

/** A column of times or numbers that is cut into steps; inside it is a number, ticks for a time. */
export interface Timeline {
  readonly number: string
  /** A fixed argument as a number on the line. */
  at(value: Scalar): string
  /** A fixed argument as a length on the line. */
  length(value: Scalar): string
  /** A number on the line as the column's own value. */
  shown(number: string): string
  /** The start of the step a number is in, counted from `origin`. */
  step(number: string, origin: string, size: string): string
}

const LONGEST_NAMES = ['week', 'month', 'year']

/** The timeline of a plugin's argument; refuses columns that have no steps. */
export function timeline(value: Scalar, call: PluginCall): Timeline {
  const { context } = call.scope
  const length = (given: Scalar): string => lengthOf(given, value, call)
  if (value.type === 'datetime')
    return {
      number: toTicks(value.sql),
      at: (given) => `assumeNotNull(${toTicks(convert(given, 'datetime', context).sql)})`,
      length,
      shown: fromTicks,
      step: wholeStep,
    }
  if (value.type !== 'long' && value.type !== 'int' && value.type !== 'real' && value.type !== 'timespan')
    throw context.refuse(call.node, `A column of type ${value.type} is no timeline.`, undefined, 'PW-QY-005')
  const { type } = value
  return {
    number: value.sql,
    at: (given) => `assumeNotNull(${convert(given, type, context).sql})`,
    length,
    shown: (number) => `toNullable(${number})`,
    step: type === 'real' ? realStep : wholeStep,
  }
}

function lengthOf(given: Scalar, line: Scalar, { scope, node }: PluginCall): string {
  const { context }: { context: KqlContext } = scope
  if (given.type === 'string' || LONGEST_NAMES.includes(given.constant ?? ''))
    throw context.refuse(node, 'Steps of a calendar are not supported here.', 'Give a length, e.g. 7d.')
  const type = line.type === 'datetime' ? 'timespan' : line.type
  return `assumeNotNull(${convert(given, type, context).sql})`
}

/** Ticks are too many for a real to hold them all. */
const wholeStep = (number: string, origin: string, size: string): string =>
  `(${number} - positiveModulo(${number} - ${origin}, ${size}))`
const realStep = (number: string, origin: string, size: string): string =>
  `(${origin} + floor((${number} - ${origin}) / ${size}) * ${size})`

/** Most steps a plugin goes through. */
const MAX_STEPS = 10_000

/** The starts of the steps from `first` to `last`, both included. */
export function stepsBetween(first: string, last: string, size: string, { scope, node }: PluginCall): string {
  const stop = (test: string): string => scope.context.stopIf(test, node, `A plugin goes through ${MAX_STEPS} steps at most.`)
  const count = `greatest(toInt64(floor((${last} - ${first}) / ${size})) + 1, 0)`
  return `arrayMap(i -> ${first} + i * ${size}, range(toUInt64(${count} + ${stop(`${count} > ${MAX_STEPS}`)})))`
}
