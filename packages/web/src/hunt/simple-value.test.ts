import { expect, it } from 'vitest'
import { OPERATORS } from './simple-query.ts'
import { operatorsOf, simpleValue, typedText } from './simple-value.ts'

it.each([
  ['string', '5', { kind: 'text', text: '5' }],
  ['string', 'ago(1h)', { kind: 'text', text: 'ago(1h)' }],
  ['dynamic', 'x', { kind: 'text', text: 'x' }],
  ['long', '-5', { kind: 'bare', text: '-5' }],
  ['long', '5 or true', undefined],
  ['real', '1.5', { kind: 'bare', text: '1.5' }],
  ['bool', 'true', { kind: 'bare', text: 'true' }],
  ['bool', 'yes', undefined],
  ['datetime', '2026-11-21T02:00:00Z', { kind: 'bare', text: 'datetime(2026-11-21T02:00:00Z)' }],
  ['datetime', 'ago(90m)', { kind: 'bare', text: 'ago(90m)' }],
  ['datetime', '2026-11-21) or now(', undefined],
  ['datetime', '5', undefined],
  ['timespan', '1h', { kind: 'bare', text: '1h' }],
  ['string', '', undefined],
])('of a column of type %s, %j is %j', (type, typed, value) => {
  const read = simpleValue(type, typed)
  expect(read).toEqual(value)
  if (read !== undefined) expect(typedText(read)).toBe(typed)
})

it.each(['string', 'long', 'datetime', 'bool', 'dynamic', 'guid'])('%s has operators of KQL', (type) => {
  expect(operatorsOf(type).length).toBeGreaterThan(0)
  expect(operatorsOf(type).filter((one) => !OPERATORS.includes(one))).toEqual([])
})
