import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLines } from './line-reader.ts'

async function linesOf(
  text: string,
  cuts: readonly number[],
  maxBytes: number,
): Promise<{ text: string; length: number; number: number }[]> {
  const bytes = Buffer.from(text)
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 1; at < edges.length; at++) yield bytes.subarray(edges[at - 1], edges[at])
  }
  const found = []
  for await (const block of readLines(chunks(), maxBytes))
    for (const line of block) found.push({ text: line.bytes.toString(), length: line.length, number: line.number })
  return found
}

it.each([
  ['', []],
  ['a', ['a']],
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb', ['a', 'b']],
  ['\n\n', ['', '']],
])('reads %j', async (text, expected) => {
  expect((await linesOf(text, [], 100)).map((line) => line.text)).toEqual(expected)
})

it('cuts a long line, keeps its length and goes on', async () => {
  expect(await linesOf(`${'x'.repeat(50)}\nok\n`, [7, 20, 30], 10)).toEqual([
    { text: 'x'.repeat(10), length: 50, number: 1 },
    { text: 'ok', length: 2, number: 2 },
  ])
})

it('reads the same lines however the bytes are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', 'bc') })
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(200), { maxLength: 6 }), async (whole, cuts) => {
      expect(await linesOf(whole, cuts, 1000)).toEqual(await linesOf(whole, [], 1000))
    }),
  )
})
