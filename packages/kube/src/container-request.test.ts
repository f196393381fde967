import { describe, expect, it } from 'vitest'
import { type KubeAuditEvent, readKubeEvent } from './audit-event.ts'
import { containerRequest } from './container-request.ts'

function event(more: Record<string, unknown>): KubeAuditEvent {
  const read = readKubeEvent({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage: 'ResponseStarted',
    requestURI:
      '/api/v1/namespaces/shop/pods/web/exec?command=sh&command=-c&command=echo+a%26b%3D%22c%22&container=app&tty=true&stdin=1&stdout=true',
    verb: 'create',
    user: { username: 'alice', groups: ['dev'] },
    sourceIPs: ['10.0.0.9', '10.0.0.1'],
    objectRef: { resource: 'pods', namespace: 'shop', name: 'web', apiVersion: 'v1', subresource: 'exec' },
    requestReceivedTimestamp: '2026-11-21T02:53:32.219899Z',
    stageTimestamp: '2026-11-21T02:53:32.228899Z',
    ...more,
  })
  if ('code' in read) throw new Error(read.code)
  return read
}

describe('containerRequest', () => {
  it('reads the command word by word, decoded', () => {
    expect(containerRequest(event({}))).toMatchObject({
      kind: 'exec',
      namespace: 'shop',
      pod: 'web',
      container: 'app',
      command: ['sh', '-c', 'echo a&b="c"'],
      tty: true,
      stdin: true,
      stdout: true,
      stderr: false,
    })
  })

  it.each(['get', 'create', 'connect'])('counts exec whatever the verb: %s', (verb) => {
    expect(containerRequest(event({ verb }))?.kind).toBe('exec')
  })

  it.each([
    ['merge patch', { spec: { ephemeralContainers: [{ name: 'dbg' }] } }],
    ['EphemeralContainers object', { kind: 'EphemeralContainers', ephemeralContainers: [{ name: 'dbg' }] }],
    ['JSON patch', [{ op: 'add', path: '/spec/ephemeralContainers/-', value: { name: 'dbg' } }]],
    ['JSON patch of the list', [{ op: 'add', path: '/spec/ephemeralContainers', value: [{ name: 'dbg' }] }]],
  ])('finds the ephemeral container in a %s', (_name, requestObject) => {
    const objectRef = { resource: 'pods', namespace: 'shop', name: 'web', subresource: 'ephemeralcontainers' }
    expect(containerRequest(event({ verb: 'patch', objectRef, requestObject }))).toMatchObject({
      kind: 'ephemeral',
      ephemeralNames: ['dbg'],
    })
  })

  it.each([
    [
      'reading ephemeral containers',
      { verb: 'get', objectRef: { resource: 'pods', name: 'web', subresource: 'ephemeralcontainers' } },
    ],
    ['another resource', { objectRef: { resource: 'services', name: 'web', subresource: 'exec' } }],
    ['another group', { objectRef: { resource: 'pods', apiGroup: 'metrics.k8s.io', name: 'web', subresource: 'exec' } }],
    ['no name', { objectRef: { resource: 'pods', subresource: 'exec' } }],
    ['no subresource', { objectRef: { resource: 'pods', name: 'web' } }],
  ])('is nothing for %s', (_name, more) => {
    expect(containerRequest(event(more))).toBeNull()
  })
})

describe('readKubeEvent', () => {
  it('keeps microseconds', () => {
    expect(event({}).receivedMs).toBeCloseTo(Date.parse('2026-11-21T02:53:32.219Z') + 0.899, 3)
  })

  it.each([
    [null, 'not_an_event'],
    [[], 'not_an_event'],
    [{ apiVersion: 'v1', kind: 'Pod' }, 'unsupported_version'],
    [{ auditID: 'a', requestURI: '/' }, 'no_stage'],
    [{ auditID: 'a', requestURI: '/', stage: 'Panic', stageTimestamp: 'yesterday' }, 'no_time'],
  ])('rejects row %#', (json, code) => {
    expect(readKubeEvent(json)).toEqual({ code })
  })
})

describe('through the kubelet', () => {
  const proxied = (rest: string) =>
    containerRequest(
      event({
        requestURI: `/api/v1/nodes/n1/proxy${rest}`,
        objectRef: { resource: 'nodes', name: 'n1', apiVersion: 'v1', subresource: 'proxy' },
      }),
    )

  it.each([
    [
      '/exec/shop/web/app?command=sh&command=-c&command=id&input=1&output=1&tty=1',
      {
        kind: 'exec',
        podUid: '',
        container: 'app',
        command: ['sh', '-c', 'id'],
        stdin: true,
        stdout: true,
        stderr: false,
        tty: true,
      },
    ],
    [
      '/exec/shop/web/0f1e/app?command=id&output=1&error=1',
      { kind: 'exec', podUid: '0f1e', container: 'app', command: ['id'], tty: false },
    ],
    ['/run/shop/web/app?cmd=cat%20/etc/passwd', { kind: 'exec', container: 'app', command: ['cat', '/etc/passwd'] }],
    ['//attach/shop/web/app?input=1&tty=1', { kind: 'attach', container: 'app', command: [], stdin: true, tty: true }],
    ['/portForward/shop/web?port=80', { kind: 'portforward', container: '', podUid: '' }],
    ['/exec/shop/w%65b/app?command=id', { kind: 'exec', pod: 'web' }],
  ])('reads %s', (rest, expected) => {
    expect(proxied(rest)).toMatchObject({ namespace: 'shop', pod: 'web', ...expected })
  })

  it.each([
    '/metrics',
    '/stats/summary',
    '/exec/shop',
    '/constructor/shop/web/app',
    '',
    '/containerLogs/shop/web/app',
    '/exec/%/%/%zz',
  ])('takes %s for what it is, without failing', (rest) => {
    expect(proxied(rest)?.kind ?? null).toBe(rest.startsWith('/exec/%') ? 'exec' : null)
  })
})
