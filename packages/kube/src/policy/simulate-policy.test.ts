import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type KubeAuditEvent, readKubeEvent } from '../audit-event.ts'
import { decide } from './decide.ts'
import { parsePolicy } from './parse-policy.ts'
import type { AuditPolicy } from './policy.ts'
import { requestAttributes } from './request-attributes.ts'
import { PolicySimulation } from './simulate-policy.ts'

const lines = gunzipSync(readFileSync(new URL('../../../../recordings/dev/apiserver-audit.log.gz', import.meta.url)))
  .toString('utf8')
  .trimEnd()
  .split('\n')

function eventOf(line: string): KubeAuditEvent {
  const event = readKubeEvent(JSON.parse(line))
  if ('code' in event) throw new Error(event.code)
  return event
}

function policyOf(yaml: string): AuditPolicy {
  const { policy, problems } = parsePolicy(yaml)
  if (policy === undefined || problems.length > 0) throw new Error(JSON.stringify(problems))
  return policy
}

const rules = (text: string): AuditPolicy => policyOf(`apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${text}`)
const recorded = policyOf(readFileSync(new URL('../../testdata/recorded-policy.yaml', import.meta.url), 'utf8'))

describe('the recording', () => {
  const events = lines.map(eventOf)

  it('gets the level kube-apiserver gave, for every request', () => {
    const wrong = events.filter((event) => decide(recorded, requestAttributes(event)).level !== event.level)
    expect(events.length).toBe(2591)
    expect(wrong.map(({ verb, requestURI, level }) => `${verb} ${requestURI} ${level}`)).toEqual([])
  })

  it('is reckoned to the byte under its own policy', () => {
    const simulation = new PolicySimulation(recorded)
    for (const [index, event] of events.entries()) simulation.add(event, Buffer.byteLength(lines[index] ?? ''))
    const traffic = simulation.traffic()
    expect(traffic).toMatchObject({ events: 2591, written: 2591, otherLevel: 0, inexact: 0 })
    expect(traffic.bytes).toBe(lines.reduce((total, line) => total + Buffer.byteLength(line) + 1, 0))
    expect(traffic.recordedBytes).toBe(traffic.bytes)
  })

  it('reads group, resource, subresource and namespace out of the URL as the server did', () => {
    for (const event of events) {
      const { isResource, apiGroup, resource, subresource, namespace } = requestAttributes(event)
      const { objectRef } = event
      expect([isResource, apiGroup, resource, subresource, namespace]).toEqual([
        objectRef.resource !== '',
        objectRef.apiGroup,
        objectRef.resource,
        objectRef.subresource,
        objectRef.namespace,
      ])
    }
  })

  it('takes the bodies off where a policy writes Metadata alone', () => {
    const metadata = new PolicySimulation(rules('  - level: Metadata'))
    const [exec] = events.filter(
      ({ objectRef, verb, requestObject }) => objectRef.resource === 'pods' && verb === 'create' && requestObject !== undefined,
    )
    if (exec === undefined) throw new Error('no pod was created')
    const line = lines[events.indexOf(exec)] ?? ''
    const stripped = JSON.parse(line) as Record<string, unknown>
    delete stripped.requestObject
    delete stripped.responseObject
    expect(metadata.add(exec, Buffer.byteLength(line)).bytes).toBe(Buffer.byteLength(JSON.stringify(stripped)) + 1)
  })

  it('says where a body that the policy wants was not recorded', () => {
    const full = new PolicySimulation(rules('  - level: RequestResponse'))
    for (const event of events) full.add(event, 100)
    expect(full.traffic().inexact).toBe(events.filter(({ level }) => level !== 'RequestResponse').length)
  })
})

const base = { user: 'alice', groups: ['dev', 'system:authenticated'], verb: 'get', isResource: true, path: '', apiGroup: '' }
const pod = { ...base, resource: 'pods', subresource: '', namespace: 'shop', name: 'web' }
const exec = { ...pod, subresource: 'exec', verb: 'create' }
const health = { ...base, isResource: false, path: '/healthz/etcd', resource: '', subresource: '', namespace: '', name: '' }

