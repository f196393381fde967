import { expect, it } from 'vitest'
import { sizeText } from './size-text.ts'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [12_345_678, '12.3 MB'],
  [9.996e9, '10.0 GB'],
  [1e18, '1000 PB'],
])('%d bytes', (bytes, text) => {
  expect(sizeText(bytes).replace('\u202f', ' ')).toBe(text)
})
