import type { Scalar } from '../scalar.ts'
import { toJson, unquoted } from '../values/convert.ts'
import type { ColumnFunction, ColumnFunctionTable } from './column-function.ts'
import { arrayJson, elements, isArray } from './json-values.ts'
import { fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Places of the elements in their order: numbers by value, texts by text; nulls at the end unless told otherwise. */
function order(list: string, descending: boolean, nullsLast: string): string {
  const at = `${list}[i + 1]`
  const number = `if(startsWith(${at}, '"'), 0, toFloat64OrZero(${at}))`
  const isNull = `(${at} = 'null')`
  const place = descending ? `${isNull} != ${nullsLast}` : `${isNull} = ${nullsLast}`
  const key = `(${place}, startsWith(${at}, '"'), ${number}, ${unquoted(at)}, ${descending ? '-toInt64(i)' : 'i'})`
  return `${descending ? 'arrayReverseSort' : 'arraySort'}(i -> ${key}, range(length(${list})))`
}

/** The first array is sorted, the others follow it. A list of another length cannot, and gives null. */
const sorted = (descending: boolean): ColumnFunction => ({
  least: 1,
  most: 65,
  emit(args, call) {
    const last = args.at(-1)
    const told = args.length > 1 && last?.type === 'bool' ? last : undefined
    const lists = told === undefined ? args : args.slice(0, -1)
    const wrong = lists.find((arg) => arg.type !== 'dynamic')
    if (wrong !== undefined) throw call.context.refuse(call.node, 'Only arrays can be sorted.', undefined, 'PW-QY-005')
    const first = lists[0]?.sql ?? 'NULL'
    const nullsLast = told === undefined ? 'true' : `ifNull(${told.sql}, true)`
    return lists.map((list) => ({ sql: inOrder(list.sql, first, descending, nullsLast, call), type: 'dynamic' }))
  },
})

function inOrder(list: string, first: string, descending: boolean, nullsLast: string, { context }: KqlCall): string {
  return context.once(elements(first), (leading) =>
    context.once(elements(list), (items) => {
      const moved = arrayJson(`arrayMap(i -> ${items}[i + 1], ${order(leading, descending, nullsLast)})`)
      const fits = `${isArray(first)} AND ${isArray(list)} AND length(${leading}) = length(${items})`
      return `if(${fits}, toNullable(${moved}), NULL)`
    }),
  )
}

export const ARRAY_SORTS: ColumnFunctionTable = { array_sort_asc: sorted(false), array_sort_desc: sorted(true) }

/** Elements move by `by` places to the left, where `direction` is 1; what leaves comes in at the other end. */
const rotated = (direction: 1 | -1): KqlFunction =>
  fn('dynamic long', 'dynamic', ([list = 'NULL', by = 'NULL'], { context }) =>
    context.once(elements(list), (items) => {
      const from = `positiveModulo(toInt64(i) + ${direction} * ifNull(${by}, 0), toInt64(length(${items})))`
      return `if(${isArray(list)}, toNullable(${arrayJson(`arrayMap(i -> ${items}[${from} + 1], range(length(${items})))`)}), NULL)`
    }),
  )

/** What comes in is the fallback, or else null, in arrays of texts the empty text. */
const shifted = (direction: 1 | -1): KqlFunction =>
  withScalars('dynamic long any?', 'dynamic', ([list, by, fallback], { context }) =>
    context.once(elements(list?.sql ?? 'NULL'), (items) => {
      const from = `(toInt64(i) + ${direction} * ifNull(${by?.sql}, 0))`
      const texts = `(notEmpty(${items}) AND arrayAll(e -> startsWith(e, '"'), ${items}))`
      const other =
        fallback === undefined ? `if(${texts}, '""', 'null')` : `ifNull(${toJson(fallback as Scalar, context)}, 'null')`
      const value = `if(${from} >= 0 AND ${from} < toInt64(length(${items})), ${items}[${from} + 1], ${other})`
      return `if(${isArray(list?.sql ?? 'NULL')}, toNullable(${arrayJson(`arrayMap(i -> ${value}, range(length(${items})))`)}), NULL)`
    }),
  )

/** Parts between places; a negative place counts from the end. */
const split: KqlFunction = withScalars('dynamic any', 'dynamic', ([list, places], { context }) => {
  const source = list?.sql ?? 'NULL'
  const given =
    places?.type === 'dynamic'
      ? `if(${isArray(places.sql)}, arrayMap(e -> toInt64OrZero(e), ${elements(places.sql)}), [toInt64OrZero(ifNull(${places.sql}, '0'))])`
      : `[toInt64(ifNull(${places?.sql}, 0))]`
  return context.once(elements(source), (items) => {
    const size = `toInt64(length(${items}))`
    const cuts = `arrayMap(p -> if(p < 0, greatest(${size} + p, 0), least(p, ${size})), ${given})`
    return context.once(`arrayConcat([toInt64(0)], ${cuts}, [${size}])`, (all) => {
      const part = `arraySlice(${items}, ${all}[i] + 1, toUInt64(greatest(${all}[i + 1] - ${all}[i], 0)))`
      return `if(${isArray(source)}, toNullable(${arrayJson(`arrayMap(i -> ${arrayJson(part)}, range(1, length(${all})))`)}), NULL)`
    })
  })
})

export const ARRAY_ORDER_FUNCTIONS: KqlFunctionTable = {
  array_rotate_left: rotated(1),
  array_rotate_right: rotated(-1),
  array_shift_left: shifted(1),
  array_shift_right: shifted(-1),
  array_split: split,
}
