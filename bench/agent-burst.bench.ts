/**
 * What becomes of a burst: cost and memory while it lasts, how long the agent needs to catch up, and how soon something new
 * arrives meanwhile. Run:
 * npm run build; npx tsx --conditions=podwitness-source bench/agent-burst.bench.ts [EVENTS_PER_SECOND] [SECONDS] [CORES] [AWAY_SECONDS] [ANSWER_MS]
 *
 * Recorded exec events under new serials go to a socket like auditd's and to a log at once. The agent asks a fake container
 * runtime with 110 pods over gRPC and ships over mutual TLS to a receiver, which counts serials. CORES is `limits.cpu` (`none`:
 * no cap). With AWAY_SECONDS the receiver answers 503 during the burst and so much longer; then it takes ANSWER_MS for each batch.
 */
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { execveTemplates } from './execve-templates.ts'
import { describeCost, measureProcess } from './process-cost.ts'

const RATE = Number(process.argv[2] ?? 5000)
const SECONDS = Number(process.argv[3] ?? 30)
const CORES = process.argv[4] ?? 'none'
const AWAY_SECONDS = Number(process.argv[5] ?? 0)
const ANSWER_MS = Number(process.argv[6] ?? 0)
const SLICES = 20
const PODS = 110
const MARK_EVERY_MS = 500
const GIVE_UP_SECONDS = 600

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-burst-'))
const log = join(folder, 'audit.log')
const inflate = promisify(gunzip)
/** The agent's: benches have no gRPC of their own. */
const requireOfAgent = createRequire(join(root, 'packages/agent/package.json'))

/** Takes batches, counts serials, and notes when each came first. */
class Receiver {
  port = 0
  away = false
  received = 0
  again = 0
  lastMs = 0
  readonly firstMs = new Map<number, number>()
  readonly #seen = new Uint8Array(64 * 1024 * 1024)
  readonly #server

  constructor(certificates: Certificates) {
    const tls = { key: certificates.serverKey, cert: certificates.server, ca: certificates.ca, requestCert: true }
    this.#server = createTlsServer({ ...tls, rejectUnauthorized: true }, async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      if (this.away) {
        response.writeHead(503).end()
        return
      }
      this.#take(await inflate(Buffer.concat(chunks)))
      await sleep(ANSWER_MS)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"rejected":[],"duplicate":false}')
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #take(text: Buffer): void {
    for (const line of text.toString('latin1').split('\n')) {
      const seq = line.startsWith('{"kind":"audit"') ? Number(/audit\([\d.]+:(\d+)\)/.exec(line)?.[1]) : Number.NaN
      if (Number.isNaN(seq)) continue
      if (this.#seen[seq] === 1) this.again++
      else this.received++
      this.#seen[seq] = 1
      this.lastMs = performance.now()
      if (!this.firstMs.has(seq) && marks.has(seq)) this.firstMs.set(seq, this.lastMs)
    }
  }
}

/** Serials of events sent one by one, and when. */
const marks = new Map<number, number>()

interface Certificates {
  readonly ca: string
  readonly server: string
  readonly serverKey: string
  readonly client: string
  readonly clientKey: string
}

