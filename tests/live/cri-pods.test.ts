import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
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
/** Execs, commands in each, and how many go on at the same time. */
const EXECS = 20
const COMMANDS = 50
const AT_ONCE = 4

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

interface Known {
  readonly argv: readonly string[]
  readonly cwd: string
}

const PLACES = ['/', '/tmp', '/etc']
/** What one exec runs: known programs, with known arguments, in known folders. */
const knownOf = (exec: number): Known[] =>
  Array.from({ length: COMMANDS }, (_, at) => ({
    argv: [at % 2 === 0 ? '/bin/echo' : '/bin/true', `known-${exec}-${at}`, `two words & "${at}"`],
    cwd: PLACES[at % PLACES.length] ?? '/',
  }))
const scriptOf = (known: readonly Known[]): string =>
  known.map(({ argv, cwd }) => `cd ${cwd} && ${argv.map((word) => `'${word}'`).join(' ')}`).join('\n')
const containerOf = (exec: number): string => (exec % 2 === 0 ? app : sidecar)

it('finds 1,000 known commands of real execs: arguments, folder, container, pod and root of each, and no name that nobody told', async () => {
  const execs = Array.from({ length: EXECS }, (_, exec) => exec)
  for (let first = 0; first < EXECS; first += AT_ONCE) {
    const some = execs.slice(first, first + AT_ONCE)
    const ran = await Promise.all(some.map((exec) => cri.exec(containerOf(exec), '/bin/sh', '-c', scriptOf(knownOf(exec)))))
    expect(ran.map(({ code }) => code)).toEqual(some.map(() => 0))
  }
  await eventually(
    () => server.number(`SELECT uniqExact(argv[2]) FROM audit.events WHERE kind = 'Command' AND argv[2] LIKE 'known-%'`),
    (count) => count === EXECS * COMMANDS,
  )
  await derive(server.store, { cluster: 'live' })
  const found = await server.rows(
    `SELECT toJSONString(e.argv), e.cwd, p.container_id, p.ns, p.pod, p.container, toJSONString(s.command), s.confidence, s.user, p.trace_id
FROM audit.events AS e JOIN (SELECT * FROM audit.placements FINAL) AS p ON p.event_id = e.event_id
JOIN (SELECT * FROM audit.sessions FINAL WHERE is_deleted = 0) AS s ON s.trace_id = p.trace_id
WHERE e.kind = 'Command' AND e.argv[2] LIKE 'known-%'`,
  )
  const expected = new Map(
    execs.flatMap((exec) => {
      const known = knownOf(exec)
      const root = ['/bin/sh', '-c', scriptOf(known)]
      const place = [containerOf(exec), 'shop', 'web-6d4cf56db6-abcde', exec % 2 === 0 ? 'app' : 'sidecar']
      return known.map(({ argv, cwd }) => [argv[1] ?? '', JSON.stringify([argv, cwd, ...place, root, 'none', ''])] as const)
    }),
  )
  expect([found.length, expected.size]).toEqual([EXECS * COMMANDS, EXECS * COMMANDS])
  const wrong = found.filter(([argv, cwd, id, ns, pod, container, command, ...who]) => {
    const words = JSON.parse(String(argv)) as string[]
    const told = [words, cwd, id, ns, pod, container, JSON.parse(String(command)), ...who.slice(0, 2)]
    return JSON.stringify(told) !== expected.get(words[1] ?? '')
  })
  expect(wrong.slice(0, 2)).toEqual([])
  const traces = new Set(found.map((row) => row.at(-1)))
  expect(traces.size).toBe(EXECS)
  const held = await server.rows(
    `SELECT command_count, count() FROM (SELECT * FROM audit.sessions FINAL) WHERE is_deleted = 0 AND entry != 'container' AND ns = 'shop' GROUP BY 1`,
  )
  expect(held).toEqual([[COMMANDS + 1, EXECS]]) // The shell and what it ran, in each; and nothing is anywhere else.
})

/** Calls of this machine's own that only fail: each is an event with its actor all the same. Numbers: asm/unistd_64.h. */
const ACTIONS = ['mknodat', 'connect', 'finit_module', 'mount', 'ptrace', 'setns']
const ACT = `import ctypes, os, socket, sys
call = ctypes.CDLL(None).syscall
os.mkfifo(sys.argv[1])
try: socket.socket().connect(('127.0.0.1', 1))
except OSError: pass
for each in ((313, -1, b'', 0), (165, 0, 0, 0, 0, 0), (101, 16, 0, 0, 0), (308, -1, 0)): call(*each)
print(os.getpid())`

/** Calls a logged one and makes something, again and again, for longer than it takes to be named. */
const BUSY = `for i in $(echo 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20); do
  cd /tmp; /usr/bin/mkfifo /tmp/pipe; /bin/sleep 0.5; cd /
done 2> /tmp/said; exec /bin/sleep 600`

it('names the actor of files, network, modules, mounts, ptrace and namespaces, and the pod where there is one', async () => {
  const python = realpathSync('/usr/bin/python3')
  const rule = ['-a', 'always,exit', '-F', 'arch=b64']
  execFileSync('auditctl', [...rule, '-S', ACTIONS.join(), '-F', `exe=${python}`, '-k', 'actor'])
  execFileSync('auditctl', [...rule, '-S', 'mknodat', '-F', 'auid=-1', '-k', 'actor'])
  const profile = join(server.folder, 'profile.json')
  const syscalls = [{ names: ['chdir'], action: 'SCMP_ACT_LOG' }]
  writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }))
  try {
    const security = { seccomp: { profile_type: 2, localhost_ref: profile } }
    const guarded = await cri.container(web, { name: 'guarded', command: ['/bin/sh', '-c', BUSY], security })
    const pid = Number(execFileSync(python, ['-c', ACT, join(server.folder, 'pipe')], { encoding: 'utf8' }))
    const acts = (where: string): Promise<unknown[][]> =>
      server.rows(
        `SELECT DISTINCT action, exe, uid, dst_ip, container_id, ns, pod, container FROM audit.events WHERE kind = 'LinuxAudit' AND ${where} ORDER BY action`,
      )
    const host = await eventually(
      () => acts(`pid = ${pid} AND has(keys, 'actor')`),
      (rows) => rows.length === ACTIONS.length,
    )
    const actor = (action: string): unknown[] => [action, python, 0, action === 'connect' ? '127.0.0.1' : '', '', '', '', '']
    expect(host).toEqual(ACTIONS.toSorted().map(actor))
    const place = [guarded, 'shop', 'web-6d4cf56db6-abcde', 'guarded']
    // The runtime names the container a little after it began.
    const inside = await eventually(
      () => acts(`container_id = '${guarded}' AND comm IN ('sh', 'mkfifo') AND pod != ''`),
      (rows) => rows.length === 2,
    )
    expect(inside).toEqual([
      ['chdir', '/bin/sh', 0, '', ...place],
      ['mknodat', '/usr/bin/mkfifo', 0, '', ...place],
    ])
    const [types] = await server.rows(
      `SELECT DISTINCT record_types FROM audit.events WHERE comm = 'sh' AND pod != '' AND action = 'chdir'`,
    )
    expect(types?.[0]).toEqual(['SECCOMP'])
  } finally {
    execFileSync('auditctl', ['-D', '-k', 'actor'])
  }
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
