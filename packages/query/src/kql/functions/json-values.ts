import { jsonString } from '../json-string.ts'
/** Elements of a dynamic array as JSON texts; empty where it is none. */
export const elements = (dynamic: string): string => `JSONExtractArrayRaw(ifNull(${dynamic}, ''))`
/** A dynamic array of JSON texts. */
export const arrayJson = (texts: string): string => `concat('[', arrayStringConcat(${texts}, ','), ']')`
/** Members of a dynamic object as (key, JSON text). */
export const pairs = (dynamic: string): string => `JSONExtractKeysAndValuesRaw(ifNull(${dynamic}, ''))`
export const isArray = (dynamic: string): string => `startsWith(trimLeft(ifNull(${dynamic}, '')), '[')`
export const isBag = (dynamic: string): string => `startsWith(trimLeft(ifNull(${dynamic}, '')), '{')`
/** A dynamic object of (key, JSON text), in their order. */
export const bagJson = (list: string): string =>
  `concat('{', arrayStringConcat(arrayMap(m -> concat(${jsonString('tupleElement(m, 1)')}, ':', tupleElement(m, 2)), ${list}), ','), '}')`
/** The first member of each key. `list` is used twice: bind it before. A lambda that held it would be given a copy for each member. */
export const firstOfKey = (list: string): string =>
  `arrayFilter((m, nth) -> nth = 1, ${list}, arrayEnumerateUniq(arrayMap(o -> tupleElement(o, 1), ${list})))`
