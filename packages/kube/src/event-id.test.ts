import { expect, it } from 'vitest'
import { type KubeAuditEvent, readKubeEvent } from './audit-event.ts'
import { kubeEventId, kubeRequestId } from './event-id.ts'

const LINE = {
  auditID: 'chosen-by-client',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/pods',
  verb: 'list',
  user: { username: 'alice' },
  sourceIPs: ['10.0.0.1'],
  requestReceivedTimestamp: '2026-11-21T02:53:32.219899Z',
  stageTimestamp: '2026-11-21T02:53:32.228899Z',
}

function read(json: unknown): KubeAuditEvent {
  const event = readKubeEvent(json)
  if ('code' in event) throw new Error(event.code)
  return event
}

it('is the same for the log back end and the webhook', () => {
  const logged = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...LINE }
  expect(kubeEventId('c', read(logged))).toBe(kubeEventId('c', read(Object.fromEntries(Object.entries(LINE).reverse()))))
})

it('is a UUID of version 8', () => {
  expect(kubeEventId('c', read(LINE))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

it.each([
  ['cluster', 'd', {}],
  ['user', 'c', { user: { username: 'bob' } }],
  ['stage', 'c', { stage: 'RequestReceived' }],
  ['time', 'c', { requestReceivedTimestamp: '2026-11-21T02:53:32.219898Z' }],
])('differs by %s, though the client chose the same Audit-ID', (_name, cluster, more) => {
  expect(kubeEventId(cluster, read({ ...LINE, ...more }))).not.toBe(kubeEventId('c', read(LINE)))
})

it('ties the stages of a request together, also where only the later ones know who is impersonated', () => {
  const received = read({ ...LINE, stage: 'RequestReceived', stageTimestamp: LINE.requestReceivedTimestamp })
  const complete = read({ ...LINE, impersonatedUser: { username: 'carol' } })
  expect(kubeRequestId('c', received)).toBe(kubeRequestId('c', complete))
})
