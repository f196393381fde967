import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownerOf } from '@podwitness/event'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerFact } from './cri-client.ts'
import { labelsOf, readNodeLabels } from './node-labels.ts'
import { listPods } from './pod-list.ts'
import { summarisePod } from './pod-summary.ts'
import { PodWatch } from './pod-watch.ts'

const POD = {
  metadata: {
    name: 'web-6d4cf56db6-abcde',
    namespace: 'shop',
    uid: 'fc7ba7d7-8f81-4058-a50b-f606f1bcafb9',
    labels: { app: 'web', 'pod-template-hash': '6d4cf56db6' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'secret', 'kubernetes.io/config.source': 'api' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-6d4cf56db6', uid: 'r', controller: true }],
  },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'web',
    containers: [
      {
        name: 'app',
        image: 'registry.example/web:1',
        env: [{ name: 'PASSWORD', value: 'secret' }],
        livenessProbe: { exec: { command: ['true'] }, periodSeconds: 5 },
        readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'Authorization', value: 'secret' }] } },
        lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
      },
    ],
    volumes: [{ name: 'v', secret: { secretName: 'secret' } }],
  },
  status: { hostIP: '10.0.0.4', podIP: '10.244.0.9', containerStatuses: [{ name: 'app', containerID: 'containerd://c1' }] },
}
const meta = (owners: object[], labels: Record<string, string> = {}, annotations: Record<string, string> = {}) => ({
  labels,
  annotations,
  ownerReferences: owners,
})

/** A pod of a Job, made at 10:00:05 of a day. */
const job = (name: string) => ({ ...meta([{ kind: 'Job', name, controller: true }]), creationTimestamp: '2025-11-21T10:00:05Z' })

describe('owner', () => {
  it.each([
    [meta(POD.metadata.ownerReferences, POD.metadata.labels), 'Deployment web'],
    [meta([{ kind: 'ReplicaSet', name: 'web-6d4cf56db6', controller: true }]), 'ReplicaSet web-6d4cf56db6'], // no hash: no proof
    [meta([{ kind: 'ReplicaSet', name: 'odd', controller: true }], { 'pod-template-hash': '6d4c' }), 'ReplicaSet odd'],
    [
      meta([
        { kind: 'X', name: 'x' },
        { kind: 'StatefulSet', name: 'db', controller: true },
      ]),
      'StatefulSet db',
    ],
    [meta([{ kind: 'Node', name: 'n1', controller: true }]), 'Node n1'],
    [meta([], {}, { 'kubernetes.io/config.source': 'file' }), 'Node '],
    [meta([], {}, { 'kubernetes.io/config.source': 'api' }), 'null'],
    [meta([{ kind: 5 }]), 'null'],
    [meta([], {}, { 'kubernetes.io/config.mirror': '0123' }), 'Node '],
    [meta([{ kind: 'DaemonSet', name: 'proxy', controller: true }]), 'DaemonSet proxy'],
    [job('backup-29395320'), 'CronJob backup'], // 2025-11-21T10:00Z
    [job('nightly-db-29395220'), 'CronJob nightly-db'],
    [job('backup-29394520'), 'Job backup-29394520'], // of the day before
    [job('backup-29395520'), 'Job backup-29395520'], // not due yet
    [job('backup-manual'), 'Job backup-manual'],
    [job('29395320'), 'Job 29395320'],
    [{ ...job('backup-29395320'), creationTimestamp: undefined }, 'Job backup-29395320'],
  ])('of row %#', (metadata, expected) => {
    const owner = ownerOf(metadata)
    expect(owner === null ? 'null' : `${owner.kind} ${owner.name}`).toBe(expected)
  })

  it('says how it is known', () => {
    expect(ownerOf(meta(POD.metadata.ownerReferences, POD.metadata.labels))?.rule).toBe(
      "ReplicaSet web-6d4cf56db6 is named after the Pod's pod-template-hash 6d4cf56db6",
    )
  })
})

