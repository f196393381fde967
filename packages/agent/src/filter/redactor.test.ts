import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRedactionRules } from './redaction-rules.ts'
import { Redactor } from './redactor.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-redact-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const HEAD = 'msg=audit(1700000000.100:7):'
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()
/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))
const RULE = 'name = password\nregex = "-password (\\S+)"\nreplacement_char = *\n'

const decoder = createDecoder()

function eventOf(text: string): DecodedEvent {
  decoder.push(Buffer.from(`${text}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

async function redact(lines: string[], files: Record<string, string> = { 'a.conf': RULE }): Promise<string> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const event = eventOf(lines.join('\n'))
  return new Redactor(await readRedactionRules(folder)).redact(event, event.raw()).toString()
}

const execve = (...argv: string[]): string =>
  `type=EXECVE ${HEAD} argc=${argv.length}${argv.map((word, i) => ` a${i}=${/^[!#-~]+$/.test(word) ? `"${word}"` : hex(word)}`).join('')}`

it('hides what a rule names, in arguments and title, and nothing else', async () => {
  const title = `type=PROCTITLE ${HEAD} proctitle=${hex('mysql\0-password\0hunter2\0-e\0select 1')}`
  const out = await redact([execve('mysql', '-password', 'hunter2', '-e', 'select 1'), title])
  expect(out).not.toContain('hunter2')
  expect(out).not.toContain(hex('hunter2'))
  expect(eventOf(out).argv()).toEqual(['mysql', '-password', '*******', '-e', 'select 1'])
  expect(eventOf(out).proctitle()).toBe('mysql -password ******* -e select 1')
})

it('leaves an event without a secret as it is, byte for byte', async () => {
  const lines = [execve('ls', '-l'), `type=CWD ${HEAD} cwd="/"`]
  expect(await redact(lines)).toBe(lines.join('\n'))
})

it('finds a secret in the hexadecimal command of sudo', async () => {
  const out = await redact([
    `type=USER_CMD ${HEAD} pid=1 uid=0 msg='cwd="/" cmd=${hex('app -password geheim')} terminal=pts/0 res=success'`,
  ])
  expect(out).not.toContain(hex('geheim'))
  expect(out).toContain(hex('app -password ******'))
  expect(out).toContain('terminal=pts/0')
})

describe('demanded rules', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['one is missing', { 'a.conf': RULE, 'all.requires': 'password\ntoken\n' }, true],
    ['by the file', { 'a.conf': RULE, 'all.requires': 'a.conf\n' }, false],
    ['by the file without its ending', { 'a.conf': RULE, 'all.requires': 'a\n' }, false],
    ['by the name of the rule', { 'a.conf': RULE, 'all.requires': 'password' }, false],
    ['comments and empty lines demand nothing', { 'a.conf': RULE, 'all.requires': '# of us\n\n  a \n' }, false],
    ['without any rule', { 'all.requires': 'a' }, true],
    ['in other files', { 'a.conf': RULE, 'notes.txt': 'b.requires' }, false],
  ])('hide whole command lines or not: %s', async (_what, files, whole) => {
    const out = await redact([execve('mysql', '--token=abc')], files)
    expect(eventOf(out).argv()).toEqual(whole ? ['*', '*'] : ['mysql', '--token=abc'])
  })
})

it.each<[string, string, string]>([
  ['quoted, and a comment behind', 'regex = "-p (\\S+)" # secrets', '-p ***'],
  ['quotes within quotes', 'regex = "\\"-p (\\S+)\\"|-p (\\S+)"', '-p ***'],
  ['raw', 'regex=R"regex(-p (\\S+))regex"', '-p ***'],
  ['raw without a word', 'regex=R"(-p (\\S+))"', '-p ***'],
  ['one word', 'regex = -p.(\\S+) # bare', '-p ***'],
  ['the first of two', 'regex = "-p (\\S+)"\nregex = "(none)"', '-p ***'],
  ['another character', 'regex = "-p (\\S+)"\nreplacement_char = #x', '-p ###'],
  ['no character', 'regex = "-p (\\S+)"\nreplacement_char = ""', '-p ***'],
])('takes a pattern %s', async (_what, text, shown) => {
  const out = await redact([execve('run', '-p', 'abc')], { 'a.conf': text })
  expect(eventOf(out).argv().slice(1).join(' ')).toBe(shown)
})

it.each([
  ['no pattern', 'name = x\n', ':1: regex is missing'],
  ['a wrong pattern', '\nregex = "(("\n', ':2: is no pattern: Unterminated group'],
  ['a pattern that hides nothing', 'regex = "secret"\n', ':1: the pattern has no group'],
  ['what RE2 does not have', 'regex = "(?<=x)(y)"\n', ':1: is no pattern: (?<= is not in RE2'],
  ['blanks outside of quotes', '# x\n\nregex = -p (\\S+)\n', ':3: a value with a blank stands in quotes'],
  ['quotes without an end', 'regex = "-p (\\S+)\n', ':1: the quotes of the value do not end'],
  ['words behind the quotes', 'regex = "-p (\\S+)" x\n', 'something stands behind them'],
  ['a raw value without an end', 'regex = R"x(-p (\\S+))y"\n', ':1: a raw value is'],
  ['a line that is none', 'regex = "(a)"\nhide it\n', ':2: a line is NAME = VALUE'],
])('refuses %s, with file and line', async (_what, text, why) => {
  writeFileSync(join(folder, 'bad.conf'), text)
  await expect(readRedactionRules(folder)).rejects.toMatchObject({ code: 'PW-AG-008', why: expect.stringContaining(`bad.conf`) })
  await expect(readRedactionRules(folder)).rejects.toMatchObject({ why: expect.stringContaining(why) })
})

it('refuses a folder or a file that it cannot read', async () => {
  await expect(readRedactionRules(join(folder, 'none'))).rejects.toMatchObject({ code: 'PW-AG-008' })
  mkdirSync(join(folder, 'dir.conf'))
  await expect(readRedactionRules(folder)).rejects.toMatchObject({ why: expect.stringContaining('EISDIR') })
})

it('hides the whole line where a pattern would take for ever on it', async () => {
  const words = ['run', 'a'.repeat(4000), 'c']
  const out = await redact([execve(...words)], { 'a.conf': 'regex = "(?:(a+)+b)|(c)"\n' })
  expect(eventOf(out).argv()).toEqual(['*', '*', '*'])
})

it('never lets a secret through, whatever it and its neighbours are', async () => {
  writeFileSync(join(folder, 'a.conf'), RULE)
  const rules = await readRedactionRules(folder)
  const word = fc
    .string({ unit: CHARACTER, minLength: 1, maxLength: 30 })
    .filter((text) => !/[\s\0]/.test(text) && Buffer.from(text).toString() === text)
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), word, (others, end) => {
      const secret = `SeCrEt${end}`
      const event = eventOf(execve('run', ...others, '-password', secret, ...others))
      const out = new Redactor(rules).redact(event, event.raw())
      const { argv } = { argv: eventOf(out.toString()).argv() }
      expect(argv[others.length + 2]).toBe('*'.repeat(secret.length))
      expect(argv).toHaveLength(others.length * 2 + 3)
    }),
    { numRuns: 60 },
  )
})
