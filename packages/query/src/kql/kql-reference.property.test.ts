import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-property-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** An expression, and what it is by the reference below. */
type Case = readonly [expression: string, wanted: unknown]

/** Many expressions in one query: what is random are the values, not the number of questions to the engine. */
async function holds(cases: readonly Case[]) {
  for (let at = 0; at < cases.length; at += 40) {
    const some = cases.slice(at, at + 40)
    const { sql, params } = await compileKqlHere({
      text: `print ${some.map(([expression], index) => `x${index} = ${expression}`).join(', ')}`,
    })
    const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
    for (const [index, [expression, wanted]] of some.entries())
      expect([expression, rows[0]?.[index]]).toEqual([expression, wanted])
  }
}
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] => fc.sample(arbitrary, count)

const TICKS_PER_DAY = 864_000_000_000n
const OLD = 621_355_968_000_000_000n
const long = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n })
const literal = (value: bigint | null): string => (value === null ? 'long(null)' : `long(${value})`)
const plain = (value: bigint | null): unknown => (value === null ? null : Number(value))
/** Ticks since 1970 from 1900 to 2200. */
const moment = fc.bigInt({ min: -22_089_888_000_000_000n, max: 72_582_912_000_000_000n })
const span = fc.bigInt({ min: -(400n * TICKS_PER_DAY), max: 400n * TICKS_PER_DAY })
const mod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by
const two = (value: bigint, width = 2): string => String(value).padStart(width, '0')

function dateText(ticks: bigint): string {
  const rest = mod(ticks, 10_000_000n)
  return `${new Date(Number((ticks - rest) / 10_000n)).toISOString().slice(0, 19)}.${two(rest, 7)}Z`
}
function spanText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks
  const [days, rest] = [size / TICKS_PER_DAY, size % 10_000_000n]
  const clock = [(size / 36_000_000_000n) % 24n, (size / 600_000_000n) % 60n, (size / 10_000_000n) % 60n]
    .map((part) => two(part))
    .join(':')
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${rest > 0n ? `.${two(rest, 7)}` : ''}`
}
const date = (ticks: bigint): string => `datetime(${dateText(ticks)})`
const time = (ticks: bigint): string => `time(${spanText(ticks)})`

it('gives back every literal as it was written', async () => {
  const texts = sample(fc.string({ unit: 'grapheme', maxLength: 20 }), 60)
  const quoted = (text: string): string => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`
  await holds([
    ...texts.filter((text) => !/[\r\n]/.test(text)).map((text): Case => [quoted(text), text]),
    ...sample(long, 20).map((value): Case => [literal(value), Number(value)]),
    ...sample(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), 20).map(
      (value): Case => [`real(${value})`, Object.is(value, -0) ? 0 : value],
    ),
    ...sample(moment, 20).map((value): Case => [date(value), dateText(value)]),
    ...sample(span, 20).map((value): Case => [time(value), spanText(value)]),
    ...sample(span, 20).map((value): Case => [`totimespan(strcat("${spanText(value)}", ""))`, spanText(value)]),
    ['time(00:00:01)', '00:00:01'],
    ['totimespan(strcat("1:02:03:", "04"))', '1.02:03:04'],
    ...sample(fc.uuid(), 10).map((value): Case => [`guid(${value})`, value]),
    ...sample(fc.boolean(), 4).map((value): Case => [String(value), value]),
  ])
})

/** KQL's own rules: null is sticky but for equality, and whole numbers divide without a fraction. */
const OPERATORS: Readonly<Record<string, (a: bigint | null, b: bigint | null) => unknown>> = {
  '+': (a, b) => plain(a === null || b === null ? null : a + b),
  '-': (a, b) => plain(a === null || b === null ? null : a - b),
  '/': (a, b) => plain(a === null || b === null || b === 0n ? null : a / b),
  '%': (a, b) => plain(a === null || b === null || b === 0n ? null : mod(a, b < 0n ? -b : b)),
  '<': (a, b) => (a === null || b === null ? null : a < b),
  '>=': (a, b) => (a === null || b === null ? null : a >= b),
  '==': (a, b) => (a === null && b === null ? null : a === b),
  '!=': (a, b) => (a === null && b === null ? null : a !== b),
}

it('computes with whole numbers and nulls as the reference does', async () => {
  const value = fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.bigInt(-3n, 3n) },
    { weight: 4, arbitrary: long },
  )
  const pairs = sample(fc.tuple(value, value, fc.constantFrom(...Object.keys(OPERATORS))), 160)
  await holds(pairs.map(([a, b, sign]): Case => [`${literal(a)} ${sign} ${literal(b)}`, OPERATORS[sign]?.(a, b)]))
})

it('cuts and measures texts as the reference does', async () => {
  const unit = fc.constantFrom('a', 'b', 'A', ' ', 'é', '中', '😀', '.', '-')
  const cases = sample(
    fc.tuple(
      fc.string({ unit, maxLength: 12 }),
      fc.string({ unit, minLength: 1, maxLength: 2 }),
      fc.integer({ min: -14, max: 14 }),
    ),
    60,
  )
  await holds(
    cases.flatMap(([text, part, at]): Case[] => {
      const points = [...text]
      const start = at < 0 ? Math.max(points.length + at, 0) : at
      const place = text.indexOf(part)
      return [
        [`strlen("${text}")`, points.length],
        [`substring("${text}", ${at})`, points.slice(start).join('')],
        [`substring("${text}", ${at}, 2)`, points.slice(start, start + 2).join('')],
        [`indexof("${text}", "${part}")`, place < 0 ? -1 : [...text.slice(0, place)].length],
        [`replace_string("${text}", "${part}", "x")`, text.split(part).join('x')],
        [`strcat_array(split("${text}", "${part}"), "|")`, text.split(part).join('|')],
        [`reverse("${text}")`, points.reverse().join('')],
      ]
    }),
  )
})

it('computes with times as the reference does', async () => {
  const size = fc.constantFrom(10_000_000n, 600_000_000n, 36_000_000_000n, TICKS_PER_DAY, 7n * TICKS_PER_DAY)
  const cases = sample(fc.tuple(moment, moment, span, size), 40)
  await holds(
    cases.flatMap(([a, b, by, step]): Case[] => [
      [`${date(a)} + ${time(by)}`, dateText(a + by)],
      [`${date(a)} - ${date(b)}`, spanText(a - b)],
      [`bin(${date(a)}, ${time(step)})`, dateText(a - mod(a + OLD, step))],
      [`bin(${time(by)}, ${time(step)})`, spanText(by - mod(by, step))],
      [`startofday(${date(a)})`, dateText(a - mod(a, TICKS_PER_DAY))],
      [`endofday(${date(a)})`, dateText(a - mod(a, TICKS_PER_DAY) + TICKS_PER_DAY - 1n)],
      // 1970-01-01 was a Thursday; weeks begin on Sunday.
      [`startofweek(${date(a)})`, dateText(a - mod(a + 4n * TICKS_PER_DAY, 7n * TICKS_PER_DAY))],
      [
        `datetime_diff("day", ${date(a)}, ${date(b)})`,
        Number((a - mod(a, TICKS_PER_DAY) - (b - mod(b, TICKS_PER_DAY))) / TICKS_PER_DAY),
      ],
      [`dayofweek(${date(a)})`, spanText((mod(a + 4n * TICKS_PER_DAY, 7n * TICKS_PER_DAY) / TICKS_PER_DAY) * TICKS_PER_DAY)],
      [`tolong(${time(by)})`, Number(by)],
    ]),
  )
})
