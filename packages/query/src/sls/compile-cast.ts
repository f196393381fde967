import type { ValueType } from '../catalog/catalog.ts'
import { doubleText } from '../functions/double-text.ts'
import type { Value } from '../functions/query-function.ts'
import { asTime } from '../functions/time-functions.ts'
import type { AnalysisContext } from './analysis-context.ts'
import type { Expression } from './statement.ts'

/** Presto's scalar types, in the engine's words. */
const TYPES: Readonly<Record<string, { readonly engine: string; readonly type: ValueType }>> = {
  bigint: { engine: 'Int64', type: 'int' },
  integer: { engine: 'Int32', type: 'int' },
  int: { engine: 'Int32', type: 'int' },
  smallint: { engine: 'Int16', type: 'int' },
  tinyint: { engine: 'Int8', type: 'int' },
  double: { engine: 'Float64', type: 'float' },
  real: { engine: 'Float32', type: 'float' },
  boolean: { engine: 'Bool', type: 'bool' },
  varchar: { engine: 'String', type: 'string' },
}

/** `cast` and `try_cast`: the first fails on what cannot be converted, the second makes it null. */
export function compileCast(operand: Value, cast: Extract<Expression, { type: 'cast' }>, analysis: AnalysisContext): Value {
  const length = /^varchar\((\d{1,9})\)$/.exec(cast.to)?.[1]
  if (length !== undefined) {
    const { sql } = compileCast(operand, { ...cast, to: 'varchar' }, analysis)
    return { sql: `substringUTF8(${sql}, 1, ${length})`, type: 'string' }
  }
  const { to } = cast
  if (to === 'json')
    return {
      sql:
        operand.type === 'json'
          ? operand.sql
          : ['int', 'float', 'bool'].includes(operand.type)
            ? `toString(${operand.sql})`
            : jsonText(operand),
      type: 'json',
    }
  if (to === 'timestamp') return { sql: `toDateTime64(${asTime(operand)}, 3, 'UTC')`, type: 'time' }
  if (to === 'date') return { sql: `toDate32(${asTime(operand)})`, type: 'time' }
  const list = /^array\((\w+)\)$/.exec(to)
  const pairs = /^map\(varchar,(\w+)\)$/.exec(to)
  const inner = known((list ?? pairs)?.[1])
  if (inner !== undefined && (operand.type === 'json' || operand.type === 'unknown')) {
    const engine = list === null ? `Map(String, Nullable(${inner.engine}))` : `Array(Nullable(${inner.engine}))`
    return { sql: `JSONExtract(ifNull(toString(${operand.sql}), ''), '${engine}')`, type: list === null ? 'map' : 'array' }
  }
  if (list !== null && inner !== undefined && operand.type === 'array')
    return { sql: `CAST(${operand.sql}, 'Array(Nullable(${inner.engine}))')`, type: 'array' }
  const target = known(to)
  if (target === undefined || ['array', 'map'].includes(operand.type))
    throw analysis.error('PW-QY-004', `A cast of ${operand.type} to ${cast.to} is not supported.`, cast.offset, {
      hint: `Types: ${Object.keys(TYPES).join(', ')}, json, timestamp, date, array(…), map(varchar, …).`,
    })
  return { sql: scalarCast(operand, target.engine, cast.safe), type: target.type }
}

/** The engine puts quotation marks around whole numbers of 64 bits; as elements they are numbers. */
function jsonText({ sql, type }: Value): string {
  if (type === 'map') {
    const value = (text: string): string =>
      `concat('{', arrayStringConcat(arrayMap((__k, __v) -> concat(toJSONString(toString(__k)), ':', ${text}), mapKeys(${sql}), mapValues(${sql})), ','), '}')`
    const whole = `match(toTypeName(${sql}), '^Map\\((?:LowCardinality\\()?\\w+\\)?, (?:Nullable\\()?U?Int64\\)?\\)$')`
    return `if(${whole}, ${value("ifNull(toString(__v), 'null')")}, ${value('toJSONString(__v)')})`
  }
  if (type !== 'array') return `toJSONString(${sql})`
  const plain = `concat('[', arrayStringConcat(arrayMap(__e -> ifNull(toString(__e), 'null'), ${sql}), ','), ']')`
  return `if(match(toTypeName(${sql}), '^Array\\\\((?:Nullable\\\\()?U?Int64'), ${plain}, toJSONString(${sql}))`
}

function known(name: string | undefined): { readonly engine: string; readonly type: ValueType } | undefined {
  return name !== undefined && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
}

function scalarCast(operand: Value, engine: string, safe: boolean): string {
  // JSON text in its quotation marks is not the text itself.
  const plain =
    operand.type === 'json'
      ? `if(startsWith(${operand.sql}, '"'), JSONExtractString(ifNull(${operand.sql}, '')), ${operand.sql})`
      : operand.sql
  if (engine === 'String') return operand.type === 'float' ? doubleText(plain) : `toString(${plain})`
  // Presto rounds to whole numbers, halves away from zero; the engine cuts off.
  const rounded = operand.type === 'float' && engine.startsWith('Int') ? `sign(${plain}) * floor(abs(${plain}) + 0.5)` : plain
  // A number that does not fit would become another one.
  const exact = safe || (engine.startsWith('Int') && ['int', 'float'].includes(operand.type))
  return exact ? `accurateCastOrNull(${rounded}, '${engine}')` : `CAST(${rounded}, 'Nullable(${engine})')`
}
