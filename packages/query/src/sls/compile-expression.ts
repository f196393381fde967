import type { ValueType } from '../catalog/catalog.ts'
import { sameType, type Value } from '../functions/query-function.ts'
import { asTime } from '../functions/time-functions.ts'
import { nearestName } from '../nearest-name.ts'
import { QueryError } from '../query-error.ts'
import type { CompiledSelect, ExpressionContext } from './analysis-context.ts'
import { compileCall } from './compile-call.ts'
import { compileCast } from './compile-cast.ts'
import { compileLike } from './compile-like.ts'
import type { Expression, Select } from './statement.ts'

type Of<Type extends Expression['type']> = Extract<Expression, { type: Type }>

/** Compiles an expression to SQL whose values are bound. Throws QueryError. */
export function compileExpression(expression: Expression, context: ExpressionContext): Value {
  const compile = (inner: Expression): Value => compileExpression(inner, context)
  switch (expression.type) {
    case 'interval':
      throw context.analysis.error('PW-QY-005', 'An interval can be added to a time, or taken from it.', expression.offset)
    case 'string':
      return { sql: context.analysis.parameters.text(expression.value), type: 'string', literal: expression.value }
    case 'number':
      return compileNumber(expression, context)
    case 'constant':
      return expression.value === 'null' ? { sql: 'NULL', type: 'unknown' } : { sql: expression.value, type: 'bool' }
    case 'column':
      return findColumn(expression, context)
    case 'star':
      throw context.analysis.error('PW-QY-001', '"*" cannot stand here.', expression.offset)
    case 'call':
      return compileCall(expression, context, compile)
    case 'unary': {
      const operand = compile(expression.operand)
      if (expression.operator === 'not') return { sql: `(NOT ${operand.sql})`, type: 'bool' }
      const negative = operand.literal === undefined ? {} : { literal: `-${operand.literal}` }
      return { sql: `(-${operand.sql})`, type: operand.type, ...negative }
    }
    case 'binary':
      return (
        compileShift(expression, context, compile) ??
        compileBinary(expression, compile(expression.left), compile(expression.right), context)
      )
    case 'between': {
      const [value, low, high] = [expression.operand, expression.low, expression.high].map(compile) as [Value, Value, Value]
      const [a, b] = [comparable(value, low, expression.offset, context), comparable(value, high, expression.offset, context)]
      return { sql: `${negation(expression)}(${a[0]} >= ${a[1]} AND ${b[0]} <= ${b[1]})`, type: 'bool' }
    }
    case 'in':
      return compileIn(expression, context, compile)
    case 'inQuery':
      return compileInQuery(expression, context, compile)
    case 'like':
      return compileLike(expression, context.analysis, compile)
    case 'isNull':
      return { sql: `${expression.negated ? 'isNotNull' : 'isNull'}(${compile(expression.operand).sql})`, type: 'bool' }
    case 'case':
      return compileCase(expression, context, compile)
    case 'cast':
      return compileCast(compile(expression.operand), expression, context.analysis)
    case 'array': {
      const items = expression.items.map(compile)
      return { sql: `[${items.map((item) => item.sql).join(', ')}]`, type: 'array', items }
    }
    case 'element':
      return compileElement(compile(expression.operand), compile(expression.index), expression, context)
    case 'lambda':
      return compileLambda(expression, context)
    case 'query':
      return { sql: `(${oneColumn(expression.query, context, expression.offset)})`, type: 'unknown' }
  }
}

const negation = (expression: { negated: boolean }): string => (expression.negated ? 'NOT ' : '')

const MAX_WHOLE = 2n ** 63n - 1n

function compileNumber(expression: Of<'number' | 'string'>, context: ExpressionContext): Value {
  const whole = /^\d+$/.test(expression.value)
  if (whole && BigInt(expression.value) > MAX_WHOLE)
    throw context.analysis.error('PW-QY-005', 'This whole number is beyond 64 bits.', expression.offset, {
      hint: 'Write it with a point or an exponent: 1e20.',
    })
  return {
    sql: context.analysis.parameters.bind(
      whole ? expression.value : String(Number(expression.value)),
      whole ? 'Int64' : 'Float64',
    ),
    type: whole ? 'int' : 'float',
    literal: expression.value,
  }
}

