/**
 * How long a session waits for its name: from the answer that made the second of both sides durable, the first of its
 * commands or the first of its API events, to the moment at which its row with the name is in the store.
 *
 * Run: npx tsc -b && node --max-semi-space-size=32 --conditions=podwitness-source --import tsx bench/named-sessions.bench.ts [SERVERS] [SPEED]
 *
 * The bundled recording at the speed it was recorded with (or SPEED times as fast): its node sends a batch a second,
 * its API events come up to 120 recorded seconds late and out of order, a list a second. Every request goes to the next
 * of SERVERS intakes, which share one store; they run in this process, so they share its one thread as well.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type LiveIntake, startLiveIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { steps, toldSessions } from '../tests/recorded-sessions.ts'
import { type RecordedItem, recordedStream } from '../tests/recorded-stream.ts'

const SERVERS = Number(process.argv[2] ?? 3)
const SPEED = Number(process.argv[3] ?? 1)
const STEP_MS = 1_000
const LOOK_EVERY_MS = 100

interface Server {
  readonly store: Store
  readonly intake: LiveIntake
  readonly node: SenderClient
  readonly api: SenderClient
}

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
// An embedded engine stands in for the ClickHouse server that several podwitness servers share.
const engine = await openStore({ dataDir: join(folder, 'engine'), role: 'server' })
const { url, passwords } = JSON.parse(readFileSync(join(folder, 'engine', 'engine.json'), 'utf8')) as {
  readonly url: string
  readonly passwords: { readonly admin: string }
}

async function startServer(at: number): Promise<Pick<Server, 'store' | 'intake'>> {
  const dataDir = join(folder, `server-${at}`)
  if (at > 0) cpSync(join(folder, 'server-0', 'pki'), join(dataDir, 'pki'), { recursive: true })
  const store = await openStore({ url: url.replace('//', `//admin:${passwords.admin}@`), dataDir })
  const onUnexpected = (error: Error): void => console.error(error)
  return { store, intake: await startLiveIntake(store, { folder: dataDir, host: '127.0.0.1', port: 0, onUnexpected }) }
}

const first = await startServer(0)
const { tokens, authority } = first.intake.parts
const stranger = new SenderClient(first.intake.port, authority.certificate)
const joinToken = tokens.create({ kind: 'join', cluster: 'b', name: '' }, authority.fingerprint).text
const joined = await stranger.join(joinToken, 'b', 'k8s-node-1')
const bearer = { authorization: `Bearer ${tokens.create({ kind: 'apiserver', cluster: 'b', name: '' }, '').text}` }
const servers: Server[] = []
for (let at = 0; at < SERVERS; at++) {
  const { store, intake } = at === 0 ? first : await startServer(at)
  servers.push({ store, intake, node: joined.at(intake.port), api: stranger.at(intake.port) })
}

function serverAt(at: number): Server {
  const server = servers[at % SERVERS]
  if (server === undefined) throw new Error('there is at least one')
  return server
}

/** When the answer for an audit event (by `seconds.milliseconds:serial`) or an API request (by its Audit-ID) came first, ms. */
const answered = new Map<string, number>()
const SERIAL = /audit\((\d+\.\d+:\d+)\)/

function note(names: readonly (string | undefined)[]): void {
  const now = performance.now()
  for (const name of names) if (name !== undefined && !answered.has(name)) answered.set(name, now)
}

async function sendLines(step: readonly RecordedItem[], at: number): Promise<void> {
  const lines = step.flatMap(({ line }) => (line === undefined ? [] : [line]))
  if (lines.length === 0) return
  const { status } = await serverAt(at).node.batch(`n.1.${at}`, lines)
  if (status !== 200) throw new Error(`a batch was answered with ${status}`)
  note(
    lines.map((line) =>
      'raw64' in line ? SERIAL.exec(Buffer.from(String(line.raw64), 'base64').toString('latin1'))?.[1] : undefined,
    ),
  )
}

async function sendEvents(step: readonly RecordedItem[], at: number): Promise<void> {
  const events = step.flatMap(({ apiEvent }) => apiEvent ?? [])
  if (events.length === 0) return
  const list = `{"kind":"EventList","items":[${events.join(',')}]}`
  const { status } = await serverAt(at + 1).api.post('/intake/v1/apiserver/b', list, bearer)
  if (status !== 200) throw new Error(`a list was answered with ${status}`)
  note(events.map((event) => /"auditID":"([^"]+)"/.exec(event)?.[1]))
}

/** When a session had a name first, by trace id and name, ms. */
const named = new Map<string, number>()
let ended = false

async function watch(): Promise<void> {
  const sql = `SELECT trace_id, user FROM audit.sessions FINAL WHERE cluster = 'b' AND confidence IN ('proven', 'matched')`
  while (!ended) {
    const { rows } = await engine.reader.query({ sql, maxRows: 100_000 })
    const now = performance.now()
    for (const [trace, user] of rows) {
      const name = `${trace} ${user}`
      if (!named.has(name)) named.set(name, now)
    }
    await pause(LOOK_EVERY_MS)
  }
}

const items = recordedStream()
const beganMs = items[0]?.arrivalMs ?? 0
const began = performance.now()
const watching = watch()
const sent: Promise<void>[] = []
let at = 0
for (const step of steps(items, STEP_MS)) {
  const dueMs = began + ((step.at(-1)?.arrivalMs ?? beganMs) - beganMs) / SPEED
  await pause(Math.max(0, dueMs - performance.now()))
  sent.push(sendLines(step, at), sendEvents(step, at))
  at++
}
await Promise.all(sent)
for (const { intake } of servers) await intake.derivation.settle()
await pause(10 * LOOK_EVERY_MS)
ended = true
await watching

const waits: number[] = []
let never = 0
for (const { traceId, user, confidence, auditIds, serials } of await toldSessions(engine, 'b')) {
  if (confidence !== 'proven' && confidence !== 'matched') continue
  const sides = [serials, auditIds].map((names) => Math.min(...names.flatMap((name) => answered.get(name) ?? [])))
  if (!sides.every(Number.isFinite)) continue
  const when = named.get(`${traceId} ${user}`)
  if (when === undefined) never++
  else waits.push(Math.max(0, when - Math.max(...sides)))
}
waits.sort((a, b) => a - b)
const share = (part: number): string =>
  `${Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0)} ms`
const { user, system } = process.cpuUsage()
console.log(
  `${waits.length} named sessions of both sides, ${SERVERS} servers, ${SPEED} times the recorded speed: p50 ${share(0.5)}, p95 ${share(0.95)}, most ${share(1)}, ${never} not seen named; ${((performance.now() - began) / 1000).toFixed(0)} s, own CPU ${((user + system) / 1e6).toFixed(0)} s`,
)
const behind = waits.filter((wait) => wait > 5_000).length
console.log(`${behind} waited longer than 5 s`)
stranger.close()
joined.close()
for (const { intake, node, api } of servers) {
  node.close()
  api.close()
  await intake.close()
}
for (const { store } of servers) await store.close()
await engine.close()
rmSync(folder, { recursive: true, force: true })