describe('the first rule that matches decides', () => {
  it.each([
    ['users', '  - {level: None, users: [alice]}', pod, 'None'],
    ['users, another', '  - {level: None, users: [bob]}', pod, undefined],
    ['users know no wildcard', '  - {level: None, users: ["*"]}', pod, undefined],
    ['one group is enough', '  - {level: None, userGroups: [ops, dev]}', pod, 'None'],
    ['user and group must both match', '  - {level: None, users: [alice], userGroups: [ops]}', pod, undefined],
    ['verbs', '  - {level: None, verbs: [get]}', pod, 'None'],
    ['a resource without its subresources', '  - {level: None, resources: [{group: "", resources: [pods]}]}', exec, undefined],
    ['a subresource', '  - {level: None, resources: [{group: "", resources: [pods/exec]}]}', exec, 'None'],
    ['a resource with all subresources', '  - {level: None, resources: [{group: "", resources: ["pods/*"]}]}', exec, 'None'],
    ['pods/* takes the pods themselves', '  - {level: None, resources: [{group: "", resources: ["pods/*"]}]}', pod, 'None'],
    ['a subresource of anything', '  - {level: None, resources: [{group: "", resources: ["*/exec"]}]}', exec, 'None'],
    ['everything of a group by *', '  - {level: None, resources: [{group: "", resources: ["*"]}]}', exec, 'None'],
    ['everything of a group by leaving resources out', '  - {level: None, resources: [{group: ""}]}', exec, 'None'],
    ['another group', '  - {level: None, resources: [{group: apps}]}', pod, undefined],
    ['names', '  - {level: None, resources: [{group: "", resources: [pods], resourceNames: [web]}]}', pod, 'None'],
    ['other names', '  - {level: None, resources: [{group: "", resources: [pods], resourceNames: [db]}]}', pod, undefined],
    ['a namespace', '  - {level: None, namespaces: [shop]}', pod, 'None'],
    ['no namespace', '  - {level: None, namespaces: [""]}', { ...pod, namespace: '' }, 'None'],
    ['namespaces are for resources only', '  - {level: None, namespaces: [""]}', health, undefined],
    ['a path with a star', '  - {level: None, nonResourceURLs: ["/healthz*"]}', health, 'None'],
    ['a path to the letter', '  - {level: None, nonResourceURLs: ["/healthz"]}', health, undefined],
    ['paths are not for resources', '  - {level: None, nonResourceURLs: ["*"]}', pod, undefined],
  ])('%s', (_title, yaml, request, level) => {
    const decision = decide(rules(`${yaml}\n  - level: Request`), request)
    expect(decision).toMatchObject(level === undefined ? { level: 'Request', rule: 1 } : { level, rule: 0 })
  })

  it('writes nothing of what no rule is about', () => {
    expect(decide(rules('  - {level: Metadata, users: [bob]}'), pod)).toEqual({ level: 'None', rule: -1, omitStages: [] })
  })

  it("leaves out the policy's and the rule's stages together", () => {
    const policy = policyOf(
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n  - {level: Metadata, omitStages: [Panic]}',
    )
    expect(decide(policy, pod).omitStages).toEqual(['RequestReceived', 'Panic'])
  })
})

describe('attributes out of a URL', () => {
  const of = (requestURI: string, verb = 'get') => {
    const { isResource, apiGroup, resource, subresource, namespace, name } = requestAttributes({
      ...eventOf(lines[0] ?? ''),
      requestURI,
      verb,
    })
    return [isResource, apiGroup, resource, subresource, namespace, name]
  }

  it.each([
    ['/api/v1/namespaces/shop', [true, '', 'namespaces', '', 'shop', 'shop']],
    ['/api/v1/namespaces/shop/finalize', [true, '', 'namespaces', 'finalize', 'shop', 'shop']],
    ['/api/v1/namespaces/shop/pods', [true, '', 'pods', '', 'shop', '']],
    ['/api/v1/namespaces/shop/pods/web/exec?command=sh&command=%2Fbin', [true, '', 'pods', 'exec', 'shop', 'web']],
    ['/api/v1/nodes/n1/proxy/exec/shop/web/app', [true, '', 'nodes', 'proxy', '', 'n1']],
    ['/apis/apps/v1/namespaces/shop/deployments/web/scale', [true, 'apps', 'deployments', 'scale', 'shop', 'web']],
    ['/api/v1/watch/pods', [true, '', 'pods', '', '', '']],
    ['/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb', [true, '', 'pods', '', 'shop', 'web']],
    ['/apis/apps/v1', [false, '', '', '', '', '']],
    ['/api/v1', [false, '', '', '', '', '']],
    ['/metrics', [false, '', '', '', '', '']],
    ['/api/v1/namespaces/%E0%A4%A/pods', [true, '', 'pods', '', '%E0%A4%A', '']],
  ])('%s', (uri, expected) => expect(of(uri)).toEqual(expected))
})
