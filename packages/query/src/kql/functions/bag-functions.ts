import { jsonString } from '../json-string.ts'
import type { Scalar } from '../scalar.ts'
import { convert, toJson, toText } from '../values/convert.ts'
import { followPath, type Step } from '../values/path.ts'
import { arrayJson, bagJson, elements, firstOfKey, isBag, pairs } from './json-values.ts'
import { constantAt, fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

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

/** The names of a path like `$.a.b`; a key that is no path is one name. */
function namesOf(key: string, { context, node }: KqlCall): readonly string[] {
  if (!key.startsWith('$')) return [key]
  const names = [...key.matchAll(/\.([\w-]+)|\['([^']*)'\]/g)].map(([, plain, quoted]) => plain ?? quoted ?? '')
  const read = key.replace(/\.[\w-]+|\['[^']*'\]/g, '')
  if (read !== '$' || names.length === 0)
    throw context.refuse(node, `The path "${key}" cannot be read.`, 'Write it like $.a.b.', 'PW-QY-005')
  return names
}

const hasKey = withScalars('dynamic string', 'bool', ([bag, key], call) => {
  const source = bag?.sql ?? 'NULL'
  const places =
    key?.constant === undefined ? [key?.sql ?? "''"] : namesOf(key.constant, call).map((name) => call.context.string(name))
  return `if(${isBag(source)}, toNullable(JSONHas(assumeNotNull(${source}), ${places.join(', ')}) = 1), NULL)`
})

/** The members but those of a name. */
const without = (bag: string, name: string): string => `arrayFilter(m -> tupleElement(m, 1) != ${name}, ${pairs(bag)})`

/** Bags on the way that are missing, or are no bags, are made. */
function withMember(bag: string, [name = "''", ...rest]: readonly string[], value: string): string {
  const inner = `JSONExtractRaw(ifNull(${bag}, ''), ${name})`
  const made = rest.length === 0 ? value : withMember(`if(${isBag(inner)}, ${inner}, '{}')`, rest, value)
  return bagJson(`arrayConcat(${without(bag, name)}, [(${name}, ${made})])`)
}
const setKey = withScalars('dynamic string any', 'dynamic', ([bag, key, value], call) => {
  const names =
    key?.constant === undefined ? [key?.sql ?? "''"] : namesOf(key.constant, call).map((name) => call.context.string(name))
  const member = `ifNull(${toJson(value as Scalar, call.context)}, 'null')`
  return call.context.once(
    bag?.sql ?? 'NULL',
    (source) => `if(${isBag(source)}, toNullable(${withMember(source, names, member)}), NULL)`,
  )
})

function withoutMember(bag: string, [name = "''", ...rest]: readonly string[], call: KqlCall): string {
  if (rest.length === 0) return bagJson(without(bag, name))
  const value = 'tupleElement(m, 2)'
  const inner = call.context.once(value, (member) => `if(${isBag(member)}, ${withoutMember(member, rest, call)}, ${member})`)
  return bagJson(`arrayMap(m -> (tupleElement(m, 1), if(tupleElement(m, 1) = ${name}, ${inner}, ${value})), ${pairs(bag)})`)
}

/** A constant list may hold paths; of a column all are names. */
const removed = withScalars('dynamic dynamic', 'dynamic', ([bag, keys], call) => {
  const source = bag?.sql ?? 'NULL'
  const given: unknown = keys?.constant === undefined ? undefined : JSON.parse(keys.constant)
  if (!Array.isArray(given)) {
    const kept = `arrayFilter(m -> NOT has(${elements(keys?.sql ?? 'NULL')}, ${jsonString('tupleElement(m, 1)')}), ${pairs(source)})`
    return `if(${isBag(source)}, toNullable(${bagJson(kept)}), NULL)`
  }
  const paths = given.filter((key) => typeof key === 'string').map((key) => namesOf(key, call))
  return call.context.once(source, (whole) => {
    const left = paths.reduce((rest, names) => {
      const bound = names.map((name) => call.context.string(name))
      return call.context.once(rest, (from) => withoutMember(from, bound, call))
    }, whole)
    return `if(${isBag(whole)}, toNullable(${left}), NULL)`
  })
})

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
  zip: fn('dynamic dynamic dynamic*', 'dynamic', (args) => {
    const lists = args.map(elements)
    const members = lists.map((list) => `if(i < length(${list}), ${list}[i + 1], 'null')`)
    const longest = `arrayMax([${lists.map((list) => `length(${list})`).join(', ')}])`
    return arrayJson(`arrayMap(i -> ${arrayJson(`[${members.join(', ')}]`)}, range(${longest}))`)
  }),
  extract_json: extractJson,
  extractjson: extractJson,
  // Source: Kusto documentation, gettype(), its table; of dynamic numbers with a fraction, bag_unpack and buildschema say double.
  gettype: withScalars('any', 'string', ([x]) => {
    if (x?.type !== 'dynamic') return `'${x?.type}'`
    const { sql } = x
    const kinds = [
      `startsWith(${sql}, '{'), 'dictionary'`,
      `startsWith(${sql}, '['), 'array'`,
      `startsWith(${sql}, '"'), 'string'`,
      `${sql} IN ('true', 'false'), 'bool'`,
      `toInt32OrNull(${sql}) IS NOT NULL, 'int'`,
      `match(${sql}, '^-?[0-9]+$'), 'long'`,
    ]
    return `multiIf(isNull(${sql}), 'null', ${kinds.join(', ')}, 'double')`
  }),
}
