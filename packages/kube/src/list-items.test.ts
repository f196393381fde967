import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listItems } from './list-items.ts'

function slices(text: string): string[] {
  const bytes = Buffer.from(text)
  return listItems(bytes).map(([begin, end]) => bytes.subarray(begin, end).toString())
}

it.each([
  ['{"items":[]}', []],
  ['{"kind":"EventList","metadata":{},"items":[{"a":1},{"b":[{"c":"]"}]}]}', ['{"a":1}', '{"b":[{"c":"]"}]}']],
  ['{ "items" : [ {"a" : "\\"}"} ,\n {"b":2} ] , "x":[{"y":1}] }', ['{"a" : "\\"}"}', '{"b":2}']],
  ['{"body":{"note":"\\"items\\":[","items":[{"é":"ü"}]}}', ['{"é":"ü"}']],
  ['{"other":[{"a":1}]}', []],
])('finds the elements of row %#', (text, expected) => {
  expect(slices(text)).toEqual(expected)
})

it('returns exactly the bytes of every element, whatever they hold', () => {
  const element = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(element), fc.nat(3), (items, indent) => {
      expect(slices(JSON.stringify({ kind: 'EventList', items }, null, indent)).map((text) => JSON.parse(text))).toEqual(
        JSON.parse(JSON.stringify(items)),
      )
    }),
  )
})

it('does not run past the end of what is cut off', () => {
  fc.assert(
    fc.property(fc.nat(60), (length) => {
      const text = '{"items":[{"a":"b\\\\"},{"c":[1,2,{"d":"e"}]}]}'.slice(0, length)
      for (const item of slices(text)) expect(() => JSON.parse(item)).not.toThrow()
    }),
  )
})
