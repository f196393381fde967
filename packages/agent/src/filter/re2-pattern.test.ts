import { expect, it } from 'vitest'
import { BoundedPattern } from './bounded-pattern.ts'
import { translateRe2 } from './re2-pattern.ts'

function groupsOf(pattern: string, text: string): string[] {
  const translated = translateRe2(pattern)
  if ('fault' in translated) throw new Error(translated.fault)
  return new BoundedPattern(translated.source).spans(text).map(([from, to]) => text.slice(from, to))
}

it.each<[string, string, string[]]>([
  ['-password (\\S+)', 'mysql -password hunter2 -e x', ['hunter2']],
  ['(?i)--token[= ](\\S+)', 'a --TOKEN=x --Token y', ['x', 'y']],
  ['(?i:key)=([a-f]+)', 'KEY=abcDEF', ['abc']],
  ['(?i)key=([a-f]+)', 'KEY=abcDEF', ['abcDEF']],
  ['a(?i)b(?-i)c(.)', 'aBc1 aBC2', ['1']],
  ['(?i)x(?:(?-i)y)z(.)', 'XyZ1 XYZ2', ['1']],
  ['p=(.+)', 'p=a\rb\u2028c\nd', ['a\rb\u2028c']], // RE2's dot stops at \n alone
  ['(?s)p=(.+)', 'p=a\nb', ['a\nb']],
  ['p=(\\S+)', 'p=a\u00a0b\vc d', ['a\u00a0b\vc']], // RE2's blank is ASCII's, without \v
  ['p=([\\S]+)', 'p=a\u00a0b\vc d', ['a\u00a0b\vc']],
  ['p=([^\\s"]+)', 'p=a\u00a0b"c', ['a\u00a0b']],
  ['\\Ax(.)', 'xa xb', ['a']],
  ['(.)x\\z', 'ax bx', ['b']],
  ['(?P<name>\\d+)-(?<other>\\d+)', '12-34', ['12', '34']],
  ['p=([[:alnum:]]+)', 'p=aZ9-', ['aZ9']],
  ['p=([^[:space:]]+)', 'p=a:b c', ['a:b']],
  ['p=([[:^digit:]]+)', 'p=ab12', ['ab']],
  ['p=([]a]+)', 'p=]a]b', [']a]']],
  ['p=([^]]+)', 'p=ab]c', ['ab']],
  ['\\Qa.b(\\E(.)', 'a.b(c aXb(d', ['c']],
  ['\\x41\\x{42}(.)', 'ABC', ['C']],
  ['(a)|(b)', 'xb', ['b']],
  ['key=(x{2,3}?)', 'key=xxxx', ['xx']],
  ['"pw":"([^"\\\\]*)"', '{"pw":"s3"}', ['s3']],
])('%s in %j hides %j', (pattern, text, groups) => {
  expect(groupsOf(pattern, text)).toEqual(groups)
})

it.each([
  ['(?=a)(b)', '(?=a is not in RE2'],
  ['(?<!a)(b)', '(?<! is not in RE2'],
  ['(a)\\1', '\\1 has no counterpart here'],
  ['(\\pL)', '\\p has no counterpart here'],
  ['(?m)^(a)', 'the flag m of (?m) has no counterpart here'],
  ['(?U)(a)', 'the flag U of (?U) has no counterpart here'],
  ['([[:letters:]])', '[:letters:] is no class'],
  ['([a)', 'missing ] of a class'],
  ['(a', 'Unterminated group'],
  ['a)', 'Unmatched'],
  ['(a**)', 'Nothing to repeat'],
  ['(\\x{1F600})', 'a character above U+FFFF has no counterpart here'],
  ['(a)\\', '\\ stands at the end'],
])('refuses %s: %s', (pattern, fault) => {
  expect(translateRe2(pattern)).toEqual({ fault: expect.stringContaining(fault) })
})

it('takes no pattern and text together that have no end', () => {
  const worst = new BoundedPattern('(a+)+$')
  expect(worst.fits(`${'a'.repeat(5000)}b`)).toBe(false)
  expect(worst.spans(`${'a'.repeat(5000)}b`)).toEqual([])
  const late = new BoundedPattern('(?:(a+)+b)|(c)')
  expect(() => late.spans(`${'a'.repeat(5000)}c`)).toThrow(/timed out/)
})
