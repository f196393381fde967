import { type CallContext, constant, type Value } from './query-function.ts'

/**
 * How a part of a time is written, by its letter: what the engine writes the same way stands as its own letter, the
 * rest is an expression. Source: Presto, date_format; ClickHouse, formatDateTime.
 */
const WRITTEN: Readonly<Record<string, string | ((time: string) => string)>> = {
  ...Object.fromEntries([...'aWbMmdefHhIijpSsTYy%'].map((letter) => [letter, `%${letter}`])),
  r: '%h:%i:%S %p',
  c: (time) => `toString(toMonth(${time}))`,
  k: (time) => `toString(toHour(${time}))`,
  l: (time) => `toString((toHour(${time}) + 11) % 12 + 1)`,
  v: (time) => `leftPad(toString(toISOWeek(${time})), 2, '0')`,
  x: (time) => `toString(toISOYear(${time}))`,
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const MONTH = MONTHS.map((name) => `${name}|${name.slice(0, 3)}`).join('|')
const DAY = '(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?'

/** What a letter takes from a text, and which part of the time that is. Source: Presto, date_parse. */
const READ: Readonly<Record<string, readonly [pattern: string, part?: string]>> = {
  Y: ['(\\d{4})', 'year'],
  y: ['(\\d{2})', 'shortYear'],
  m: ['(\\d{1,2})', 'month'],
  c: ['(\\d{1,2})', 'month'],
  b: [`(${MONTH})`, 'monthName'],
  M: [`(${MONTH})`, 'monthName'],
  d: ['(\\d{1,2})', 'day'],
  e: ['(\\d{1,2})', 'day'],
  H: ['(\\d{1,2})', 'hour'],
  k: ['(\\d{1,2})', 'hour'],
  h: ['(\\d{1,2})', 'halfHour'],
  I: ['(\\d{1,2})', 'halfHour'],
  l: ['(\\d{1,2})', 'halfHour'],
  i: ['(\\d{1,2})', 'minute'],
  S: ['(\\d{1,2})', 'second'],
  s: ['(\\d{1,2})', 'second'],
  f: ['(\\d{1,9})', 'fraction'],
  p: ['(am|pm)', 'half'],
  a: [DAY],
  W: [DAY],
  '%': ['%'],
}
const COMPOSED: Readonly<Record<string, string>> = { T: '%H:%i:%s', r: '%h:%i:%s %p' }

/** The format at `index`, in pieces: a letter behind `%`, or text. Refuses a letter that is not in the table. */
function pieces(args: readonly Value[], index: number, context: CallContext, known: object): string[] {
  const format = constant(args, index, context)
  const parts = format.match(/%[\s\S]?|[^%]+/g) ?? []
  for (const part of parts)
    if (part.startsWith('%') && !Object.hasOwn(known, part.slice(1)))
      throw context.refuse(index, `This date format holds "${part}", which is not supported.`)
  return parts
}

/** Checks a date format and gives what writes a time in it. */
export function timeWriter(args: readonly Value[], index: number, context: CallContext): (time: string) => string {
  const written: (string | ((time: string) => string))[] = []
  for (const part of pieces(args, index, context, WRITTEN)) {
    const next = part.startsWith('%') ? (WRITTEN[part.slice(1)] ?? '') : part
    const last = written.at(-1)
    if (typeof next === 'string' && typeof last === 'string') written[written.length - 1] = last + next
    else written.push(next)
  }
  const bound = written.map((one) => (typeof one === 'string' ? context.parameters.text(one) : one))
  return (time) => {
    const texts = bound.map((one) => (typeof one === 'string' ? `formatDateTime(${time}, ${one})` : one(time)))
    const [only = "''"] = texts
    return texts.length < 2 ? only : `concat(${texts.join(', ')})`
  }
}

/** A text read as a time by the format at `index`; null where it is not written so. What the format leaves out is that of 1970-01-01. */
export function readTime(text: string, args: readonly Value[], index: number, context: CallContext): string {
  const format = constant(args, index, context).replace(/%([Tr])/g, (_all, letter: string) => COMPOSED[letter] ?? '')
  const places = new Map<string, number>()
  const known = { ...READ, T: true, r: true }
  pieces(args, index, context, known)
  let groups = 0
  const pattern = (format.match(/%[\s\S]|[^%]+/g) ?? []).map((piece) => {
    if (!piece.startsWith('%')) return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const [taken = '', part] = READ[piece.slice(1)] ?? []
    if (part !== undefined) {
      groups += 1
      places.set(part, groups)
    }
    return taken
  })
  const matched = `extractGroups(ifNull(toString(${text}), ''), ${context.parameters.text(`(?i)^${pattern.join('')}$`)})`
  // A format without letters reads nothing.
  if (groups === 0) throw context.refuse(index, 'This date format names no part of a time.')
  return `arrayElement(arrayMap(__g -> ${assembled(places)}, [${matched}]), 1)`
}

function assembled(places: ReadonlyMap<string, number>): string {
  const part = (name: string): string | undefined => (places.has(name) ? `__g[${places.get(name)}]` : undefined)
  const padded = (value: string | undefined, otherwise: string): string =>
    value === undefined ? `'${otherwise}'` : `leftPad(${value}, 2, '0')`
  const short = part('shortYear')
  // Two digits are a year of 1970 to 2069.
  const year =
    part('year') ??
    (short === undefined ? "'1970'" : `if(toUInt8OrZero(${short}) < 70, concat('20', ${short}), concat('19', ${short}))`)
  const named = part('monthName')
  const months = `[${MONTHS.map((name) => `'${name.slice(0, 3)}'`).join(', ')}]`
  const month = padded(
    named === undefined ? part('month') : `toString(indexOf(${months}, lower(substring(${named}, 1, 3))))`,
    '01',
  )
  const half = part('halfHour')
  const afternoon = part('half') === undefined ? '0' : `if(lower(${part('half')}) = 'pm', 12, 0)`
  const clock =
    half === undefined
      ? part('hour')
      : `toString(if(toUInt8OrZero(${half}) > 12, 99, toUInt8OrZero(${half}) % 12 + ${afternoon}))`
  const date = `${year}, '-', ${month}, '-', ${padded(part('day'), '01')}`
  const time = `${padded(clock, '00')}, ':', ${padded(part('minute'), '00')}, ':', ${padded(part('second'), '00')}`
  const fraction = part('fraction') === undefined ? "''" : `concat('.', ${part('fraction')})`
  const whole = `toDateTime64OrNull(concat(${date}, ' ', ${time}, ${fraction}), 3, 'UTC')`
  // The engine moves a day that does not exist into the next month.
  const same = `ifNull(toString(toDate32(${whole})) = concat(${date}), 0)`
  return `if(empty(__g), NULL, if(${same}, ${whole}, NULL))`
}