function findColumn(expression: Of<'column'>, context: ExpressionContext): Value {
  const { scope, analysis } = context
  const name = expression.parts.join('.')
  const lambda = expression.parts.length === 1 ? scope.lambdas?.get(name.toLowerCase()) : undefined
  if (lambda !== undefined) return { sql: lambda, type: 'unknown' }
  const output = scope.outputs?.get(name.toLowerCase())
  if (output !== undefined && scope.outputsFirst === true) return output
  const [qualifier, ...rest] = expression.parts
  for (const relation of scope.relations) {
    if (rest.length === 0 || relation.alias?.toLowerCase() !== qualifier?.toLowerCase()) continue
    const column = relation.find(rest.join('.'))
    if (column !== undefined) return column
  }
  const found = scope.relations.flatMap((relation) => relation.find(name) ?? [])
  if (found.length > 1)
    throw analysis.error('PW-QY-002', `Column '${name}' is in several sources.`, expression.offset, {
      hint: 'Write the source in front: a.name.',
    })
  const [column] = found
  if (column !== undefined) return column
  if (output !== undefined) return output
  const names = scope.relations.flatMap((relation) => relation.names())
  const nearest = nearestName(name, names)
  const hint = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
  throw analysis.error('PW-QY-002', `Column '${name}' cannot be resolved.`, expression.offset, { nearest, hint })
}

const SHIFTS: Readonly<Record<string, string>> = {
  millisecond: 'toIntervalMillisecond',
  second: 'toIntervalSecond',
  minute: 'toIntervalMinute',
  hour: 'toIntervalHour',
  day: 'toIntervalDay',
  week: 'toIntervalWeek',
  month: 'toIntervalMonth',
  quarter: 'toIntervalQuarter',
  year: 'toIntervalYear',
}

/** `time + interval '1' day`; undefined where no interval is added. */
function compileShift(
  expression: Of<'binary'>,
  context: ExpressionContext,
  compile: (inner: Expression) => Value,
): Value | undefined {
  const { operator, left, right, offset } = expression
  const [moment, interval] = left.type === 'interval' && operator === '+' ? [right, left] : [left, right]
  if (interval.type !== 'interval' || (operator !== '+' && operator !== '-')) return undefined
  const value = compile(moment)
  if (value.type !== 'time')
    throw context.analysis.error('PW-QY-005', `An interval is added to a time, not to ${value.type}.`, offset, {
      hint: 'Make a time with from_unixtime(…) or date_parse(…).',
    })
  return { sql: `(${value.sql} ${operator} ${SHIFTS[interval.unit]}(${interval.amount}))`, type: 'time' }
}

function compileBinary(expression: Of<'binary'>, left: Value, right: Value, context: ExpressionContext): Value {
  const { operator, offset } = expression
  if (operator === 'and' || operator === 'or')
    return { sql: `(${left.sql} ${operator.toUpperCase()} ${right.sql})`, type: 'bool' }
  if (operator === '||') return joined(left, right)
  if (operator === 'distinct') {
    const [a, b] = comparable(left, right, offset, context)
    return { sql: `ifNull(${a} <> ${b}, isNull(${a}) <> isNull(${b}))`, type: 'bool' }
  }
  if (['=', '<>', '<', '>', '<=', '>='].includes(operator)) {
    const [a, b] = comparable(left, right, offset, context)
    return { sql: `(${a} ${operator} ${b})`, type: 'bool' }
  }
  for (const { type } of [left, right]) {
    if (!['int', 'float', 'unknown'].includes(type))
      throw context.analysis.error('PW-QY-005', `"${operator}" needs numbers, not ${type}.`, offset, {
        hint: 'Convert with cast(… as bigint).',
      })
  }
  const whole = left.type === 'int' && right.type === 'int'
  if (operator === '/' && whole) return { sql: `intDiv(${left.sql}, ${right.sql})`, type: 'int' }
  return { sql: `(${left.sql} ${operator} ${right.sql})`, type: whole ? 'int' : 'float' }
}

/** Arrays become one, with a value at their end or beginning; everything else becomes text. */
function joined(left: Value, right: Value): Value {
  if (left.type !== 'array' && right.type !== 'array')
    return { sql: `concat(toString(${left.sql}), toString(${right.sql}))`, type: 'string' }
  const [a, b] = [left, right].map(({ sql, type }) => (type === 'array' ? sql : `[${sql}]`))
  return { sql: `arrayConcat(${a}, ${b})`, type: 'array' }
}

const NUMBERS: readonly ValueType[] = ['int', 'float']

/** Both sides in forms that may be compared; what Presto refuses is refused, since the engine might guess. */
function comparable(left: Value, right: Value, offset: number, context: ExpressionContext): [string, string] {
  const types = [left.type, right.type]
  if (types.includes('unknown') || left.type === right.type || types.every((type) => NUMBERS.includes(type)))
    return [left.sql, right.sql]
  if (types.includes('time') && types.includes('string')) return [asTime(left), asTime(right)]
  const hint = types.includes('json') ? 'Take the value out with json_extract_scalar.' : 'Convert one of them with cast.'
  throw context.analysis.error('PW-QY-005', `${left.type} cannot be compared with ${right.type}.`, offset, { hint })
}

