import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readRedactionRules } from './redaction-rules.ts'
import { Redactor } from './redactor.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-redact-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const HEAD = 'msg=audit(1700000000.100:7):'
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()
const RULE = 'name = password\nregex = "-password (\\S+)"\nreplacement_char = *\n'

function eventOf(text: string): DecodedEvent {
  const decoder = createDecoder()
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

it('hides whole command lines where a demanded rule is missing', async () => {
  const out = await redact([execve('mysql', '--token=abc')], { 'a.conf': RULE, 'all.requires': 'password\ntoken\n' })
  expect(eventOf(out).argv()).toEqual(['*', '*'])
})

it.each([
  ['no pattern', 'name = x\n', /regex is missing/],
  ['a wrong pattern', 'regex = "(("\n', /Unterminated group/],
  ['a pattern that hides nothing', 'regex = "secret"\n', /no group/],
])('refuses %s, with its file', async (_what, text, why) => {
  writeFileSync(join(folder, 'bad.conf'), text)
  await expect(readRedactionRules(folder)).rejects.toMatchObject({ code: 'PW-AG-008', why: expect.stringMatching(why) })
})

it('never lets a secret through, whatever it and its neighbours are', async () => {
  writeFileSync(join(folder, 'a.conf'), RULE)
  const rules = await readRedactionRules(folder)
  const word = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 30 })
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