function makeCertificates(): Certificates {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...curve, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=bench', '-days', '2')
  for (const name of ['server', 'client']) {
    openssl('req', ...curve, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`)
    writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n')
    const sign = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('names')]
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-out', at(`${name}.pem`), ...sign)
  }
  const read = (name: string): string => readFileSync(at(name), 'utf8')
  return {
    ca: read('ca.pem'),
    server: read('server.pem'),
    serverKey: read('server.key'),
    client: read('client.pem'),
    clientKey: read('client.key'),
  }
}

/** A fake runtime, after the published API (k8s.io/cri-api). */
async function fakeRuntime(socket: string): Promise<{ forceShutdown(): void }> {
  const { loadPackageDefinition, Server, ServerCredentials } = requireOfAgent('@grpc/grpc-js')
  const { loadSync } = requireOfAgent('@grpc/proto-loader')
  const { runtime } = loadPackageDefinition(
    loadSync(join(root, 'packages/agent/proto/cri.proto'), { keepCase: true, longs: String }),
  )
  type Done = (error: null, value: object) => void
  const answer = (value: object) => (_call: object, done: Done) => done(null, value)
  const at = String(BigInt(Date.now()) * 1_000_000n)
  const labels = (i: number): Record<string, string> => ({
    'io.kubernetes.pod.name': `web-${i}`,
    'io.kubernetes.pod.namespace': 'default',
    'io.kubernetes.pod.uid': `00000000-0000-0000-0000-${String(i).padStart(12, '0')}`,
    'io.kubernetes.container.name': 'app',
  })
  const info = {
    info: {
      info: JSON.stringify({ pid: 1, runtimeSpec: { process: { args: ['sleep', '1'] }, linux: { cgroupsPath: '/kubepods/x' } } }),
    },
  }
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: PODS }, (_, i) => make(i))
  const server = new Server()
  server.addService(runtime.v1.RuntimeService.service, {
    Version: answer({ runtime_name: 'fake', runtime_version: '1' }),
    ListPodSandbox: answer({ items: each((i) => ({ id: `s${i}`, state: 0, created_at: at, labels: labels(i) })) }),
    PodSandboxStatus: answer(info),
    ListContainers: answer({
      containers: each((i) => ({
        id: `c${i}`,
        pod_sandbox_id: `s${i}`,
        state: 1,
        created_at: at,
        image: { image: 'debian:12' },
        labels: labels(i),
      })),
    }),
    ContainerStatus: answer(info),
  })
  await promisify(server.bindAsync.bind(server))(`unix:${socket}`, ServerCredentials.createInsecure())
  return server
}

function startAgent(receiver: Receiver, { ca, client, clientKey }: Certificates): ReturnType<typeof spawn> {
  mkdirSync(join(folder, 'state'), { recursive: true })
  const day = 24 * 3600 * 1000
  const identity = {
    agentId: 'bench',
    key: clientKey,
    certificate: client,
    ca,
    notAfterMs: Date.now() + day,
    sinceMs: Date.now(),
  }
  writeFileSync(join(folder, 'state/identity.json'), JSON.stringify(identity))
  const config = `state: ${folder}/state
node: bench
sources: [{type: auditSocket, path: ${folder}/events}, {type: auditLog, path: ${log}, from: start}]
output: {type: server, url: "https://127.0.0.1:${receiver.port}"}
health: {port: 0}
containers: {cri: ${folder}/cri.sock}
${CORES === 'none' ? '' : `limits: {cpu: ${CORES}}\n`}`
  writeFileSync(join(folder, 'agent.yaml'), config)
  const command = [join(root, 'packages/cli/bin/podwitness.mjs'), 'agent', '--config', join(folder, 'agent.yaml')]
  return spawn(process.execPath, command, { stdio: 'inherit' })
}

const clients: Socket[] = []
const made = execveTemplates()
let seq = 0

function send(count: number): void {
  const seconds = (Date.now() / 1000).toFixed(3)
  let text = ''
  for (let i = 0; i < count; i++) text += made[seq % made.length]?.(++seq, seconds) ?? ''
  appendFileSync(log, text, 'latin1') // auditd writes its log first, too.
  for (const client of clients) client.write(text, 'latin1')
}

async function burst(): Promise<void> {
  const start = Date.now()
  for (let slice = 1; slice <= SECONDS * SLICES; slice++) {
    send(RATE / SLICES)
    await sleep(Math.max(0, start + (slice * 1000) / SLICES - Date.now()))
  }
}

/** Sends one event now and then until everything has arrived. */
async function catchUp(receiver: Receiver): Promise<void> {
  for (const end = Date.now() + GIVE_UP_SECONDS * 1000; receiver.received < seq && Date.now() < end; await sleep(MARK_EVERY_MS)) {
    marks.set(seq + 1, performance.now())
    send(1)
    await sleep(MARK_EVERY_MS)
  }
}

async function main(): Promise<void> {
  writeFileSync(log, '')
  const certificates = makeCertificates()
  const receiver = new Receiver(certificates)
  await receiver.listen()
  const runtime = await fakeRuntime(join(folder, 'cri.sock'))
  const server = createServer((socket) => void clients.push(socket.on('error', () => {}))).listen(join(folder, 'events'))
  const agent = startAgent(receiver, certificates)
  const pid = agent.pid ?? 0
  const say = (text: string): void => void process.stdout.write(text)
  try {
    while (clients.length === 0) await sleep(100)
    await sleep(5000)
    receiver.away = AWAY_SECONDS > 0
    say(describeCost(`${RATE} events/s by each of two routes for ${SECONDS} s, cap ${CORES}`, await measureProcess(pid, burst)))
    const bytes = statSync(log).size
    const atEnd = receiver.received
    const begun = performance.now()
    await sleep(AWAY_SECONDS * 1000)
    receiver.away = false
    say(describeCost('catching up', await measureProcess(pid, () => catchUp(receiver))))
    const seconds = ((receiver.lastMs - begun) / 1000 - AWAY_SECONDS).toFixed(1)
    say(
      `${(bytes / 1e6).toFixed(0)} MB; ${atEnd} of ${seq - marks.size} had arrived at the end of the burst, the last of them ${seconds} s ${AWAY_SECONDS > 0 ? 'after the receiver was back' : 'later'}; sent ${seq}, arrived ${receiver.received}, twice ${receiver.again}\n`,
    )
    const late = [...marks]
      .map(([mark, at]) => (receiver.firstMs.get(mark) ?? Number.POSITIVE_INFINITY) - at)
      .sort((a, b) => a - b)
    const share = (of: number): string => ((late[Math.min(late.length - 1, Math.floor(late.length * of))] ?? 0) / 1000).toFixed(2)
    say(
      `${late.length} single events meanwhile: median ${share(0.5)} s, 95 % within ${share(0.95)} s, all within ${share(1)} s\n`,
    )
  } finally {
    agent.kill()
    for (const client of clients) client.destroy()
    server.close()
    runtime.forceShutdown()
    receiver.close()
    await sleep(500)
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
process.exit()
