import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { derive } from '@podwitness/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually, ServerLab } from '../agent-lab.ts'
import { AuditLab } from './audit-lab.ts'
import { CriLab, type PodMade } from './cri-lab.ts'

const WEB = 'fc7ba7d7-8f81-4058-a50b-f606f1bcafb9'
const STATIC = '0123456789abcdef0123456789abcdef'
const EXECS = 12

const server = new ServerLab()
const audit = new AuditLab(join(server.folder, 'audit'))
const cri = new CriLab(join(server.folder, 'cri'))
const tokenFile = join(server.folder, 'kubelet-token')
let kubelet: Server
let agent: AgentProcess
let web: PodMade
let app = ''
let sidecar = ''
let proxy = ''

/** A fake kubelet, after its documented contract (`GET /pods` over https with a bearer token): a real one needs a cluster. */
async function startKubelet(): Promise<string> {
  const [key, cert] = [join(server.folder, 'kubelet.key'), join(server.folder, 'kubelet.crt')]
  execFileSync('openssl', ['req', '-x509', '-subj', '/CN=here', '-nodes', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  writeFileSync(tokenFile, 'token-of-the-account')
  kubelet = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, answer) => {
    if (request.headers.authorization !== 'Bearer token-of-the-account') return answer.writeHead(401).end()
    answer.end(JSON.stringify({ kind: 'PodList', items: [podObject()] }))
  })
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(kubelet.address() as AddressInfo).port}`
}

function podObject(): object {
  const labels = { app: 'web', 'pod-template-hash': '6d4cf56db6' }
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-6d4cf56db6', uid: 'r', controller: true }
  return {
    metadata: { name: 'web-6d4cf56db6-abcde', namespace: 'shop', uid: WEB, labels, ownerReferences: [owner] },
    spec: {
      nodeName: 'here',
      containers: ['app', 'sidecar'].map((name) => ({ name, image: cri.image, env: [{ name: 'KEY', value: 'a-secret-value' }] })),
    },
    status: {
      hostIP: '10.0.0.4',
      containerStatuses: [
        { name: 'app', containerID: `containerd://${app}` },
        { name: 'sidecar', containerID: `containerd://${sidecar}` },
      ],
    },
  }
}

beforeAll(async () => {
  await Promise.all([server.open(), audit.open(), cri.open()])
  const names = { namespace: 'shop', name: 'web-6d4cf56db6-abcde', uid: WEB }
  web = await cri.pod({ ...names, labels: { app: 'web', 'pod-template-hash': '6d4cf56db6' } })
  app = await cri.container(web, { name: 'app', command: ['/bin/sleep', '600'] })
  sidecar = await cri.container(web, { name: 'sidecar', command: ['/bin/sleep', '600'] })
  const url = await startKubelet()
  agent = new AgentProcess(
    join(server.folder, 'agent'),
    `cluster: live
node: here
output: {type: server, url: "https://127.0.0.1:${server.port}", tokenFile: ${server.tokenFile('live')}}
sources: [{type: auditSocket, path: ${audit.socket}}, {type: auditLog, path: ${audit.log}, from: start}]
containers: {cri: ${cri.socket}, kubelet: {url: "${url}", tokenFile: ${tokenFile}}}
`,
  )
  agent.start()
  await eventually(
    () => server.number(`SELECT count() FROM audit.pods WHERE pod_uid = '${WEB}'`),
    (count) => count > 0,
  )
})
afterAll(async () => {
  await agent?.end('SIGTERM')
  kubelet?.close()
  kubelet?.closeAllConnections()
  await cri.close()
  await audit.close()
  await server.close()
})

