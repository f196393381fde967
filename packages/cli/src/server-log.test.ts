import { expect, it } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { contextOf } from './context.ts'
import { logging } from './server-log.ts'

it.each([
  ['joined with pwj.4f1d.s3cr3t-s3cr3t.0a1b2c', 'joined with pw***'],
  ['Authorization: Bearer eyJhbGciOi.x.y and Basic dTpw', 'Authorization: Bearer *** and Basic ***'],
  ['ready http://127.0.0.1:7070/?token=abcdef&x=1', 'ready http://127.0.0.1:7070/?token=***&x=1'],
  ['cannot reach https://alice:hunter2@db.example:8123/', 'cannot reach https://alice:***@db.example:8123/'],
  ['-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- x', '*** (a private key) x'],
  ['a password is asked for at /login', 'a password is asked for at /login'],
])('says %j without its secret, in both formats', (text, expected) => {
  const { terminal, recorded } = testTerminal()
  logging(contextOf(terminal, {}), 'text').hint(text)
  expect(recorded.talk).toBe(`${expected}\n`)
  logging(contextOf(terminal, {}), 'json').terminal.say(`PW-AP-005 unexpected: ${text}\n at line 1`)
  const line = recorded.talk.split('\n').at(-2) ?? ''
  expect(JSON.parse(line)).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    level: 'error',
    code: 'PW-AP-005',
    message: `PW-AP-005 unexpected: ${expected}\n at line 1`,
  })
})
