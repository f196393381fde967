import type { KqlContext } from '../context.ts'
import { arrayJson, elements, isArray } from './json-values.ts'

/** The number in a JSON text; `"NaN"` is one, as KQL writes it, and no other text is. */
export const numberOf = (json: string): string =>
  `toFloat64OrNull(if(${json} IN ('"NaN"', '"Infinity"', '"-Infinity"'), trim(BOTH '"' FROM ${json}), ${json}))`

/** Elements of a series as numbers, null where they are none. */
export const numbers = (dynamic: string): string => `arrayMap(e -> ${numberOf('e')}, ${elements(dynamic)})`

/** JSON text of a number that is a real: whole ones keep one decimal, as KQL prints them. */
export function realJson(n: string): string {
  const special = `isNaN(${n}), '"NaN"', isInfinite(${n}), if(${n} > 0, '"Infinity"', '"-Infinity"')`
  const whole = `abs(${n}) < 1e15 AND ${n} = trunc(${n}), concat(toString(toInt64(assumeNotNull(${n}))), '.0')`
  return `multiIf(isNull(${n}), 'null', ${special}, ${whole}, assumeNotNull(toString(${n})))`
}

/** A series as JSON from an array of reals. */
export const realSeries = (list: string): string => arrayJson(`arrayMap(n -> ${realJson('n')}, ${list})`)

/** Whether all numbers of a JSON text are whole; the engine's own elements have lost the `.0` of reals. */
export const isWhole = (json: string): string => `NOT match(${json}, '[0-9][.eE]')`

/** Binds the numbers of a series; the result is null where the value is no array, is empty, or holds what is no number. */
export function withNumbers(dynamic: string, context: KqlContext, make: (list: string) => string, missing = 'NULL'): string {
  return context.once(numbers(dynamic), (all) =>
    context.once(`arrayMap(n -> ifNull(n, 0), ${all})`, (list) => {
      const usable = `${isArray(dynamic)} AND notEmpty(${all}) AND NOT arrayExists(n -> isNull(n), ${all})`
      return `if(${usable}, ${make(list)}, ${missing})`
    }),
  )
}

/** Mean, and the sum of squares around it. */
export const mean = (list: string): string => `(arraySum(${list}) / length(${list}))`
export const squares = (list: string, around: string): string => `arraySum(n -> (n - ${around}) * (n - ${around}), ${list})`

/** Squares around the mean; what a sample of that spread varies by; and the share of it that a fit explains. */
export const spreadOf = (list: string): string => squares(list, mean(list))
export const sampleOf = (sum: string, list: string): string => `if(length(${list}) > 1, ${sum} / (length(${list}) - 1), 0.)`
export const explained = (left: string, all: string): string => `if(${all} = 0, 1., 1 - ${left} / ${all})`
