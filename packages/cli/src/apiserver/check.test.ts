import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createPlain, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Authority } from '@podwitness/server'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { checkFlags, readStart } from './check-flags.ts'
import { checkPolicy } from './check-policy.ts'
import { checkWebhook } from './check-webhook.ts'
import { DISTROS } from './distro.ts'
import { apiserverFlags, webhookFile } from './webhook-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-check-'))
const servers: Server[] = []
let authority: Authority
let other: Authority

beforeAll(async () => {
  authority = await Authority.open(join(folder, 'a'))
  other = await Authority.open(join(folder, 'b'))
})
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const taken: RequestListener = (_request, response) => response.end('{"accepted":0,"rejected":0}')

/** A server with a certificate of our authority, made when the clock said `clockMs`. */
async function listening(answer: RequestListener, names = ['127.0.0.1'], clockMs = Date.now()): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: clockMs })
  const { key, chain } = await authority.serverIdentity(names)
  vi.useRealTimers()
  return await listen(createServer({ key, cert: chain }, answer))
}
async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const DAY_MS = 86_400_000
const file = (server: string, ca = authority.certificate): string => webhookFile({ server, cluster: 'c', ca, token: 'pwt.1.2' })
const wrong = (results: readonly { what: string; ok: boolean; found: string }[]) =>
  results.filter(({ ok }) => !ok).map(({ what, found }) => `${what}: ${found}`)

it.each<[string, () => Promise<string>, RegExp]>([
  ['another authority', async () => file(await listening(taken), other.certificate), /^connection: .*another authority/],
  [
    'a name that is not in its certificate',
    async () => file(await listening(taken, ['witness.example'])),
    /^connection: .*--intake-name/,
  ],
  [
    'a certificate that has ended',
    async () => file(await listening(taken, undefined, Date.now() - 400 * DAY_MS)),
    /^connection: .*clock says/,
  ],
  [
    'a clock that is behind',
    async () => file(await listening(taken, undefined, Date.now() + DAY_MS)),
    /^connection: .*clock says/,
  ],
  ['a port that speaks no TLS', async () => file(await listen(createPlain(taken))), /^connection: .*speaks no TLS/],
  ['nothing that listens', async () => file('https://127.0.0.1:1'), /^connection: .*nothing listens/],
  ['a name that is not known', async () => file('https://nowhere.invalid:7273'), /^connection: .*name is not known/],
  [
    'somebody else who answers',
    async () => file(await listening((_request, response) => response.end('<html>login</html>'))),
    /^right to send: 200, and the answer is not from podwitness/,
  ],
  [
    'a token that is not valid',
    async () => file(await listening((_request, response) => response.writeHead(401).end('{"code":"PW-IN-001","what":"x"}'))),
    /^right to send: 401 .*PW-IN-001/,
  ],
  [
    'clocks that differ',
    async () =>
      file(
        await listening((_request, response) =>
          response.setHeader('date', new Date(Date.now() - 90_000).toUTCString()).end('{"accepted":0}'),
        ),
      ),
    /^clock: this machine is (89|9\d) s ahead/,
  ],
  ['a certificate that is none', async () => file('https://127.0.0.1:1', 'x'), /^webhook file: .*no certificate/],
  ['plain HTTP', async () => file('http://127.0.0.1:1'), /^webhook file: .*https only/],
])('finds %s', async (_what, make, expected) => {
  const found = wrong(await checkWebhook(await make()))
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(expected)
})

it('finds nothing where nothing is wrong', async () => {
  expect(wrong(await checkWebhook(file(await listening(taken))))).toEqual([])
  for (const distro of DISTROS.filter(({ name }) => name !== 'managed' && name !== 'kind')) {
    const start = readStart(distro.apply(apiserverFlags(distro.folder, distro.logs), distro))
    if (start === null) throw new Error(distro.name)
    expect(wrong(checkFlags(start, new URL('https://w.example:7273')))).toEqual([])
  }
})

