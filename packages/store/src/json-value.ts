/**
 * The engine sends 64-bit integers as strings, since a JSON number cannot hold all of them. Those that a number holds
 * exactly become numbers again; the others stay strings, digit by digit.
 */
export function fromJson(value: unknown, type: string): unknown {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1]
  if (inner !== undefined) return fromJson(value, inner)
  const element = /^Array\((.*)\)$/.exec(type)?.[1]
  if (element !== undefined && Array.isArray(value))
    return mayHoldInteger(element) ? value.map((one) => fromJson(one, element)) : value
  if (typeof value !== 'string' || !WIDE_INTEGER.test(type)) return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const WIDE_INTEGER = /^U?Int(?:64|128|256)$/

/** Whether values of a type need a look at all. */
export function mayHoldInteger(type: string): boolean {
  return /Int(?:64|128|256)/.test(type)
}