it('ships what names a pod and its probes, and nothing that may be a secret', () => {
  const text = JSON.stringify(summarisePod(POD))
  expect(text).not.toContain('secret')
  expect(summarisePod(POD)).toMatchObject({
    owner: { kind: 'Deployment', name: 'web' },
    spec: { serviceAccountName: 'web', containers: [{ livenessProbe: { exec: { command: ['true'] } } }] },
    status: { podIP: '10.244.0.9', hostIP: '10.0.0.4' },
  })
  for (const nothing of [null, 1, [], {}, { metadata: {} }, { metadata: { name: 'x' } }])
    expect(summarisePod(nothing)).toBeUndefined()
})

describe('node pool', () => {
  it.each([
    [['kubelet', '--node-labels=agentpool=pool1,kubernetes.azure.com/agentpool=pool1,x=y'], 'pool1'],
    [['kubelet', '--node-labels', 'alibabacloud.com/nodepool-id=np3f2'], 'np3f2'],
    [['kubelet', '--node-labels=eks.amazonaws.com/nodegroup=workers,eks.amazonaws.com/capacityType=SPOT'], 'workers'],
    [['kubelet', '--node-labels="cloud.google.com/gke-nodepool=default-pool"'], 'default-pool'],
    [['k3s', 'agent', '--node-label', 'node.kubernetes.io/nodepool=edge', '--node-label', 'a=b'], 'edge'],
    [['kubelet', '--config=/x'], ''],
    [['kubelet', '--node-labels'], ''],
  ])('of %j', (argv, pool) => {
    expect(labelsOf(argv).pool).toBe(pool)
  })

  it('is read from the process of a kubelet, and from none where there is none', () => {
    const proc = mkdtempSync(join(tmpdir(), 'podwitness-proc-'))
    try {
      expect(readNodeLabels(proc).pool).toBe('')
      execFileSync('mkdir', [join(proc, '12'), join(proc, '13')])
      writeFileSync(join(proc, '12/comm'), 'bash\n')
      writeFileSync(join(proc, '12/cmdline'), 'bash\0--node-labels=agentpool=no\0')
      writeFileSync(join(proc, '13/comm'), 'kubelet\n')
      writeFileSync(join(proc, '13/cmdline'), 'kubelet\0--node-ip=10.0.0.4\0--node-labels=agentpool=pool1\0')
      expect(readNodeLabels(proc)).toEqual({
        labels: { agentpool: 'pool1' },
        pool: 'pool1',
        poolLabel: 'agentpool',
        ip: '10.0.0.4',
      })
    } finally {
      rmSync(proc, { recursive: true })
    }
  })
})

