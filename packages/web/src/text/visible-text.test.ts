import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeText, inertText, visibleText } from './visible-text.ts'

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

test.each([
  ['ls -l', 'ls -l'],
  ['\x1b[31mred', '\\x1b[31mred'],
  ['a\nb\tc\rd\0e', 'a\\nb\\tc\\rd\\x00e'],
  ['\x7f\x85', '\\x7f\\x85'],
  ['rm \u202egpj.exe\u202c', 'rm U+202Egpj.exeU+202C'],
  ['\u2066x\u2069\u200b\ufeff', 'U+2066xU+2069U+200BU+FEFF'],
  ['a\u00a0b\u00ad', 'aU+00A0bU+00AD'],
  ['tag \u{e0041}', 'tag U+E0041'],
  ['half \ud800 pair', 'half U+D800 pair'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['删除 文件 été 🙂', '删除 文件 été 🙂'],
])('%j is shown as %j', (text, shown) => {
  expect(inertText(text)).toBe(shown)
  expect(
    visibleText(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(shown)
})

test('marks what it wrote out, so that text which looks like an escape is told from one', () => {
  expect(visibleText('\\x1b \x1b')).toEqual([
    { text: '\\x1b ', escaped: false },
    { text: '\\x1b', escaped: true },
  ])
})

test('nothing that acts or hides is left, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: CHARACTER }), (text) => {
      expect(inertText(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b-\u200d\ufeff]/u)
      const lengths = visibleText(text).map((part) => (part.escaped ? 0 : part.text.length))
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(text.length)
    }),
  )
  expect(escapeText('\u{1f600}')).toBe('U+1F600')
})
