import type { QueryReply } from '@podwitness/api'
import { expect, test } from 'vitest'
import { callsAround, commandsAround, storyOf } from './story-query.ts'

const subject = { time: '2026-11-21T02:54:08.971Z', cluster: 'dev', namespace: 'shop', pod: 'web', user: 'bob' }

test('asks about the pod or the account, whichever is known, and about nothing else', () => {
  expect(commandsAround(subject)).toContain("(Namespace == 'shop' and Pod == 'web') or User == 'bob'")
  expect(callsAround({ ...subject, pod: '' })).toContain("and (User == 'bob')")
  expect(commandsAround({ ...subject, user: '', pod: '' })).toBeUndefined()
})

test.each([
  ["x' or 1 == 1 //", "'x\\' or 1 == 1 //'"],
  ['a\\', "'a\\\\'"],
  ['a"\n| take 1', "'a\\u0022\\u000a| take 1'"],
  ['王', "'\\u738b'"],
])('an account named %j stays text', (user, said) =>
  expect(commandsAround({ ...subject, pod: '', user })).toContain(`(User == ${said})`),
)

test('is one story in order of time', () => {
  const columns = ['TimeGenerated', 'EventId', 'User', 'Pod', 'What', 'Status'].map((name) => ({ name, type: 'string' }))
  const reply = (...rows: unknown[][]) => ({ columns, rows, stats: {} }) as unknown as QueryReply
  const commands = reply(
    ['2026-11-21T02:00:02Z', 'c2', 'bob', 'shop/web', 'id', 0],
    ['2026-11-21T02:00:01Z', 'c1', '', '/', 'ls', 0],
  )
  const calls = reply(['2026-11-21T02:00:00Z', 'a1', 'bob', 'shop/web', 'create pods/exec', 101])
  expect(storyOf(commands, calls).map(({ eventId, kind, pod, status }) => [eventId, kind, pod, status])).toEqual([
    ['a1', 'call', 'shop/web', 101],
    ['c1', 'command', '', 0],
    ['c2', 'command', 'shop/web', 0],
  ])
  expect(storyOf(undefined, undefined)).toEqual([])
})
