import type { Scalar } from '../expressions/scalar.ts'
import { arrayJson, elements, isArray } from './json-values.ts'

/**
 * Sorts the first array and puts the others into the same order: numbers by value before texts by text. Elements that
 * are null come last unless a last argument says otherwise; an array of another length than the first gives null.
 * Source: Kusto documentation, array_sort_asc() and array_sort_desc().
 */
export function sortedArrays(args: readonly Scalar[], descending: boolean): string[] {
  const last = args.at(-1)
  const nullsLast = last?.type !== 'bool' || last.constant !== 'false'
  const arrays = last?.type === 'bool' ? args.slice(0, -1) : args
  const key = elements(arrays[0]?.sql ?? 'NULL')
  const text = `if(startsWith(e, '"'), JSONExtractString(e), e)`
  const number = `if(startsWith(e, '"'), 0, toFloat64OrZero(e))`
  const rank = `((e ${nullsLast === descending ? '!=' : '='} 'null'), startsWith(e, '"'), ${number}, ${text})`
  const places = `${descending ? 'arrayReverseSort' : 'arraySort'}((i, e) -> ${rank}, arrayEnumerate(${key}), ${key})`
  return arrays.map(({ sql }) => {
    const list = elements(sql)
    const fits = `${isArray(sql)} AND length(${list}) = length(${key})`
    return `if(${fits}, toNullable(${arrayJson(`arrayMap(i -> ${list}[i], ${places})`)}), NULL)`
  })
}
