import { character, codepoint } from '../../functions/codepoints.ts'
import type { KqlContext } from '../context.ts'
import { fn, type KqlFunctionTable } from './kql-function.ts'

/** Parameters of the algorithm. Source: RFC 3492 §5. */
const BASE = 36
const DIGITS = "'abcdefghijklmnopqrstuvwxyz0123456789'"
/** Rounds of a loop over the digits of one number: more than any code point needs. */
const ROUNDS = 12

/** RFC 3492 §6.1. */
function adapted(delta: string, points: string, first: string, context: KqlContext): string {
  return context.once(`if(${first}, intDiv(${delta}, 700), intDiv(${delta}, 2))`, (damped) => {
    const step = '(s, k) -> if(tupleElement(s, 1) > 455, (intDiv(tupleElement(s, 1), 35), tupleElement(s, 2) + 36), s)'
    const folded = `arrayFold(${step}, range(${ROUNDS}), (toInt64(${damped} + intDiv(${damped}, ${points})), toInt64(0)))`
    return context.once(
      folded,
      (s) => `toInt64(tupleElement(${s}, 2) + intDiv(36 * tupleElement(${s}, 1), tupleElement(${s}, 1) + 38))`,
    )
  })
}

const threshold = (k: string, bias: string): string => `least(greatest(${k} - ${bias}, 1), 26)`
const digit = (value: string): string => `substring(${DIGITS}, toUInt32(${value} + 1), 1)`

/** A number in digits of growing weight, RFC 3492 §6.3. */
function number(delta: string, bias: string, context: KqlContext): string {
  const t = threshold(`(toInt64(k) + 1) * ${BASE}`, bias)
  const [q, out, done] = [1, 2, 3].map((at) => `tupleElement(s, ${at})`) as [string, string, string]
  const last = `(${q}, concat(${out}, ${digit(q)}), toUInt8(1))`
  const more = `(toInt64(intDiv(${q} - ${t}, ${BASE} - ${t})), concat(${out}, ${digit(`${t} + (${q} - ${t}) % (${BASE} - ${t})`)}), toUInt8(0))`
  const folded = `arrayFold((s, k) -> multiIf(${done} = 1, s, ${q} < ${t}, ${last}, ${more}), range(${ROUNDS}), (toInt64(${delta}), '', toUInt8(0)))`
  return context.once(folded, (s) => `tupleElement(${s}, 2)`)
}

/** A text as punycode: its ASCII characters, a hyphen, and the others with their places. */
function encoded(text: string, context: KqlContext): string {
  const points = `arrayMap(c -> toInt64(${codepoint('c')}), extractAll(${text}, '(?s).'))`
  return context.once(points, (all) => {
    const basic = `arrayFilter(p -> p < 128, ${all})`
    const others = `arraySort(arrayDistinct(arrayFilter(p -> p >= 128, ${all})))`
    // For each code point in turn: all characters of the text, then -1 for the step to the next one.
    const steps = `arrayFlatten(arrayMap(m -> arrayConcat([(m, toInt64(-2))], arrayMap(c -> (m, c), ${all}), [(m, toInt64(-1))]), ${others}))`
    const [n, delta, bias, done, out] = [1, 2, 3, 4, 5].map((at) => `tupleElement(a, ${at})`) as [
      string,
      string,
      string,
      string,
      string,
    ]
    const [m, c] = ['tupleElement(x, 1)', 'tupleElement(x, 2)']
    const start = `(${m}, ${delta} + (${m} - ${n}) * (${done} + 1), ${bias}, ${done}, ${out})`
    const lower = `(${n}, ${delta} + 1, ${bias}, ${done}, ${out})`
    const end = `(${n} + 1, ${delta} + 1, ${bias}, ${done}, ${out})`
    const bend = adapted(delta, `(${done} + 1)`, `${done} = length(${basic})`, context)
    const found = `(${n}, toInt64(0), ${bend}, ${done} + 1, concat(${out}, ${number(delta, bias, context)}))`
    const step = `multiIf(${c} = -2, ${start}, ${c} = -1, ${end}, ${c} < ${n}, ${lower}, ${c} = ${n}, ${found}, a)`
    const plain = `arrayStringConcat(arrayMap(p -> char(p), ${basic}))`
    const first = `(toInt64(128), toInt64(0), toInt64(72), toInt64(length(${basic})), if(empty(${basic}), '', concat(${plain}, '-')))`
    const folded = `arrayFold((a, x) -> ${step}, ${steps}, ${first})`
    return `if(arrayAll(p -> p < 128, ${all}), concat(${plain}, if(empty(${all}), '', '-')), tupleElement(${folded}, 5))`
  })
}

