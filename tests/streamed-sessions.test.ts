import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeTime } from '@podwitness/event'
import { importPaths, type LiveIntake, metricsText, RefusalCounts, SessionsReader, startLiveIntake } from '@podwitness/server'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SessionFindings } from '../packages/server/src/intake/session-findings.ts'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import type { Parcel } from '../packages/server/src/rows/parcel.ts'
import { steps, toldSessions } from './recorded-sessions.ts'
import { type RecordedItem, recordedStream } from './recorded-stream.ts'
import { scoreAgainstTruth, type ToldSession } from './truth.ts'

const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-streamed-'))
let store: Store
let intake: LiveIntake
const failures: Error[] = []

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  intake = await startLiveIntake(store, {
    folder,
    host: '127.0.0.1',
    port: 0,
    entryPatienceMs: PATIENCE_MS,
    onUnexpected: (error) => failures.push(error),
  })
}, 180_000)
afterAll(async () => {
  await intake.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}, 180_000)

const AT_MS = Date.UTC(2026, 10, 20, 12)
/** Longer than the test: what is waited for is looked at once at the end. */
const PATIENCE_MS = 3_600_000
/** Recorded time between two requests of one sender, milliseconds. */
const STEP_MS = 10_000

/** Sends a step through the real listeners: a node's batch and an API server's EventList at once. */
async function send(step: readonly RecordedItem[], name: string, node: SenderClient, apiserver: SenderClient): Promise<void> {
  const lines = step.flatMap(({ line }) => (line === undefined ? [] : [line]))
  const events = step.flatMap(({ apiEvent }) => (apiEvent === undefined ? [] : [apiEvent]))
  const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${events.join(',')}]}`
  const answers = await Promise.all([node.batch(`stream.1.${name}`, lines), apiserver.post('/intake/v1/apiserver/live', list)])
  expect(answers.map(({ status, body }) => [status, body.rejectedCount ?? body.rejected])).toEqual([
    [200, 0],
    [200, 0],
  ])
}

/** What is told, without the ids that name the cluster. */
const comparable = (sessions: readonly ToldSession[]): string[] =>
  sessions.map(({ traceId: _, ...rest }) => JSON.stringify(rest)).sort()

/** Entries that the API server does not know are findings, each once and no others. */
async function expectFindings(): Promise<void> {
  const ask = async (sql: string): Promise<string[]> => (await store.reader.query({ sql })).rows.map(([id]) => String(id))
  const found = await ask(
    `SELECT labels['trace_id'] AS id FROM audit.events WHERE cluster = 'live' AND kind = 'Finding' ORDER BY id`,
  )
  const entries = `entry IN ('unrecorded', 'node-local') AND confidence = 'none'`
  expect(found.length).toBeGreaterThan(0)
  expect(found).toEqual(
    await ask(`SELECT trace_id AS id FROM audit.sessions FINAL WHERE cluster = 'live' AND ${entries} ORDER BY id`),
  )
}

it('withdraws a finding, once, when the record comes', async () => {
  const submitted: Parcel[] = []
  const findings = new SessionFindings(
    store,
    async (parcel) => {
      submitted.push(parcel)
      await intake.parts.writer.submit(parcel)
    },
    0,
  )
  const write = (version: string, more: object): Promise<unknown> =>
    store.writer.insert(
      'sessions',
      [{ ...blankRow('sessions'), trace_id: 'late-record', cluster: 'withdrawn', start: storeTime(AT_MS), version, ...more }],
      `withdrawn-${version}`,
    )
  const look = async (): Promise<string[]> => {
    submitted.length = 0
    await findings.look('withdrawn', { fromMs: AT_MS - 1000, toMs: AT_MS + 1000 }, AT_MS)
    return submitted.flatMap(({ events }) => events.map(({ action = '' }) => action))
  }
  await write('1', { entry: 'unrecorded', confidence: 'none' })
  expect(await look()).toEqual(['entry-without-api-record'])
  expect(await look()).toEqual([])
  await write('2', { entry: 'exec', confidence: 'matched', user: 'alice' })
  expect(await look()).toEqual(['entry-explained'])
  expect(await look()).toEqual([])
  const { rows } = await store.reader.query({
    sql: `SELECT count() FROM audit.events WHERE cluster = 'withdrawn' AND labels['withdraws'] IN (SELECT event_id FROM audit.events WHERE cluster = 'withdrawn')`,
  })
  expect(Number(rows[0]?.[0])).toBe(1)
})

it("shows what is missing in a session's time: losses of its node, and sources that were silent", async () => {
  const at = (seconds: number): string => storeTime(AT_MS + seconds * 1000)
  const session = {
    ...blankRow('sessions'),
    trace_id: 'gaps',
    cluster: 'gaps',
    node: 'n1',
    start: at(0),
    end: at(1000),
    version: '1',
  }
  await store.writer.insert('sessions', [session], 'gaps-session')
  const losses = (
    [
      ['kernel', 'n1', 10, 20, 7],
      ['spool', 'n1', 30, 40, -1],
      ['kernel', 'n2', 10, 20, 9],
      ['filter', 'n1', 10, 20, 9],
      ['kernel', 'n1', 2000, 2010, 9],
    ] as const
  ).map(([hop, node, since, until, count], id) => {
    return { loss_id: `gaps-${id}`, cluster: 'gaps', node, boot: 'b', hop, since: at(since), until: at(until), count, reason: '' }
  })
  await store.writer.insert('loss', losses, 'gaps-loss')
  const beats = [-60, 0, 15, 400, 415].map((seconds) => {
    return { cluster: 'gaps', node: 'n1', time: at(seconds), boot: 'b', counters: {}, facts: {} }
  })
  await store.writer.insert('heartbeats', beats, 'gaps-beats')
  const apiEvents = [-3000, 1300].map((seconds) => {
    return { time: at(seconds), event_id: `gaps-api-${seconds}`, kind: 'KubeAudit' as const, cluster: 'gaps', raw: '{}' }
  })
  await store.writer.insert('events', apiEvents, 'gaps-api')
  const detail = await new SessionsReader(store.reader).detail('gaps')
  const told = detail?.gaps.map(({ from, to, code, records }) => [
    Date.parse(from) - AT_MS,
    Date.parse(to) - AT_MS,
    code,
    records,
  ])
  expect(told).toEqual([
    [-3_000_000, 1_300_000, 'source-silent', 0],
    [10_000, 20_000, 'kernel-lost', 7],
    [15_000, 400_000, 'source-silent', 0],
    [30_000, 40_000, 'dropped', 0],
  ])
})

it('says of a shuffled live stream what an import of the whole says', async () => {
  const { tokens, authority } = intake.parts
  const stranger = new SenderClient(intake.port, authority.certificate)
  const joinToken = tokens.create({ kind: 'join', cluster: 'live', name: '' }, authority.fingerprint).text
  const node = await stranger.join(joinToken, 'live', 'k8s-node-1')
  const { text } = tokens.create({ kind: 'apiserver', cluster: 'live', name: '' }, authority.fingerprint)
  const apiserver = {
    post: (path: string, body: string) => stranger.post(path, body, { authorization: `Bearer ${text}` }),
  } as SenderClient
  let at = 0
  for (const step of steps(recordedStream(), STEP_MS)) await send(step, String(at++), node, apiserver)
  await intake.derivation.settle()
  node.close()
  stranger.close()

  const files = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz', 'pods-end.json.gz']
  await importPaths(
    store,
    files.map((name) => join(RECORDING, name)),
    { cluster: 'import', rejectsDir: folder },
  )
  const streamed = await toldSessions(store, 'live')
  expect(comparable(streamed)).toEqual(comparable(await toldSessions(store, 'import')))
  const score = scoreAgainstTruth(streamed)
  expect(score).toMatchObject({
    wrongNames: [],
    overclaimed: [],
    foreign: [],
    twins: 1,
    loose: 1,
    ambiguousFlagged: 1,
    attachAndDebug: 1,
  })
  expect(score.matched).toBeGreaterThanOrEqual(0.99)
  expect(failures).toEqual([])
  expect(intake.derivation.counters.rounds).toBeGreaterThan(1)
  for (const [cluster, span] of intake.findings.waiting()) await intake.findings.look(cluster, span, Date.now() + PATIENCE_MS)
  expect(intake.findings.waiting()).toEqual([])
  await expectFindings()
  expect(metricsText({ intake, refused: new RefusalCounts() }, Date.now())).toMatch(/^podwitness_intake_events_total 15\d{3}$/m)
}, 180_000)
