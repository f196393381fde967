import { expect, it } from 'vitest'
import { objectFacts, requestParts } from './object-facts.ts'

it('says what could be done from inside of a pod', () => {
  const pod = {
    metadata: { uid: 'u', labels: { app: 'web', 'a/b': 'c' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }] },
    spec: {
      nodeName: 'n1',
      hostPID: true,
      hostNetwork: false,
      volumes: [
        { name: 'v', hostPath: { path: '/' } },
        { name: 'w', emptyDir: {} },
      ],
      containers: [
        { name: 'c', image: 'i:1', securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ['SYS_ADMIN'] } } },
      ],
      ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
    },
  }
  expect(objectFacts(JSON.stringify(pod))).toEqual([
    ['metadata.uid', 'u'],
    ['metadata.labels', 'app=web, a/b=c'],
    ['metadata.ownerReferences', 'ReplicaSet/web-1'],
    ['spec.nodeName', 'n1'],
    ['spec.hostPID', 'true'],
    ['hostPath', '/'],
    ['container c', 'i:1'],
    ['container c privileged', 'true'],
    ['container c runAsUser', '0'],
    ['container c capabilities.add', 'SYS_ADMIN'],
    ['container debug', 'busybox'],
  ])
})

it.each(['', '{', '[]', '"x"', '{"metadata":[],"spec":{"containers":"x","volumes":[1,null]}}'])('%j says nothing', (text) => {
  expect(objectFacts(text)).toEqual([])
})

it('has the parts of a request that it carried', () => {
  const event = { objectRef: { resource: 'pods' }, responseStatus: { code: 201 }, annotations: null, verb: 'create' }
  expect(requestParts(JSON.stringify(event))).toEqual([
    ['objectRef', '{"resource":"pods"}'],
    ['responseStatus', '{"code":201}'],
  ])
  expect(requestParts('not JSON')).toEqual([])
})
