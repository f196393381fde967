import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** Fields, types (the last word of a list or map is its element's) and whether they are needed. Source: Kubernetes 1.36, OpenAPI. */
type Fields = Readonly<Record<string, Readonly<Record<string, readonly [type: string, needed: 0 | 1]>>>>
const fields: Fields = JSON.parse(readFileSync(join(ROOT, 'packages/agent/testdata/kubernetes-fields-1.36.json'), 'utf8'))

/** What is wrong with a value by the published fields: unknown or missing fields, and values of another type. */
export function wrongFields(type: string, value: unknown, path: string): string[] {
  const list = /^Array<(.+)>$/.exec(type)?.[1]
  if (list !== undefined)
    return Array.isArray(value) ? value.flatMap((each, i) => wrongFields(list, each, `${path}[${i}]`)) : [`${path} is no list`]
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
  if (map !== undefined)
    return typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => wrongFields(map, each, `${path}.${key}`))
      : [`${path} is no map`]
  const known = fields[type]
  if (known === undefined) {
    const open = type === 'IntOrString' || type === 'any' || type === 'Date'
    return open || typeof value === type.replace(/'.*'/, 'string') ? [] : [`${path} is no ${type}`]
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no ${type}`]
  const missing = Object.entries(known).flatMap(([name, [, needed]]) =>
    needed === 1 && !(name in value) ? [`${path}.${name} is missing`] : [],
  )
  const inner = Object.entries(value).flatMap(([name, each]) => {
    const field = known[name]
    return field === undefined ? [`${path}.${name} is unknown`] : wrongFields(field[0], each, `${path}.${name}`)
  })
  return [...missing, ...inner]
}
