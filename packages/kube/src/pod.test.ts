import { expect, it } from 'vitest'
import { readPod } from './pod.ts'

const POD = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', labels: { app: 'web' } },
  spec: {
    nodeName: 'n1',
    containers: [
      {
        name: 'app',
        image: 'i1',
        livenessProbe: { exec: { command: ['cat', '/ok'] } },
        lifecycle: { preStop: { exec: { command: ['bye'] } } },
      },
      { name: 'side', image: 'i2', stdin: true, readinessProbe: { httpGet: { port: 80 } } },
    ],
    ephemeralContainers: [{ name: 'dbg', image: 'i3' }],
  },
  status: {
    hostIP: '10.0.0.1',
    containerStatuses: [{ name: 'app', containerID: 'containerd://abc' }],
    ephemeralContainerStatuses: [{ name: 'dbg', containerID: 'cri-o://def' }],
  },
}

it('reads containers with probes, hooks and ids', () => {
  const pod = readPod(POD)
  expect(pod).toMatchObject({ namespace: 'shop', name: 'web', node: 'n1', hostIp: '10.0.0.1', defaultContainer: 'app' })
  expect(pod?.containers).toEqual([
    { name: 'app', image: 'i1', containerId: 'abc', ephemeral: false, stdin: false, probes: [['cat', '/ok']], hooks: [['bye']] },
    { name: 'side', image: 'i2', containerId: '', ephemeral: false, stdin: true, probes: [], hooks: [] },
    { name: 'dbg', image: 'i3', containerId: 'def', ephemeral: true, stdin: false, probes: [], hooks: [] },
  ])
})

it('takes the default container from the annotation', () => {
  const annotated = { ...POD, metadata: { ...POD.metadata, annotations: { 'kubectl.kubernetes.io/default-container': 'side' } } }
  expect(readPod(annotated)?.defaultContainer).toBe('side')
})

it.each([null, 1, [], {}, { metadata: {} }, { metadata: { name: 'x' }, spec: {} }])('is nothing for row %#', (json) => {
  expect(readPod(json)).toBeNull()
})
