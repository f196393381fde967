import { expect, it } from 'vitest'
import { containerRequest } from './container-request.ts'
import { isLegacyLine, readKubeLine } from './legacy-line.ts'

/** A line as EventString (k8s.io/apiserver, pkg/audit/format.go) would write it. */
function line(more: Readonly<Record<string, string>> = {}): string {
  const values = {
    id: '7ba3',
    stage: 'ResponseStarted',
    ip: '192.0.2.7',
    method: 'create',
    user: 'alice',
    groups: '\\"dev\\",\\"system:authenticated\\"',
    as: '<self>',
    asgroups: '<lookup>',
    'user-agent': 'kubectl/v1.31',
    namespace: 'shop',
    uri: '/api/v1/namespaces/shop/pods/web-1/exec?command=sh&command=-c&command=id&container=web&tty=true',
    response: '101',
    ...more,
  }
  const text = Object.entries(values).map(([name, value]) => `${name}="${value}"`)
  return `2026-11-21T03:00:00.123456789Z AUDIT: ${text.join(' ')}`
}

it('reads who did what to which container', () => {
  const event = readKubeLine(line())
  if ('code' in event) throw new Error(event.code)
  expect(event).toMatchObject({
    auditID: '7ba3',
    stage: 'ResponseStarted',
    verb: 'create',
    status: 101,
    level: '',
    user: { username: 'alice', groups: ['dev', 'system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-1', apiGroup: '' },
  })
  expect([event.receivedMs, event.stageMs].map(Math.floor)).toEqual([1_795_230_000_123, 1_795_230_000_123])
  expect([event.stageUntimed, event.impersonatedUser]).toEqual([true, undefined])
  expect(containerRequest(event)).toMatchObject({ kind: 'exec', container: 'web', command: ['sh', '-c', 'id'], tty: true })
})

it.each([
  [{ user: '<none>', groups: '<none>' }, { user: { username: '', groups: [] } }],
  [{ as: 'bob', asgroups: '\\"a\\\\\\"b\\",\\"c,d\\"' }, { impersonatedUser: { username: 'bob', groups: ['a"b', 'c,d'] } }],
  [{ as: 'bob' }, { impersonatedUser: { username: 'bob', groups: [] } }],
  [
    { response: '<deferred>', ip: '<unknown>' },
    { status: 0, sourceIPs: [] },
  ],
  [
    { 'user-agent': 'a\\" uri=\\"/x\\" \\t\\x1b\\xff\\u200b\\U0001f600\\\\' },
    { userAgent: 'a" uri="/x" \t\x1b\ufffd\u200b\u{1f600}\\' },
  ],
  [{ uri: '/healthz', namespace: '<none>' }, { objectRef: { resource: '', namespace: '' } }],
  [
    { uri: '/apis/apps/v1/namespaces/a/deployments/b/scale', namespace: 'a' },
    { objectRef: { apiGroup: 'apps', resource: 'deployments', subresource: 'scale', name: 'b' } },
  ],
])('reads %j', (more, expected) => {
  expect(readKubeLine(line(more))).toMatchObject(expected)
})

it.each([
  line().replace(' stage=', ' stade='),
  line().slice(0, -1),
  `${line()} and="more"`,
  line({ stage: 'a"b' }),
  '2026-11-21T03:00:00Z AUDIT: id=""',
  '',
  'null',
])('refuses %j', (text) => {
  expect(readKubeLine(text)).toEqual({ code: 'not_an_event' })
})

it('tells it from JSON and from lines of the kernel, and does not choke on a long one', () => {
  expect([line(), '{"auditID":"a"}', 'type=SYSCALL msg=audit(1.000:1): x AUDIT: id="'].map(isLegacyLine)).toEqual([
    true,
    false,
    false,
  ])
  expect(readKubeLine(line({ uri: `/${'\\\\'.repeat(50_000)}` }))).toMatchObject({ stage: 'ResponseStarted' })
})