/** The text of punycode; empty where it is none. */
function decoded(text: string, context: KqlContext): string {
  const split = `extractGroups(${text}, '^(?s)(?:(.*)-)?([^-]*)$')`
  return context.once(split, (parts) => {
    const basic = `arrayMap(c -> toInt64(ascii(c)), extractAll(${parts}[1], '(?s).'))`
    const digits = `arrayMap(c -> toInt64(position(${DIGITS}, lower(c))) - 1, extractAll(${parts}[2], '(?s).'))`
    const [n, i, bias, old, w, k, out] = [1, 2, 3, 4, 5, 6, 7].map((at) => `tupleElement(a, ${at})`) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const t = threshold(k, bias)
    const next = `(${i} + d * ${w})`
    const count = `toInt64(length(${out}) + 1)`
    const place = `(${next} % ${count})`
    const point = `(${n} + intDiv(${next}, ${count}))`
    const grown = `arrayConcat(arraySlice(${out}, 1, ${place}), [${point}], arraySlice(${out}, ${place} + 1))`
    const bend = adapted(`(${next} - ${old})`, count, `${old} = 0`, context)
    const found = `(${point}, ${place} + 1, ${bend}, ${place} + 1, toInt64(1), toInt64(${BASE}), ${grown})`
    const more = `(${n}, ${next}, ${bias}, ${old}, toInt64(${w} * (${BASE} - ${t})), ${k} + ${BASE}, ${out})`
    const first = `(toInt64(128), toInt64(0), toInt64(72), toInt64(0), toInt64(1), toInt64(${BASE}), ${basic})`
    const folded = `arrayFold((a, d) -> if(d < ${t}, ${found}, ${more}), ${digits}, ${first})`
    const made = `arrayStringConcat(arrayMap(p -> ${character('toUInt32(p)')}, tupleElement(${folded}, 7)))`
    const valid = `match(${text}, '^[\\\\x00-\\\\x7f]+$') AND NOT arrayExists(d -> d < 0, ${digits}) AND length(${parts}[2]) <= 256`
    return context.once(`if(${valid}, ${made}, '')`, (result) => `if(isValidUTF8(${result}), ${result}, '')`)
  })
}

/** Each label by itself; the full stops of Chinese and Japanese writing divide too. */
const labels = (domain: string, make: (label: string) => string): string =>
  `arrayStringConcat(arrayMap(l -> ${make('l')}, splitByRegexp('[.\u3002\uff0e\uff61]', ${domain})), '.')`

export const PUNYCODE_FUNCTIONS: KqlFunctionTable = {
  punycode_from_string: fn('string', 'string', ([x = "''"], { context }) => encoded(x, context)),
  punycode_to_string: fn('string', 'string', ([x = "''"], { context }) => decoded(x, context)),
  punycode_domain_to_string: fn('string', 'string', ([x = "''"], { context }) =>
    labels(x, (label) => `if(match(${label}, '^[\\\\x00-\\\\x7f]*$'), ${label}, concat('xn--', ${encoded(label, context)}))`),
  ),
  punycode_domain_from_string: fn('string', 'string', ([x = "''"], { context }) =>
    labels(x, (label) => `if(startsWith(lower(${label}), 'xn--'), ${decoded(`substring(${label}, 5)`, context)}, ${label})`),
  ),
}
