import { convert, toJson, toText } from '../expressions/convert.ts'
import { jsonString } from '../expressions/json-string.ts'
import { followPath, type Step } from '../expressions/path.ts'
import type { Scalar } from '../expressions/scalar.ts'
import { arrayJson, bagJson, elements, firstOfKey, isBag, pairs } from './json-values.ts'
import { constantAt, fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Keys and values alternate. */
const packed = withScalars('any any*', 'dynamic', (args, call) => {
  const { context } = call
  if (args.length % 2 === 1) throw context.refuse(call.node, 'Every key needs a value.', undefined, 'PW-QY-005')
  const members = args.flatMap((arg, index) => {
    const next = args[index + 1]
    return index % 2 === 1 || next === undefined ? [] : [`(${toText(arg, context)}, ifNull(${toJson(next, context)}, 'null'))`]
  })
  return `toNullable(${bagJson(`[${members.join(', ')}]`)})`
})

/** The leftmost bag wins where a key occurs twice. */
const merged = withScalars('dynamic dynamic dynamic*', 'dynamic', (args, { context }) =>
  context.once(
    `arrayConcat(${args.map((arg) => pairs(arg.sql)).join(', ')})`,
    (list) => `toNullable(${bagJson(firstOfKey(list))})`,
  ),
)

const hasKey = withScalars('dynamic string', 'bool', ([bag, key], { context, node }) => {
  if (key?.constant?.startsWith('$')) throw context.refuse(node, 'A path is not supported here.', 'Give the name of a member.')
  return `if(${isBag(bag?.sql ?? 'NULL')}, toNullable(JSONHas(assumeNotNull(${bag?.sql}), ${key?.sql}) = 1), NULL)`
})

const setKey = withScalars('dynamic string any', 'dynamic', ([bag, key, value], { context, node }) => {
  if (key?.constant?.startsWith('$')) throw context.refuse(node, 'A path is not supported here.', 'Give the name of a member.')
  const kept = `arrayFilter(m -> tupleElement(m, 1) != ${key?.sql}, ${pairs(bag?.sql ?? 'NULL')})`
  return `toNullable(${bagJson(`arrayConcat(${kept}, [(${key?.sql}, ifNull(${toJson(value as Scalar, context)}, 'null'))])`)})`
})

const removed = fn(
  'dynamic dynamic',
  'dynamic',
  ([bag = 'NULL', keys = 'NULL']) =>
    `if(${isBag(bag)}, toNullable(${bagJson(`arrayFilter(m -> NOT has(${elements(keys)}, ${jsonString('tupleElement(m, 1)')}), ${pairs(bag)})`)}), NULL)`,
)

const zipped: KqlFunction = fn('dynamic dynamic', 'dynamic', ([keys = 'NULL', values = 'NULL']) => {
  const given = elements(keys)
  const list = elements(values)
  // Keys that are no texts are left out, with their values.
  const places = `arrayFilter(i -> startsWith(${given}[i + 1], '"'), range(length(${given})))`
  return `toNullable(${bagJson(`arrayMap(i -> (JSONExtractString(${given}[i + 1]), if(i < length(${list}), ${list}[i + 1], 'null')), ${places})`)})`
})

/** A member by its path, `$.a.b[0]`, as text. */
const extractJson: KqlFunction = withScalars('string string any?', 'bound', (args, call) => {
  const { context } = call
  const steps = constantAt(args, 0, call).match(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g) ?? []
  if (`$${steps.join('')}` !== constantAt(args, 0, call))
    throw context.refuse(call.node, 'This path cannot be read.', 'Write it like $.a.b[0].', 'PW-QY-005')
  const path = steps.map((step): Step => {
    const index = /^\[(\d+)\]$/.exec(step)?.[1]
    return index === undefined
      ? { key: step.replace(/^\.|^\[['"]|['"]\]$/g, '') }
      : { index: { sql: context.integer(index), type: 'long', constant: index } }
  })
  const found = followPath({ sql: `toNullable(${args[1]?.sql})`, type: 'dynamic' }, path, context)
  return convert(found, call.type, context).sql
})

export const BAG_FUNCTIONS: KqlFunctionTable = {
  bag_pack: packed,
  pack: packed,
  pack_dictionary: packed,
  bag_merge: merged,
  bag_keys: fn(
    'dynamic',
    'dynamic',
    ([x = 'NULL']) =>
      `if(${isBag(x)}, toNullable(${arrayJson(`arrayMap(k -> ${jsonString('k')}, JSONExtractKeys(ifNull(${x}, '')))`)}), NULL)`,
  ),
  bag_has_key: hasKey,
  bag_set_key: setKey,
  bag_remove_keys: removed,
  bag_zip: zipped,
  zip: fn('dynamic dynamic', 'dynamic', ([a = 'NULL', b = 'NULL']) => {
    const at = (list: string): string => `if(i < length(${elements(list)}), ${elements(list)}[i + 1], 'null')`
    return arrayJson(
      `arrayMap(i -> concat('[', ${at(a)}, ',', ${at(b)}, ']'), range(greatest(length(${elements(a)}), length(${elements(b)}))))`,
    )
  }),
  extract_json: extractJson,
  extractjson: extractJson,
  gettype: withScalars('any', 'string', ([x]) => {
    if (x?.type !== 'dynamic') return `'${x?.type === 'real' ? 'double' : x?.type}'`
    const { sql } = x
    const kinds = [
      `startsWith(${sql}, '{'), 'dictionary'`,
      `startsWith(${sql}, '['), 'array'`,
      `startsWith(${sql}, '"'), 'string'`,
      `${sql} IN ('true', 'false'), 'bool'`,
      `match(${sql}, '^-?[0-9]+$'), 'long'`,
    ]
    return `multiIf(isNull(${sql}), 'null', ${kinds.join(', ')}, 'double')`
  }),
}
