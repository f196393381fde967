import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { draftRule } from './draft-rule.ts'

test('a draft holds the query as it was written, whatever it is', () => {
  const line = fc.string({ unit: fc.constantFrom(...'ab |#:-\'"{}[]>&*!%@`\\') })
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const query = `Commands\n${lines.join('\n')}`.trimEnd()
      expect(parse(draftRule('kql', query))).toMatchObject({ query: { lang: 'kql', text: query }, trigger: 'hasData' })
      expect(parse(draftRule('sls', `  ${query}`))).toMatchObject({ query: { text: `  ${query}`, stream: 'advaudit-*' } })
    }),
  )
})
