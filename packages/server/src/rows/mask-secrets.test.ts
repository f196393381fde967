import { readKubeEvent } from '@podwitness/kube'
import { expect, it } from 'vitest'
import { kubeRow } from './kube-row.ts'

const base = {
  level: 'RequestResponse',
  auditID: 'a',
  stage: 'ResponseComplete',
  requestURI: '/x',
  verb: 'create',
  user: { username: 'u' },
  stageTimestamp: '2026-11-21T02:52:43.314370Z',
  requestReceivedTimestamp: '2026-11-21T02:52:43.314370Z',
}
const SECRET = 'c2VjcmV0LXZhbHVl'
const applied = { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"k":"${SECRET}"}}` }
const row = (more: object) => {
  const raw = Buffer.from(JSON.stringify({ ...base, ...more }))
  const event = readKubeEvent(JSON.parse(raw.toString('utf8')))
  if ('code' in event) throw new Error(event.code)
  return { row: kubeRow(event, raw, 'c', 'apiserver-webhook'), raw: raw.toString('utf8') }
}

it.each([
  [
    'a Secret, with kubectl’s copy',
    'secrets',
    '',
    { requestObject: { metadata: { name: 'n', annotations: applied }, data: { k: SECRET }, stringData: { s: SECRET } } },
    '3',
  ],
  [
    'a list of ConfigMaps',
    'configmaps',
    '',
    { responseObject: { items: [{ data: { k: SECRET } }, { binaryData: { k: SECRET } }] } },
    '2',
  ],
  ['a JSON patch of a Secret', 'secrets', '', { requestObject: [{ op: 'replace', path: '/data/k', value: SECRET }] }, '1'],
  ['a merge patch that removes a key', 'secrets', '', { requestObject: { data: { k: null, l: SECRET } } }, '1'],
  [
    'a TokenReview',
    'tokenreviews',
    '',
    { requestObject: { spec: { token: SECRET } }, responseObject: { spec: { token: SECRET } } },
    '2',
  ],
  ['a TokenRequest', 'serviceaccounts', 'token', { responseObject: { status: { token: SECRET } } }, '1'],
])('masks %s before it is stored', (_name, resource, subresource, objects, count) => {
  const { row: stored } = row({ objectRef: { resource, subresource, name: 'n' }, ...objects })
  expect(stored.raw).not.toContain(SECRET)
  expect(stored.raw).toContain('[masked]')
  expect(stored.labels).toEqual({ masked: count })
  expect(stored.event_id).toBe(row({ objectRef: { resource, subresource, name: 'n' } }).row.event_id)
})

it.each([
  ['pods', { requestObject: { spec: { token: SECRET }, data: { k: SECRET } } }],
  ['secrets', {}],
  ['secrets', { requestObject: { metadata: { name: 'n' } } }],
])('leaves the bytes of %s alone where there is no secret', (resource, objects) => {
  const { row: stored, raw } = row({ objectRef: { resource, name: 'n' }, ...objects })
  expect(stored.raw).toBe(raw)
  expect(stored.labels).toEqual({})
})
