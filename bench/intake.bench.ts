/**
 * What taking in costs: events through TLS, gzip, checks and decoding into the embedded store, beside the engine's own
 * insert of the same rows in the same run; and how long it takes from the answer to the session.
 *
 * Run: npx tsc -b && npx tsx --conditions=podwitness-source bench/intake.bench.ts [COPIES]
 *
 * Input: the bundled recording, COPIES times with rising serials and times. CPU seconds are user + system of this
 * process (senders included) and of the engine; wall time on a shared machine says little.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startLiveIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { readBatch } from '../packages/server/src/intake/read-batch.ts'
import { startIntake } from '../packages/server/src/intake/start-intake.ts'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { type RecordedItem, recordedStream } from '../tests/recorded-stream.ts'

const COPIES = Number(process.argv[2] ?? 5)
const BATCH_LINES = 2_000
const SENDERS = 4
const TICKS_PER_SECOND = 100 // USER_HZ, the same on every Linux architecture.

interface Cost {
  readonly wall: number
  readonly own: number
  readonly engine: number
}

/** CPU seconds of the processes that this one started. */
function childrenSeconds(): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      if (Number(fields[1]) === process.pid) ticks += Number(fields[11]) + Number(fields[12])
    } catch {} // It ended meanwhile.
  }
  return ticks / TICKS_PER_SECOND
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const began = performance.now()
  const cpu = process.cpuUsage()
  const engine = childrenSeconds()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: (performance.now() - began) / 1000, own: (user + system) / 1e6, engine: childrenSeconds() - engine }
}

function auditLines(): string[] {
  const one = recordedStream().flatMap(({ line }) => (line !== undefined && 'raw64' in line ? [String(line.raw64)] : []))
  const lines: string[] = []
  for (let copy = 0; copy < COPIES; copy++)
    for (const raw64 of one) {
      const raw = Buffer.from(raw64, 'base64')
        .toString('latin1')
        .replace(
          /audit\((\d+)\.(\d+):(\d+)\)/g,
          (_, s, ms, serial) => `audit(${Number(s) + copy * 200}.${ms}:${Number(serial) + copy * 20_000})`,
        )
      lines.push(JSON.stringify({ kind: 'audit', boot: 'b', via: ['socket'], raw }))
    }
  return lines
}

async function inStore<T>(work: (store: Store, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
  const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  try {
    return await work(store, folder)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const batchesOf = (lines: readonly string[]): string[] =>
  Array.from({ length: Math.ceil(lines.length / BATCH_LINES) }, (_, at) =>
    lines.slice(at * BATCH_LINES, (at + 1) * BATCH_LINES).join('\n'),
  )

function throughIntake(batches: readonly string[]): Promise<Cost> {
  return inStore(async (store, folder) => {
    const intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
    const { tokens, authority } = intake.parts
    const stranger = new SenderClient(intake.port, authority.certificate)
    const client = await stranger.join(
      tokens.create({ kind: 'join', cluster: 'b', name: '' }, authority.fingerprint).text,
      'b',
      'n',
    )
    const packed = batches.map((text) => gzipSync(text, { level: 1 }))
    let next = 0
    const send = async (): Promise<void> => {
      for (let at = next++; at < packed.length; at = next++) {
        const headers = { 'content-encoding': 'gzip', 'x-podwitness-batch': `b.1.${at}` }
        const { status } = await client.post('/intake/v1/batches', packed[at] ?? '', headers)
        if (status !== 200) throw new Error(`answered ${status}`)
      }
    }
    const cost = await measure(async () => void (await Promise.all(Array.from({ length: SENDERS }, send))))
    client.close()
    stranger.close()
    await intake.close()
    return cost
  })
}

function engineAlone(batches: readonly string[]): Promise<Cost> {
  const rows = batches.flatMap(
    (text, at) => readBatch(Buffer.from(text), { key: String(at), cluster: 'b', node: 'n' }).parcel.events,
  )
  return inStore((store) =>
    measure(async () => {
      for (let at = 0; at < rows.length; at += 10_000)
        await store.writer.insert('events', rows.slice(at, at + 10_000), `bench-${at}`)
    }),
  )
}

/** From the answers for both sides of some recorded seconds to the sessions they make, milliseconds. */
function toSessions(): Promise<number[]> {
  return inStore(async (store, folder) => {
    const intake = await startLiveIntake(store, { folder, host: '127.0.0.1', port: 0 })
    const { tokens, authority } = intake.parts
    const stranger = new SenderClient(intake.port, authority.certificate)
    const client = await stranger.join(
      tokens.create({ kind: 'join', cluster: 'b', name: '' }, authority.fingerprint).text,
      'b',
      'k8s-node-1',
    )
    const bearer = { authorization: `Bearer ${tokens.create({ kind: 'apiserver', cluster: 'b', name: '' }, '').text}` }
    const took: number[] = []
    const items = recordedStream()
    for (let at = 0; at < items.length; at += 1_000) {
      const step: readonly RecordedItem[] = items.slice(at, at + 1_000)
      const events = step.flatMap(({ apiEvent }) => (apiEvent === undefined ? [] : [apiEvent]))
      const rounds = intake.derivation.counters.rounds
      await Promise.all([
        client.batch(
          `l.1.${at}`,
          step.flatMap(({ line }) => (line === undefined ? [] : [line])),
        ),
        stranger.post('/intake/v1/apiserver/b', `{"kind":"EventList","items":[${events.join(',')}]}`, bearer),
      ])
      const answered = performance.now()
      while (intake.derivation.counters.rounds === rounds) await new Promise((resolve) => setTimeout(resolve, 5))
      took.push(performance.now() - answered)
      await intake.derivation.settle()
    }
    client.close()
    stranger.close()
    await intake.close()
    return took
  })
}

const lines = auditLines()
const batches = batchesOf(lines)
const show = (name: string, { wall, own, engine }: Cost): void =>
  console.log(
    `${name}: ${lines.length} events, wall ${wall.toFixed(1)} s, own CPU ${own.toFixed(1)} s, engine CPU ${engine.toFixed(1)} s, ${Math.round(lines.length / (own + engine))} events per CPU second`,
  )
show('engine alone  ', await engineAlone(batches))
show('through intake', await throughIntake(batches))
const took = (await toSessions()).sort((a, b) => a - b)
const share = (part: number): string => `${Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0)} ms`
console.log(`answer to sessions, ${took.length} steps: p50 ${share(0.5)}, p95 ${share(0.95)}, most ${share(1)}`)
