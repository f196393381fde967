/**
 * The part of the metadata reflection proposal (rbuckton.github.io/reflect-metadata) that the certificate library's
 * registry of algorithms needs before it loads. Imported for its effect, ahead of `@peculiar/x509`.
 */
type Key = string | symbol
const known = new WeakMap<object, Map<string, unknown>>()
const nameOf = (key: unknown, property?: Key): string => `${String(property)}\0${String(key)}`

function own(key: unknown, target: object, property?: Key): unknown {
  return known.get(target)?.get(nameOf(key, property))
}

function inherited(key: unknown, target: object, property?: Key): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const value = own(key, at, property)
    if (value !== undefined) return value
  }
  return undefined
}

function define(key: unknown, value: unknown, target: object, property?: Key): void {
  const values = known.get(target) ?? new Map<string, unknown>()
  values.set(nameOf(key, property), value)
  known.set(target, values)
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata: own, getMetadata: inherited, defineMetadata: define })
