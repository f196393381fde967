/**
 * How long a session waits for its name after both sides arrived: from the answer that made durable what was missing
 * to the moment at which its row with the name is in the store. Counted twice: from when the first of its commands and
 * the first of its API events were there, and from when the first of its commands and all of its API events were.
 *
 * Run: npx tsc -b && node --max-semi-space-size=32 --conditions=podwitness-source --import tsx bench/named-sessions.bench.ts [SERVERS] [HELD_SECONDS]
 *
 * The bundled recording at the speed it was recorded with: its node sends a batch a second; the API server holds what it
 * has for HELD_SECONDS (30, as --audit-webhook-batch-max-wait is by default) and sends it in order. With `shuffled` for
 * HELD_SECONDS each API event comes by itself up to 120 s late, so that ends come before beginnings: then it is not
 * known whether other requests are still to come, and a name waits for them. Every request goes to the next of SERVERS
 * intakes, which share one store; they run in this process, so they share its one thread as well.
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

const SERVERS = Number(process.argv[2] ?? 1)
const HELD = process.argv[3] ?? '30'
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

/** When the answers for an audit event (by `seconds.milliseconds:serial`) or an API request's (by its Audit-ID) came, ms. */
const answered = new Map<string, { readonly first: number; readonly last: number }>()
const SERIAL = /audit\((\d+\.\d+:\d+)\)/

function note(names: readonly (string | undefined)[]): void {
  const now = performance.now()
  for (const name of names) if (name !== undefined) answered.set(name, { first: answered.get(name)?.first ?? now, last: now })
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

/** The stream as it comes, or its API events in order and held back. */
function arriving(): RecordedItem[] {
  const stream = recordedStream()
  if (HELD === 'shuffled') return stream
  const heldMs = Number(HELD) * 1_000
  const origin = stream[0]?.arrivalMs ?? 0
  const held = stream.map((item) => {
    const stamp = /"stageTimestamp":"([^"]+)"/.exec(item.apiEvent ?? '')?.[1]
    if (stamp === undefined) return item
    const atMs = Date.parse(stamp) - origin
    // A little later for each, so that sorting keeps their order.
    return { ...item, arrivalMs: origin + Math.ceil(atMs / heldMs) * heldMs + atMs / 1e6 }
  })
  return held.sort((a, b) => a.arrivalMs - b.arrivalMs)
}

const items = arriving()
const beganMs = items[0]?.arrivalMs ?? 0
const began = performance.now()
const watching = watch()
const sent: Promise<void>[] = []
let at = 0
for (const step of steps(items, STEP_MS)) {
  const dueMs = began + ((step.at(-1)?.arrivalMs ?? beganMs) - beganMs)
  await pause(Math.max(0, dueMs - performance.now()))
  sent.push(sendLines(step, at), sendEvents(step, at))
  at++
}
await Promise.all(sent)
// A server looks every two seconds for what others stored, and every fifteen where they were silent.
await pause(20_000)
for (const { intake } of servers) await intake.derivation.settle()
await pause(10 * LOOK_EVERY_MS)
ended = true
await watching

const waits: Readonly<Record<'first' | 'all', number[]>> = { first: [], all: [] }
let never = 0
for (const { traceId, user, confidence, auditIds, serials } of await toldSessions(engine, 'b')) {
  if (confidence !== 'proven' && confidence !== 'matched') continue
  const commands = serials.flatMap((name) => answered.get(name)?.first ?? [])
  const events = auditIds.flatMap((name) => answered.get(name) ?? [])
  if (commands.length === 0 || events.length === 0) continue
  const when = named.get(`${traceId} ${user}`)
  if (when === undefined) {
    never++
    continue
  }
  const started = Math.min(...commands)
  waits.first.push(Math.max(0, when - Math.max(started, ...events.map(({ first: one }) => one))))
  waits.all.push(Math.max(0, when - Math.max(started, ...events.map(({ last }) => last))))
}
const counts = await engine.reader.query({
  sql: `SELECT toString(confidence), count(), countIf(notEmpty(audit_ids)), countIf(command_count > 0) FROM audit.sessions FINAL WHERE cluster = 'b' GROUP BY 1`,
})
const kinds = await engine.reader.query({
  sql: `SELECT toString(kind), count() FROM audit.events WHERE cluster = 'b' GROUP BY 1`,
})
console.log(
  `sessions by confidence, with API events, with commands: ${JSON.stringify(counts.rows)}; events: ${JSON.stringify(kinds.rows)}`,
)
const { user, system } = process.cpuUsage()
const took = `${((performance.now() - began) / 1000).toFixed(0)} s, own CPU ${((user + system) / 1e6).toFixed(0)} s`
console.log(
  `${waits.first.length} named sessions of both sides, ${SERVERS} servers, API events held ${HELD}: ${never} not seen named; ${took}`,
)
for (const { intake } of servers) {
  const { rounds, totalMs } = intake.derivation.counters
  console.log(`a server: ${rounds} rounds of ${Math.round(totalMs / Math.max(1, rounds))} ms`)
}
for (const [from, list] of Object.entries(waits)) {
  list.sort((a, b) => a - b)
  const share = (part: number): string => `${Math.round(list[Math.min(list.length - 1, Math.floor(list.length * part))] ?? 0)} ms`
  const behind = list.filter((wait) => wait > 5_000).length
  console.log(`from ${from} of its API events: p50 ${share(0.5)}, p95 ${share(0.95)}, most ${share(1)}; ${behind} over 5 s`)
}
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
