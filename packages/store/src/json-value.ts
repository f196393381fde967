/**
 * The engine sends 64-bit integers as strings, since a JSON number cannot hold all of them. Those that a number holds
 * exactly become numbers again; the others stay strings, digit by digit. Reals that are no number or infinite are texts.
 */
export function fromJson(value: unknown, type: string): unknown {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1]
  if (inner !== undefined) return fromJson(value, inner)
  const element = /^Array\((.*)\)$/.exec(type)?.[1]
  if (element !== undefined && Array.isArray(value))
    return needsReading(element) ? value.map((one) => fromJson(one, element)) : value
  const [, member] = /^Map\((?:[^(),]|\([^()]*\))*, (.*)\)$/.exec(type) ?? []
  if (member !== undefined && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fromJson(one, member)]))
  if (typeof value !== 'string') return value
  if (FLOAT.test(type)) return SPECIAL[value] ?? value
  if (!WIDE_INTEGER.test(type)) return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** What JSON has no number for leaves as text, in the words of the query languages. */
const SPECIAL: Readonly<Record<string, string>> = { nan: 'NaN', '-nan': 'NaN', inf: 'Infinity', '-inf': '-Infinity' }
const FLOAT = /^B?Float\d+$/
const WIDE_INTEGER = /^U?Int(?:64|128|256)$/

/** Whether values of a type need a look at all. */
export function needsReading(type: string): boolean {
  return /Int(?:64|128|256)|Float/.test(type)
}
