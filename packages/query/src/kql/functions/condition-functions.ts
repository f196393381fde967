import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

const as = (value: Scalar | undefined, { context, type }: KqlCall): string =>
  value === undefined ? 'NULL' : convert(value, type, context).sql

const iff = withScalars(
  'bool any any',
  'bound',
  ([test, yes, no], call) => `if(ifNull(${test?.sql}, false), ${as(yes, call)}, ${as(no, call)})`,
)

/** Conditions alternate with values; the last argument stands where none holds. */
const choose: KqlFunction = withScalars('any any any*', 'bound', (args, call) => {
  if (args.length % 2 === 0)
    throw call.context.refuse(call.node, 'case() needs a value for every condition and one more.', undefined, 'PW-QY-005')
  const parts = args.map((arg, index) =>
    index % 2 === 0 && index < args.length - 1 ? `ifNull(${convert(arg, 'bool', call.context).sql}, false)` : as(arg, call),
  )
  return `multiIf(${parts.join(', ')})`
})

const coalesce = withScalars('any any*', 'bound', (args, call) => {
  const values = args.map((arg) => as(arg, call))
  return call.type === 'string'
    ? `coalesce(${values.map((value) => `nullIf(${value}, '')`).join(', ')}, '')`
    : `coalesce(${values.join(', ')})`
})

const extreme = (name: string): KqlFunction =>
  withScalars('any any*', 'bound', (args, call) => {
    const list = `[${args.map((arg) => as(arg, call)).join(', ')}]`
    // Nulls are left out; the engine's own array functions would take them for values.
    return `arrayReduce('${name}', ${list})`
  })

const isEmpty = (negated: boolean): KqlFunction =>
  withScalars('any', 'bool', ([x], { context }) => {
    const text = x?.type === 'string' ? x.sql : `ifNull(${convert(x as Scalar, 'string', context).sql}, '')`
    return `(${text} ${negated ? '!=' : '='} '')`
  })
const isNull = (negated: boolean): KqlFunction =>
  withScalars('any', 'bool', ([x]) => (x?.type === 'string' ? String(negated) : `${negated ? 'isNotNull' : 'isNull'}(${x?.sql})`))

export const CONDITION_FUNCTIONS: KqlFunctionTable = {
  iff,
  iif: iff,
  case: choose,
  coalesce,
  max_of: extreme('max'),
  min_of: extreme('min'),
  isempty: isEmpty(false),
  isnotempty: isEmpty(true),
  notempty: isEmpty(true),
  isnull: isNull(false),
  isnotnull: isNull(true),
  notnull: isNull(true),
  not: fn('bool', 'bool', ([x]) => `(NOT ${x})`),
}
