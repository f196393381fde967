import { timespanTicks } from '../date-text.ts'
import { jsonString } from '../json-string.ts'
import type { KqlType } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { constantScalar } from '../values/literal.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const to = (type: KqlType): KqlFunction => fn(type, type, ([x]) => x ?? 'NULL')

/** Constants are read here, so that all forms of a date count and a wrong one is null. */
const toDatetime: KqlFunction = withScalars('any', 'datetime', ([x], { context, node }) => {
  if (x?.type === 'string' && x.constant !== undefined) {
    try {
      return constantScalar(x.constant, 'datetime', context, node).sql
    } catch {
      return convert({ ...x, constant: undefined }, 'datetime', context).sql
    }
  }
  return convert(x as Scalar, 'datetime', context).sql
})
const toTimespan: KqlFunction = withScalars('any', 'timespan', ([x], { context }) => {
  const ticks = x?.type === 'string' && x.constant !== undefined ? timespanTicks(x.constant) : undefined
  return ticks === undefined ? convert(x as Scalar, 'timespan', context).sql : context.integer(ticks)
})

/** Text that is JSON becomes the value it says; other text becomes a dynamic text. */
const parseJson: KqlFunction = withScalars('any', 'dynamic', ([x], { context }) => {
  if (x?.type !== 'string') return convert(x as Scalar, 'dynamic', context).sql
  return context.once(
    x.sql,
    (text) =>
      `multiIf(${text} = '', NULL, isValidJSON(${text}), nullIf(trimBoth(${text}), 'null'), toNullable(${jsonString(text)}))`,
  )
})

export const CONVERSION_FUNCTIONS: KqlFunctionTable = {
  tostring: to('string'),
  toint: to('int'),
  tolong: to('long'),
  toreal: to('real'),
  todouble: to('real'),
  todecimal: to('decimal'),
  tobool: to('bool'),
  toboolean: to('bool'),
  toguid: to('guid'),
  todatetime: toDatetime,
  totimespan: toTimespan,
  totime: toTimespan,
  parse_json: parseJson,
  parsejson: parseJson,
  todynamic: parseJson,
  toobject: parseJson,
}