const SERVER = new URL('https://w.example:7273')
const pod = (flags: readonly string[], env = '[]', mountPath = '/etc/k'): string => `spec:
  containers:
  - name: kube-apiserver
    command: ${JSON.stringify(['kube-apiserver', ...flags])}
    env: ${env}
    volumeMounts: [{name: a, mountPath: ${mountPath}}]
`
const GOOD = [
  '--audit-policy-file=/etc/k/p.yaml',
  '--audit-webhook-config-file=/etc/k/w.yaml',
  '--audit-webhook-truncate-enabled=true',
]
const PROXY = '[{name: HTTPS_PROXY, value: "http://proxy:3128"}, {name: NO_PROXY, value: "10.0.0.0/8,.svc"}]'

it.each<[string, string, RegExp]>([
  ['no policy', pod(GOOD.slice(1)), /^flag audit-policy-file: no policy/],
  ['no webhook', pod([GOOD[0] ?? '', GOOD[2] ?? '']), /^flag audit-webhook-config-file: no webhook/],
  ['a proxy', pod(GOOD, PROXY), /^proxy: events go through HTTPS_PROXY.*add w\.example to NO_PROXY/],
  ['blocking', pod([...GOOD, '--audit-webhook-mode=blocking-strict']), /^flag audit-webhook-mode: blocking-strict/],
  ['a long wait', pod([...GOOD, '--audit-webhook-batch-max-wait=10m']), /^flag audit-webhook-batch-max-wait: 10m/],
  ['a small buffer', pod([...GOOD, '--audit-webhook-batch-buffer-size=10']), /^flag audit-webhook-batch-buffer-size: 10/],
  ['a long back-off', pod([...GOOD, '--audit-webhook-initial-backoff=1h30m']), /^flag audit-webhook-initial-backoff: 1h30m/],
  ['throttling', pod([...GOOD, '--audit-webhook-batch-throttle-qps=0.5']), /^throttling: 0\.5/],
  ['no truncation', pod(GOOD.slice(0, 2)), /^truncation: off/],
  [
    'lists that are too large',
    pod([...GOOD, '--audit-webhook-truncate-max-batch-size=99999999']),
    /^truncation: .*=99999999 is more/,
  ],
  [
    'a file that is not mounted',
    pod(GOOD, '[]', '/etc/kk').replace('/etc/k/w.yaml', '/etc/kk/w.yaml'),
    /^mount of audit-policy-file: no volumeMount/,
  ],
  ['the same for K3s', 'kube-apiserver-arg:\n- audit-policy-file=/p\n- audit-webhook-config-file=/w\n', /^truncation: off/],
])('finds in how it is started: %s', (_what, text, expected) => {
  const start = readStart(text)
  if (start === null) throw new Error('no start')
  const found = wrong(checkFlags(start, SERVER))
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(expected)
})

it.each(['', 'a: [', 'spec: {containers: []}', '- x', 'spec: {containers: [{name: a}, {name: b}]}'])(
  'sees that %j starts none',
  (text) => {
    expect(readStart(text)).toBeNull()
  },
)

const policy = (rules: string): string => `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}\n`
it.each<[string, string, RegExp | undefined]>([
  ['everything', policy('- {level: Metadata}'), undefined],
  [
    'no exec',
    policy('- {level: None, resources: [{group: "", resources: [pods/exec]}]}\n- {level: Metadata}'),
    /^policy: who entered.*not all of it is logged: .*rule 1 drops it/,
  ],
  [
    'only secrets',
    policy('- {level: Metadata, resources: [{group: "", resources: [secrets]}]}'),
    /^policy: who entered.*not logged.*no rule takes it/,
  ],
  ['something else', 'kind: Pod', /^policy: /],
])('a policy that logs %s', (_what, text, expected) => {
  const [first] = wrong(checkPolicy(text))
  if (expected === undefined) expect(first).toBeUndefined()
  else expect(first).toMatch(expected)
})