it('knows the pods of a real CRI: names, labels, image and owner', async () => {
  const rows = await eventually(
    () =>
      server.rows(
        `SELECT container_id, ns, pod, pod_uid, container, image FROM audit.containers FINAL WHERE kind = 'container' ORDER BY container`,
      ),
    (found) => found.length === 2,
  )
  const place = ['shop', 'web-6d4cf56db6-abcde', WEB]
  expect(rows).toEqual([
    [app, ...place, 'app', cri.image],
    [sidecar, ...place, 'sidecar', cri.image],
  ])
  const [pod] = await server.rows(
    `SELECT labels['app'], host_ip, JSONExtractString(object, 'owner', 'kind'), JSONExtractString(object, 'owner', 'name'), object LIKE '%a-secret-value%' FROM audit.pods FINAL WHERE pod_uid = '${WEB}'`,
  )
  expect(pod).toEqual(['web', '10.0.0.4', 'Deployment', 'web', 0])
})

it('finds every command that went in through CRI, each in its pod and container', { timeout: 60_000 }, async () => {
  for (let i = 0; i < EXECS; i++) {
    const ran = await cri.exec(i % 2 === 0 ? app : sidecar, '/bin/sh', '-c', `/bin/echo word-${i}; /usr/bin/id -u; true`)
    expect([ran.code, ran.stdout.trim()]).toEqual([0, `word-${i}\n0`])
  }
  await eventually(
    () => server.number(`SELECT count() FROM audit.events WHERE kind = 'Command' AND exe = '/usr/bin/id'`),
    (count) => count === EXECS,
  )
  const found = await eventually(
    async () => {
      await derive(server.store, { cluster: 'live' })
      return server.rows(
        `SELECT e.argv[2] AS word, any(p.ns), any(p.pod), any(p.container), any(p.image), any(s.pod_labels['app']), count()
FROM audit.events AS e JOIN (SELECT * FROM audit.placements FINAL) AS p ON p.event_id = e.event_id
JOIN (SELECT * FROM audit.sessions FINAL) AS s ON s.trace_id = p.trace_id
WHERE e.kind = 'Command' AND e.exe = '/bin/echo' AND s.is_deleted = 0 GROUP BY word ORDER BY word`,
      )
    },
    (rows) => rows.length === EXECS,
  )
  const expected = Array.from({ length: EXECS }, (_, i) => {
    const container = i % 2 === 0 ? 'app' : 'sidecar'
    return [`word-${i}`, 'shop', 'web-6d4cf56db6-abcde', container, cri.image, 'web', 1]
  })
  expect(found).toEqual(expected.sort((a, b) => String(a[0]).localeCompare(String(b[0]))))
})

it('names a static pod that kubelet does not list, and a container that lived for a moment', async () => {
  const pod = await cri.pod({
    namespace: 'kube-system',
    name: 'kube-proxy-here',
    uid: STATIC,
    labels: { tier: 'node' },
    annotations: { 'kubernetes.io/config.source': 'file', other: 'a-secret-value' },
  })
  proxy = await cri.container(pod, { name: 'proxy', command: ['/bin/sleep', '600'] })
  await cri.container(pod, { name: 'moment', command: ['/bin/echo', 'gone'] })
  const rows = await eventually(
    () =>
      server.rows(
        `SELECT container, ns, pod, gone > created FROM audit.containers FINAL WHERE pod_uid = '${STATIC}' AND kind = 'container' ORDER BY container`,
      ),
    (found) => found.length === 2 && found[0]?.[3] === 1,
  )
  expect(rows).toEqual([
    ['moment', 'kube-system', 'kube-proxy-here', 1],
    ['proxy', 'kube-system', 'kube-proxy-here', 0],
  ])
  const [object] = await eventually(
    () => server.rows(`SELECT labels['tier'], object FROM audit.pods FINAL WHERE pod_uid = '${STATIC}'`),
    (found) => found.length === 1,
  )
  expect(object?.[0]).toBe('node')
  expect(object?.[1]).toContain('kubernetes.io/config.source')
  expect(object?.[1]).not.toContain('a-secret-value')
  await cri.stop(proxy)
  await eventually(
    () => server.number(`SELECT gone > created FROM audit.containers FINAL WHERE container_id = '${proxy}'`),
    (gone) => gone === 1,
  )
  expect(agent.talk).not.toContain('does not answer')
})
