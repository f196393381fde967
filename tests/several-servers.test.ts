import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LiveIntake, startLiveIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ArrivalsOfOthers } from '../packages/server/src/derive/arrivals-of-others.ts'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { steps, toldSessions } from './recorded-sessions.ts'
import { type RecordedItem, recordedStream } from './recorded-stream.ts'
import { scoreAgainstTruth } from './truth.ts'

// An embedded engine stands in for the ClickHouse server that three podwitness servers share.
const folder = mkdtempSync(join(tmpdir(), 'podwitness-several-'))
const SERVERS = 3
/** Longer than the test: what is waited for is looked at once at the end. */
const PATIENCE_MS = 3_600_000

interface Server {
  readonly store: Store
  readonly intake: LiveIntake
  readonly node: SenderClient
  readonly api: (body: string) => ReturnType<SenderClient['post']>
}

let engine: Store
const servers: Server[] = []
const clients: SenderClient[] = []
const failures: Error[] = []

beforeAll(async () => {
  engine = await openStore({ dataDir: join(folder, 'engine'), role: 'server' })
  const file = JSON.parse(readFileSync(join(folder, 'engine', 'engine.json'), 'utf8')) as EngineWords
  const url = file.url.replace('//', `//admin:${file.passwords.admin}@`)
  // Servers side by side have one authority: what one of them lets in may send to all.
  const first = await startIntakeOn(url, 0)
  const { tokens, authority } = first.intake.parts
  const stranger = new SenderClient(first.intake.port, authority.certificate)
  const joinToken = tokens.create({ kind: 'join', cluster: 'live', name: '' }, authority.fingerprint).text
  const node = await stranger.join(joinToken, 'live', 'k8s-node-1')
  const { text } = tokens.create({ kind: 'apiserver', cluster: 'live', name: '' }, authority.fingerprint)
  for (let at = 0; at < SERVERS; at++) {
    if (at > 0) cpSync(join(folder, 'server-0', 'pki'), join(folder, `server-${at}`, 'pki'), { recursive: true })
    const { store, intake } = at === 0 ? first : await startIntakeOn(url, at)
    const own = { node: node.at(intake.port), stranger: stranger.at(intake.port) }
    clients.push(own.node, own.stranger)
    const api: Server['api'] = (body) => own.stranger.post('/intake/v1/apiserver/live', body, { authorization: `Bearer ${text}` })
    servers.push({ store, intake, node: own.node, api })
  }
  clients.push(node, stranger)
}, 60_000)
afterAll(async () => {
  for (const client of clients) client.close()
  for (const { intake, store } of servers) {
    await intake.close()
    await store.close()
  }
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

async function startIntakeOn(url: string, at: number): Promise<Pick<Server, 'store' | 'intake'>> {
  const dataDir = join(folder, `server-${at}`)
  const store = await openStore({ url, dataDir })
  const intake = await startLiveIntake(store, {
    folder: dataDir,
    host: '127.0.0.1',
    port: 0,
    entryPatienceMs: PATIENCE_MS,
    onUnexpected: (error) => failures.push(error),
  })
  return { store, intake }
}

const serverAt = (at: number): Server => {
  const server = servers[at % SERVERS]
  if (server === undefined) throw new Error('there are three')
  return server
}

/** A node's batch goes to two servers at once, as after an answer that got lost; an EventList goes to all three. */
async function send(step: readonly RecordedItem[], at: number): Promise<void> {
  const lines = step.flatMap(({ line }) => (line === undefined ? [] : [line]))
  const events = step.flatMap(({ apiEvent }) => (apiEvent === undefined ? [] : [apiEvent]))
  const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${events.join(',')}]}`
  const answers = await Promise.all([
    ...[at, at + 1].map((one) => serverAt(one).node.batch(`stream.1.${at}`, lines)),
    ...servers.map(({ api }) => api(list)),
  ])
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
}

const ask = async (sql: string): Promise<unknown[][]> => [
  ...(await serverAt(0).store.reader.query({ sql })).rows.map((row) => [...row]),
]

it('three servers on one store tell of a stream that reaches them all what is true, and nothing twice', async () => {
  const stream = recordedStream()
  const seen = servers.map(({ store }) => new ArrivalsOfOthers(store, 'live'))
  for (const others of seen) await others.begin()
  let at = 0
  for (const step of steps(stream, 60_000)) await send(step, at++)
  for (const { intake } of servers) await intake.derivation.settle()

  const streamed = await toldSessions(serverAt(1).store, 'live')
  const score = scoreAgainstTruth(streamed)
  const wanted = { wrongNames: [], overclaimed: [], foreign: [], twins: 1, loose: 1, ambiguousFlagged: 1, attachAndDebug: 1 }
  expect(score).toMatchObject(wanted)
  expect(score.matched).toBeGreaterThanOrEqual(0.99)

  // Each takes what came through the others for theirs, though they are of one process.
  for (const others of seen) {
    const [delta] = await others.read()
    expect(delta?.observations.length).toBeGreaterThan(0)
  }

  const twice = (table: string, key: string): string =>
    `SELECT count() - uniqExact(${key}) FROM audit.${table} WHERE cluster = 'live'`
  expect(await ask(twice('events', 'event_id'))).toEqual([[0]])
  expect(await ask(twice('samples', '(time, container_id, pids)'))).toEqual([[0]])
  const audit = stream.filter(({ line }) => line !== undefined && 'raw64' in line).length
  const api = new Set(stream.flatMap(({ apiEvent }) => apiEvent ?? [])).size
  expect(await ask("SELECT countIf(kind = 'KubeAudit'), countIf(kind IN ('Command', 'LinuxAudit')) FROM audit.events")).toEqual([
    [api, audit],
  ])

  for (const { intake } of servers)
    for (const [cluster, span] of intake.findings.waiting()) await intake.findings.look(cluster, span, Date.now() + PATIENCE_MS)
  const findings = "SELECT count(), uniqExact(trace_id) FROM audit.events WHERE kind = 'Finding' AND action LIKE 'entry%'"
  const unexplained =
    "SELECT count() FROM audit.sessions FINAL WHERE entry IN ('unrecorded', 'node-local') AND confidence = 'none'"
  const [[all = 0] = []] = await ask(unexplained)
  expect(all).toBeGreaterThan(0)
  expect(await ask(findings)).toEqual([[all, all]])
  expect(failures).toEqual([])

  // Each signs what it stores, and each can check what all have signed.
  const [[rows = 0] = []] = await ask('SELECT count() FROM audit.events')
  const [alice, bob] = [serverAt(0).store, serverAt(2).store]
  for (const { ledger } of [alice, bob]) {
    const report = await ledger?.verify({})
    // The keys of the others are known from the store alone; under load a server may never have had a turn.
    expect([...new Set(report?.findings.map(({ code }) => code))]).toEqual(['key_unconfirmed'])
    expect(report).toMatchObject({ intact: true, rows })
  }
  const change = "ALTER TABLE audit.events UPDATE raw = 'x' WHERE event_id IN (SELECT min(event_id) FROM audit.events)"
  await asAdmin(change)
  expect((await alice.ledger?.verify({}))?.findings.map(({ code }) => code)).toContain('rows_changed')
}, 120_000)

async function asAdmin(sql: string): Promise<void> {
  const { url, passwords } = JSON.parse(readFileSync(join(folder, 'engine', 'engine.json'), 'utf8')) as EngineWords
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin }
  const answer = await fetch(`${url}/?mutations_sync=2`, { method: 'POST', body: sql, headers })
  expect([answer.status, await answer.text()]).toEqual([200, ''])
}

interface EngineWords {
  readonly url: string
  readonly passwords: { readonly admin: string }
}
