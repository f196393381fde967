import { type CallContext, constant, type FunctionTable, type QueryFunction, scalar, type Value } from './query-function.ts'

const STEP = /\.([\p{L}\p{N}_$-]+)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/uy

/** Steps of `$.a["b.c"][0]`: keys are text, places in arrays count from 0. Undefined where the path cannot be read. */
function jsonPath(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: (string | number)[] = []
  let at = 1
  while (at < path.length) {
    STEP.lastIndex = at
    const found = STEP.exec(path)
    if (found === null) return undefined
    steps.push(found[2] === undefined ? (found[1] ?? found[3] ?? found[4] ?? '') : Number(found[2]))
    at = STEP.lastIndex
  }
  return steps
}

function pathSql(args: readonly Value[], context: CallContext): string {
  const steps = jsonPath(constant(args, 1, context))
  if (steps === undefined) throw context.refuse(1, 'This JSON path cannot be read; write it like $.a.b["c.d"][0].')
  // The engine counts array elements from 1.
  return steps.map((step) => `, ${typeof step === 'number' ? step + 1 : context.parameters.text(step)}`).join('')
}

const document = (args: readonly Value[]): string => `ifNull(toString(${args[0]?.sql}), '')`
const raw = (args: readonly Value[], context: CallContext): string =>
  `nullIf(JSONExtractRaw(${document(args)}${pathSql(args, context)}), '')`

const extract: QueryFunction = { min: 2, max: 2, returns: 'json', kind: 'scalar', emit: raw }
/** Objects, arrays and null have no scalar. */
const extractScalar: QueryFunction = {
  min: 2,
  max: 2,
  returns: 'string',
  kind: 'scalar',
  emit(args, context) {
    const found = raw(args, context)
    const text = `JSONExtractString(${document(args)}${pathSql(args, context)})`
    return `multiIf(startsWith(${found}, '"'), toNullable(${text}), match(ifNull(${found}, 'null'), '^(\\\\{|\\\\[|null$)'), NULL, ${found})`
  },
}
/** Without the blanks it was written with. */
const parsed = (x: string | undefined): string =>
  `if(isValidJSON(ifNull(toString(${x}), '')), toNullable(JSONExtractRaw(ifNull(toString(${x}), ''))), NULL)`
const elements = (x: string | undefined): string => `JSONExtractArrayRaw(ifNull(toString(${x}), ''))`
const isArray = (x: string | undefined): string => `startsWith(trimLeft(ifNull(toString(${x}), '')), '[')`

export const JSON_FUNCTIONS: FunctionTable = {
  json_extract: extract,
  json_extract_scalar: extractScalar,
  json_extract_long: {
    ...extractScalar,
    returns: 'int',
    emit: (args, context) => `toInt64OrNull(${extractScalar.emit(args, context)})`,
  },
  json_extract_double: {
    ...extractScalar,
    returns: 'float',
    emit: (args, context) => `toFloat64OrNull(${extractScalar.emit(args, context)})`,
  },
  json_extract_bool: {
    ...extractScalar,
    returns: 'bool',
    emit: (args, context) =>
      `transform(${extractScalar.emit(args, context)}, ['true', 'false'], [toNullable(true), toNullable(false)], NULL)`,
  },
  json_parse: scalar(1, 1, 'json', ([x]) => parsed(x)),
  json_format: scalar(1, 1, 'string', ([x]) => `toString(${x})`),
  json_array_length: scalar(1, 1, 'int', ([x]) => `if(${isArray(x)}, toNullable(toInt64(length(${elements(x)}))), NULL)`),
  json_array_get: scalar(
    2,
    2,
    'json',
    ([x, place]) => `nullIf(arrayElement(${elements(x)}, if(${place} < 0, ${place}, ${place} + 1)), '')`,
  ),
  json_array_contains: {
    min: 2,
    max: 2,
    returns: 'bool',
    kind: 'scalar',
    emit: ([list, wanted]) =>
      `if(${isArray(list?.sql)}, toNullable(has(${elements(list?.sql)}, ${wanted?.type === 'string' ? `toJSONString(${wanted.sql})` : `toString(${wanted?.sql})`})), NULL)`,
  },
  json_size: {
    min: 2,
    max: 2,
    returns: 'int',
    kind: 'scalar',
    emit: (args, context) =>
      `if(isNull(${raw(args, context)}), NULL, toNullable(toInt64(JSONLength(${document(args)}${pathSql(args, context)}))))`,
  },
}