function compileIn(expression: Of<'in'>, context: ExpressionContext, compile: (inner: Expression) => Value): Value {
  const operand = compile(expression.operand)
  const items = expression.list.map(compile)
  const pairs = items.map((item) => comparable(operand, item, expression.offset, context))
  const simple = items.every((item, index) => item.literal !== undefined && pairs[index]?.[0] === operand.sql)
  const sql = simple
    ? `${operand.sql} IN (${items.map((item) => item.sql).join(', ')})`
    : pairs.map(([a, b]) => `${a} = ${b}`).join(' OR ')
  return { sql: `${negation(expression)}(${sql})`, type: 'bool' }
}

function compileInQuery(expression: Of<'inQuery'>, context: ExpressionContext, compile: (inner: Expression) => Value): Value {
  const operand = compile(expression.operand).sql
  const query = oneColumn(expression.query, context, expression.offset)
  if (!expression.negated) return { sql: `(${operand} IN (${query}))`, type: 'bool' }
  // A null in the list leaves it open whether the value is in it, so no row may pass.
  return { sql: `(${operand} NOT IN (${query}) AND (SELECT countIf(isNull(o1)) FROM (${query})) = 0)`, type: 'bool' }
}

/** A column that only the query around the subquery has would be another value in each of its rows. */
function inside(query: Select, context: ExpressionContext): CompiledSelect {
  try {
    return context.analysis.compileSelect(query, context.analysis, context.withNames)
  } catch (error) {
    const [, name] = error instanceof QueryError ? (/^Column '(.+)' cannot be resolved/.exec(error.message) ?? []) : []
    const parts = name?.split('.') ?? []
    const outside = context.scope.relations.some(
      (one) =>
        (name !== undefined && one.find(name) !== undefined) ||
        (one.alias?.toLowerCase() === parts[0]?.toLowerCase() && one.find(parts.slice(1).join('.')) !== undefined),
    )
    if (!outside) throw error
    const message = `"${name}" is of the query around this subquery, and a correlated subquery is not supported.`
    throw context.analysis.error('PW-QY-004', message, query.offset, { hint: 'Use a join and group by.' })
  }
}

function oneColumn(query: Select, context: ExpressionContext, offset: number): string {
  const { sql, columns } = inside(query, context)
  if (columns.length !== 1)
    throw context.analysis.error('PW-QY-005', `This subquery must have one column, not ${columns.length}.`, offset)
  return sql
}

function compileCase(expression: Of<'case'>, context: ExpressionContext, compile: (inner: Expression) => Value): Value {
  const operand = expression.operand === undefined ? undefined : compile(expression.operand)
  const results: Value[] = []
  const parts = expression.branches.flatMap(([condition, result]) => {
    const tested = compile(condition)
    const [a, b] = operand === undefined ? [] : comparable(operand, tested, condition.offset, context)
    const value = compile(result)
    results.push(value)
    return [a === undefined ? tested.sql : `${a} = ${b}`, value.sql]
  })
  const otherwise = expression.otherwise === undefined ? { sql: 'NULL', type: 'unknown' as const } : compile(expression.otherwise)
  const type = sameType([...results, otherwise])
  for (const value of [...results, otherwise]) comparable({ sql: '', type }, value, expression.offset, context)
  return { sql: `multiIf(${[...parts, otherwise.sql].join(', ')})`, type }
}

function compileElement(operand: Value, index: Value, expression: Of<'element'>, context: ExpressionContext): Value {
  if (operand.type === 'map')
    return { sql: `if(mapContains(${operand.sql}, ${index.sql}), ${operand.sql}[${index.sql}], NULL)`, type: 'unknown' }
  if (operand.type === 'array' || operand.type === 'unknown')
    return { sql: `arrayElementOrNull(${operand.sql}, ${index.sql})`, type: 'unknown' }
  const hint = operand.type === 'json' ? 'Use json_extract with a path.' : undefined
  throw context.analysis.error('PW-QY-005', `Only arrays and maps have elements, not ${operand.type}.`, expression.offset, {
    hint,
  })
}

function compileLambda(expression: Of<'lambda'>, context: ExpressionContext): Value {
  const lambdas = new Map(context.scope.lambdas)
  const ids = expression.names.map((name) => {
    const id = context.analysis.id('l')
    lambdas.set(name.toLowerCase(), id)
    return id
  })
  const body = compileExpression(expression.body, { ...context, scope: { ...context.scope, lambdas } })
  return { sql: `(${ids.join(', ')}) -> ${body.sql}`, type: 'unknown' }
}
