import type { Scalar } from '../scalar.ts'
import { toJson } from '../values/convert.ts'
import { arrayJson, elements, isArray } from './json-values.ts'
import { type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { isWhole, numberOf, realJson } from './series-values.ts'

/** A place to fill: null, or equal to the value that stands for missing ones. */
function missing(json: string, given: Scalar | undefined, { context }: KqlCall): string {
  if (given === undefined) return `(${json} = 'null')`
  const value = numberOf(`ifNull(${toJson(given, context)}, 'null')`)
  return `(${json} = 'null' OR ifNull(${numberOf(json)} = ${value}, false))`
}

const copied = (name: 'arrayFill' | 'arrayReverseFill'): KqlFunction =>
  withScalars('dynamic any?', 'dynamic', ([list, mark], call) => {
    const source = list?.sql ?? 'NULL'
    const made = arrayJson(`${name}(e -> NOT ${missing('e', mark, call)}, ${elements(source)})`)
    return `if(${isArray(source)}, toNullable(${made}), NULL)`
  })

const constant: KqlFunction = withScalars('dynamic any any?', 'dynamic', ([list, value, mark], call) => {
  const source = list?.sql ?? 'NULL'
  const filler = `ifNull(${toJson(value as Scalar, call.context)}, 'null')`
  const made = arrayJson(`arrayMap(e -> if(${missing('e', mark, call)}, ${filler}, e), ${elements(source)})`)
  return `if(${isArray(source)}, toNullable(${made}), NULL)`
})

/** Straight lines between known neighbours; series of whole numbers stay whole, cut towards zero. */
const linear: KqlFunction = withScalars('dynamic any? bool? any?', 'dynamic', ([list, mark, edges, filler], call) => {
  const { context } = call
  const source = list?.sql ?? 'NULL'
  const other = filler === undefined ? "'0.0'" : `ifNull(${toJson(filler, context)}, 'null')`
  return context.once(`arrayMap(e -> if(${missing('e', mark, call)}, 'null', e), ${elements(source)})`, (items) => {
    const places = `arrayMap((e, i) -> if(e = 'null', 0, toInt64(i)), ${items}, arrayEnumerate(${items}))`
    const before = `arrayFill(i -> i > 0, ${places})`
    const after = `arrayReverseFill(i -> i > 0, ${places})`
    const whole = isWhole(source)
    const outer = edges === undefined ? 'true' : `ifNull(${edges.sql}, true)`
    const [p, q] = [numberOf(`${items}[a]`), numberOf(`${items}[b]`)]
    const between = `(${p} + (${q} - ${p}) * (toInt64(i) - a) / (b - a))`
    const number = `if(${whole}, toString(toInt64(trunc(assumeNotNull(${between})))), ${realJson(between)})`
    const edge = `if(${outer}, ${items}[greatest(a, b)], 'null')`
    const line = `arrayMap((e, i, a, b) -> multiIf(e != 'null', e, a > 0 AND b > 0, ${number}, ${edge}), ${items}, arrayEnumerate(${items}), ${before}, ${after})`
    const none = `arrayMap(e -> ${other}, ${items})`
    const made = arrayJson(`if(arrayAll(e -> e = 'null', ${items}), ${none}, ${line})`)
    return `if(${isArray(source)}, toNullable(${made}), NULL)`
  })
})

export const SERIES_FILL_FUNCTIONS: KqlFunctionTable = {
  series_fill_forward: copied('arrayFill'),
  series_fill_backward: copied('arrayReverseFill'),
  series_fill_const: constant,
  series_fill_linear: linear,
}
