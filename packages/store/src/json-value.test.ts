import { expect, it } from 'vitest'
import { fromJson } from './json-value.ts'

it.each([
  ['5', 'UInt64', 5],
  ['-9007199254740991', 'Int64', -9_007_199_254_740_991],
  ['9007199254740992', 'UInt64', '9007199254740992'],
  ['18446744073709551615', 'UInt64', '18446744073709551615'],
  [null, 'Nullable(UInt64)', null],
  ['7', 'Nullable(UInt64)', 7],
  ['7', 'LowCardinality(Nullable(UInt64))', 7],
  [['1', '9007199254740993'], 'Array(Int64)', [1, '9007199254740993']],
  [[['1'], []], 'Array(Array(UInt64))', [[1], []]],
  ['12', 'String', '12'],
  [['12'], 'Array(String)', ['12']],
  [12, 'UInt32', 12],
  ['340282366920938463463374607431768211455', 'UInt128', '340282366920938463463374607431768211455'],
])('%j of %s is %j', (value, type, expected) => {
  expect(fromJson(value, type)).toEqual(expected)
})
