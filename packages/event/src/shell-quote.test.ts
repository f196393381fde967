import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shellQuote } from './shell-quote.ts'

it.each([
  [['ls', '-la'], 'ls -la'],
  [['echo', ''], "echo ''"],
  [['sh', '-c', "it's $HOME"], `sh -c 'it'\\''s $HOME'`],
])('quotes %j', (argv, expected) => {
  expect(shellQuote(argv)).toBe(expected)
})

it('is read back by a shell as the same words', () => {
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const out = execFileSync('sh', ['-c', `for word in ${shellQuote(words)}; do printf '%s\\0' "$word"; done`], {
        encoding: 'utf8',
      })
      expect(out.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 30 },
  )
})