/** A fake kubelet, after its documented contract: https, a bearer token, `GET /pods` answers a PodList. */
describe('kubelet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-kubelet-'))
  const tokenFile = join(folder, 'token')
  let kubelet: Server
  let url = ''
  let items: unknown[] = [POD]

  beforeAll(async () => {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
    const subject = ['-subj', '/CN=n1', '-days', '2', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    writeFileSync(tokenFile, 'good\n')
    kubelet = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, answer) => {
      const known = request.headers.authorization === 'Bearer good'
      if (!known || request.url !== '/pods') answer.writeHead(known ? 404 : 401).end()
      else answer.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items }))
    })
    await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${(kubelet.address() as AddressInfo).port}`
  })
  afterAll(() => {
    kubelet.close()
    kubelet.closeAllConnections()
    rmSync(folder, { recursive: true })
  })
  const from = (more: object = {}) => ({
    url,
    path: '/pods',
    tokenFile,
    ca: '',
    watched: false,
    checkName: false,
    file: '',
    ...more,
  })

  it('is asked with the token, and its certificate checked where an authority is named', async () => {
    expect((await listPods(from())).items).toHaveLength(1)
    expect((await listPods(from({ ca: join(folder, 'cert') }))).items).toHaveLength(1)
    const other = join(folder, 'other')
    execFileSync(
      'openssl',
      ['req', '-x509', '-subj', '/CN=o', '-nodes', '-newkey', 'rsa:2048', '-keyout', `${other}.key`, '-out', other],
      {
        stdio: 'ignore',
      },
    )
    await expect(listPods(from({ ca: other }))).rejects.toThrow(/self.signed|certificate/)
    writeFileSync(join(folder, 'bad'), 'bad')
    await expect(listPods(from({ tokenFile: join(folder, 'bad') }))).rejects.toThrow('401')
  })

  it('takes a file in its place', async () => {
    const file = join(folder, 'pods.json')
    writeFileSync(file, JSON.stringify({ items: [POD, POD] }))
    expect((await listPods(from({ file }))).items).toHaveLength(2)
    writeFileSync(file, '{}')
    await expect(listPods(from({ file }))).rejects.toThrow('no list of pods')
  })

  it('ships a static pod under the uid of its mirror, and under that of its containers', async () => {
    const hash = '0123456789abcdef0123456789abcdef'
    const shipped: { metadata: { uid: string }; owner: { kind: string; name: string } }[] = []
    const watch = new PodWatch({
      config: from(),
      node: 'n1',
      keep: async (lines) => void shipped.push(...lines.flatMap((line) => JSON.parse(line.toString()).list.items)),
      say: () => {},
    })
    const annotations = {
      'kubernetes.io/config.mirror': hash,
      'kubernetes.io/config.hash': hash,
      'kubernetes.io/config.source': 'file',
    }
    const ownerReferences = [{ kind: 'Node', name: 'n1', controller: true }]
    items = [
      { ...POD, metadata: { name: 'kube-apiserver-n1', namespace: 'kube-system', uid: 'u-api', annotations, ownerReferences } },
    ]
    await watch.look([], 1_000_000)
    items = [POD]
    expect(shipped.map(({ metadata, owner }) => `${metadata.uid} ${owner.kind} ${owner.name}`)).toEqual([
      'u-api Node n1',
      `${hash} Node n1`,
    ])
  })

  it('ships each pod once, again when it changed, and names from the runtime those that kubelet does not', async () => {
    const shipped: { list: { items: { metadata: { name: string }; owner: unknown }[] } }[] = []
    const watch = new PodWatch({
      config: from(),
      node: 'n1',
      keep: async (lines) => void shipped.push(...lines.map((line) => JSON.parse(line.toString()))),
      say: () => {},
    })
    const fact = (id: string, kind: string, labels: Record<string, string>): ContainerFact => ({
      ...{
        kind: 'container',
        id,
        cgroup: '',
        image: 'i',
        createdAt: '2026-01-01T00:00:00.000Z',
        args: [],
        initPid: 1,
        node: 'n1',
      },
      labels: { 'io.cri-containerd.kind': kind, 'io.kubernetes.pod.uid': 'u2', 'io.kubernetes.pod.name': 'new', ...labels },
    })
    const seen = [fact('s', 'sandbox', { app: 'new' }), fact('c', 'container', { 'io.kubernetes.container.name': 'main' })]
    await watch.look([], 1_000_000)
    await watch.look([], 1_030_000)
    await watch.look(seen, 1_031_000)
    items = [{ ...POD, metadata: { ...POD.metadata, labels: { app: 'changed' } } }]
    await watch.look(seen, 1_060_000)
    const names = shipped.map(({ list }) => list.items.map(({ metadata }) => metadata.name))
    expect(names).toEqual([['web-6d4cf56db6-abcde'], ['new'], ['web-6d4cf56db6-abcde']])
    expect(shipped[1]?.list.items[0]).toMatchObject({
      metadata: { labels: { app: 'new' } },
      spec: { containers: [{ name: 'main', image: 'i' }] },
      owner: null,
    })
  })
})
