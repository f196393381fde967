import { BARE, type Operator, type SimpleValue } from './simple-query.ts'

const NUMBERS = new Set(['int', 'long', 'real', 'decimal'])
const EQUALITY = ['==', '!=', 'in', '!in'] as const
const ORDERED = ['==', '!=', '>', '>=', '<', '<='] as const
const NULLS = ['isnull', 'isnotnull'] as const
const TEXTS = [
  ...EQUALITY,
  ...['=~', 'has', '!has', 'contains', '!contains', 'startswith', '!startswith', 'endswith', '!endswith', 'matches regex'],
  ...['isempty', 'isnotempty'],
] as const satisfies readonly Operator[]
const SEARCHED = ['has', '!has', 'contains', '!contains', 'isempty', 'isnotempty'] as const

/** Operators that make sense for a column of a type, commonest first. @param type As KQL names it. */
export function operatorsOf(type: string): readonly Operator[] {
  if (type === 'datetime' || type === 'timespan') return [...ORDERED.slice(2), ...NULLS]
  if (NUMBERS.has(type)) return [...ORDERED, 'in', '!in', ...NULLS]
  if (type === 'bool') return ['==', '!=']
  return type === 'dynamic' ? SEARCHED : TEXTS
}

/** What somebody typed as a value of a column; undefined where it is none of that type. */
export function simpleValue(type: string, typed: string): SimpleValue | undefined {
  if (typed === '') return undefined
  if (type === 'datetime') {
    const text = /^\d{4}-\d\d/.test(typed) ? `datetime(${typed})` : typed
    return /^(?:datetime|ago)\(/.test(text) && BARE.test(text) ? { kind: 'bare', text } : undefined
  }
  if (type === 'bool') return typed === 'true' || typed === 'false' ? { kind: 'bare', text: typed } : undefined
  if (NUMBERS.has(type)) return /^-?\d+(?:\.\d+)?$/.test(typed) ? { kind: 'bare', text: typed } : undefined
  if (type === 'timespan') return BARE.test(typed) ? { kind: 'bare', text: typed } : undefined
  return { kind: 'text', text: typed }
}

/** A value as somebody would type it. */
export function typedText({ kind, text }: SimpleValue): string {
  return kind === 'bare' ? (/^datetime\((.*)\)$/.exec(text)?.[1] ?? text) : text
}
