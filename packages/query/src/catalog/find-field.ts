import type { Parameters } from '../clickhouse/parameters.ts'
import type { Field, Logstore } from './catalog.ts'

/** A field found by name. Objects above the fields (`k8s`, `process.user`) are found as JSON text built from what is below. */
export function findField(logstore: Logstore, name: string, parameters: Parameters): Field | undefined {
  const wanted = name.toLowerCase()
  const exact = logstore.fields.find((field) => field.name.toLowerCase() === wanted)
  if (exact !== undefined) return exact
  if (wanted.startsWith('__tag__:')) return { name, type: 'string', sql: "CAST(NULL, 'Nullable(String)')", hidden: true }
  const below = logstore.fields.filter((field) => field.name.toLowerCase().startsWith(`${wanted}.`))
  const [first] = below
  if (first !== undefined) {
    const depth = wanted.split('.').length
    return { name: first.name.split('.').slice(0, depth).join('.'), type: 'json', sql: objectSql(below, depth), hidden: true }
  }
  return mapKey(logstore, name, parameters)
}

/** `k8s.pod.labels.app`: the key as written, since keys of labels may hold dots. */
function mapKey(logstore: Logstore, name: string, parameters: Parameters): Field | undefined {
  for (const field of logstore.fields) {
    if (field.map === undefined || !name.toLowerCase().startsWith(`${field.name.toLowerCase()}.`)) continue
    const key = parameters.text(name.slice(field.name.length + 1))
    const sql = `if(mapContains(${field.map}, ${key}), toNullable(${field.map}[${key}]), NULL)`
    return { name: `${field.name}.${name.slice(field.name.length + 1)}`, type: 'string', sql, hidden: true, ...partOf(field) }
  }
  return undefined
}

const partOf = ({ part }: Field): Pick<Field, 'part'> => (part === undefined ? {} : { part })

/** A field's value as JSON text; null where it is absent. */
function valueJson(field: Field): string {
  if (field.type === 'json') return `toNullable(${field.sql})`
  // An account may be set to quote 64-bit numbers in JSON; as text they are what they are.
  if (field.type !== 'string') return `toNullable(toString(${field.sql}))`
  return `if(isNull(${field.sql}), NULL, toNullable(toJSONString(${field.sql})))`
}

/** The object at `depth` name parts, in JSON, without members that are absent; null where all are. */
function objectSql(fields: readonly Field[], depth: number): string {
  const members = new Map<string, Field[]>()
  for (const field of fields) {
    const key = field.name.split('.')[depth] ?? ''
    members.set(key, [...(members.get(key) ?? []), field])
  }
  const parts = [...members].map(([key, below]) => {
    const [only] = below
    const leaf = only !== undefined && below.length === 1 && only.name.split('.').length === depth + 1
    const value = leaf ? valueJson(only) : objectSql(below, depth + 1)
    return `ifNull(concat('"${key}":', ${value}), '')`
  })
  const list = `arrayFilter(m -> m != '', [${parts.join(', ')}])`
  return `if(empty(${list}), NULL, toNullable(concat('{', arrayStringConcat(${list}, ','), '}')))`
}
