/**
 * What taking in costs: events over TLS and gzip, checked, decoded, signed and stored in the embedded store and then
 * acknowledged, beside the engine's own insert of the same rows.
 *
 * Run: npx tsc -b && node --max-semi-space-size=32 --conditions=podwitness-source --import tsx bench/intake.bench.ts [ROUNDS] [SENDERS]
 *
 * Two engines run side by side, one for each. In turn, round by round, the same events go to one and the other, so
 * that whatever else the machine does hits both alike. A round is the bundled recording's audit events four times, with
 * later times and serials, in batches of 2,000 lines from SENDERS senders at once. The yardstick: the engine's official
 * client with its own defaults, rows as JSONEachRow, ten thousand at a time, into a table with all our columns and
 * indexes; nothing of ours is in it, neither ledger nor checks. CPU seconds are user + system of this process (through
 * the intake: senders included) and of the engine with its merges; wall time on a shared machine says little.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createClient } from '@clickhouse/client'
import type { EventDraft } from '@podwitness/event'
import { openStore, type Store } from '@podwitness/store'
import { readBatch } from '../packages/server/src/intake/read-batch.ts'
import { startIntake } from '../packages/server/src/intake/start-intake.ts'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { readEngineFile } from '../packages/store/src/engine/engine-file.ts'
import { engineAddress } from '../packages/store/src/engine/engine-host.ts'
import { recordedStream } from '../tests/recorded-stream.ts'
import { children, cpuSecondsOf, ownCpuSeconds } from './process-cpu.ts'

const ROUNDS = Number(process.argv[2] ?? 4)
const SENDERS = Number(process.argv[3] ?? 10)
const COPIES_OF_ROUND = 4
const BATCH_LINES = 2_000
const INSERT_ROWS = 10_000
/** The engine merges what was inserted a moment later. */
const MERGES_MS = 3_000

const recorded = recordedStream().flatMap(({ line }) => (line !== undefined && 'raw64' in line ? [String(line.raw64)] : []))

function linesOf(round: number): string[] {
  const lines: string[] = []
  for (let copy = round * COPIES_OF_ROUND; copy < (round + 1) * COPIES_OF_ROUND; copy++)
    for (const raw64 of recorded) {
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

function* pieces<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size)
}

/** One of the two: how a round's events come in, and what it has cost. */
interface Side {
  readonly name: string
  /** Gives what takes a round in; what it makes ready is not measured. */
  readonly prepare: (lines: readonly string[], round: number) => () => Promise<void>
  readonly engine: number
  readonly own: number[]
  engineBefore: number
  readonly close: () => Promise<void>
}

async function open(folder: string): Promise<{ store: Store; engine: number }> {
  const before = new Set(children())
  const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  const engine = children().find((pid) => !before.has(pid))
  if (engine === undefined) throw new Error('the engine is no process of this one')
  return { store, engine }
}

async function engineAlone(folder: string): Promise<Side> {
  const { store, engine } = await open(folder)
  const file = readEngineFile(join(folder, 'data'))
  if (file === undefined) throw new Error('no engine')
  const { url, logins } = engineAddress(file.url, file.passwords)
  const client = createClient({ url, ...logins.writer })
  const prepare = (lines: readonly string[], round: number) => {
    const rows: EventDraft[] = [...pieces(lines, BATCH_LINES)].flatMap(
      (batch, at) => readBatch(Buffer.from(batch.join('\n')), { key: `${round}.${at}`, cluster: 'b', node: 'n' }).parcel.events,
    )
    return async () => {
      for (const values of pieces(rows, INSERT_ROWS))
        await client.insert({
          table: 'audit.events',
          values: [...values],
          format: 'JSONEachRow',
          clickhouse_settings: { async_insert: 0 },
        })
    }
  }
  const close = async (): Promise<void> => {
    await client.close()
    await store.close()
  }
  return { name: 'engine alone', prepare, engine, own: [], engineBefore: 0, close }
}

async function throughIntake(folder: string): Promise<Side> {
  const { store, engine } = await open(folder)
  const intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const { tokens, authority } = intake.parts
  const stranger = new SenderClient(intake.port, authority.certificate)
  const token = tokens.create({ kind: 'join', cluster: 'b', name: '' }, authority.fingerprint).text
  const client = await stranger.join(token, 'b', 'n')
  const prepare = (lines: readonly string[], round: number) => {
    const packed = [...pieces(lines, BATCH_LINES)].map((batch) => gzipSync(batch.join('\n'), { level: 1 }))
    let next = 0
    const send = async (): Promise<void> => {
      for (let at = next++; at < packed.length; at = next++) {
        const headers = { 'content-encoding': 'gzip', 'x-podwitness-batch': `b.${round + 1}.${at}` }
        const { status } = await client.post('/intake/v1/batches', packed[at] ?? '', headers)
        if (status !== 200) throw new Error(`answered ${status}`)
      }
    }
    return async () => void (await Promise.all(Array.from({ length: SENDERS }, send)))
  }
  const close = async (): Promise<void> => {
    const { groups, parcels } = intake.parts.writer.counters
    console.log(`${parcels} batches in ${groups} groups`)
    client.close()
    stranger.close()
    await intake.close()
    await store.close()
  }
  return { name: 'through intake', prepare, engine, own: [], engineBefore: 0, close }
}

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'podwitness-bench-')))
// One after the other: an engine is known by being the child that is new.
const alone = await engineAlone(folders[0] ?? '')
const through = await throughIntake(folders[1] ?? '')
const sides = [alone, through]
// The first round makes the code warm and counts for neither.
for (let round = 0; round <= ROUNDS; round++) {
  const lines = linesOf(round)
  if (round === 1) for (const side of sides) side.engineBefore = cpuSecondsOf(side.engine)
  for (const side of sides) {
    const own = await ownCpuSeconds(side.prepare(lines, round))
    if (round > 0) side.own.push(own)
  }
}
await new Promise((resolve) => setTimeout(resolve, MERGES_MS))
const events = ROUNDS * COPIES_OF_ROUND * recorded.length
const rates = sides.map(({ name, own, engine, engineBefore }) => {
  const ours = own.reduce((sum, one) => sum + one, 0)
  const engineSeconds = cpuSecondsOf(engine) - engineBefore
  const rate = events / (ours + engineSeconds)
  const spread = own.map((one) => one.toFixed(2)).join(' ')
  console.log(
    `${name.padEnd(14)}: ${events} events, own CPU ${ours.toFixed(2)} s (${spread}), engine CPU ${engineSeconds.toFixed(2)} s, ${Math.round(rate)} events per CPU second`,
  )
  return rate
})
console.log(`share: ${Math.round((100 * (rates[1] ?? 0)) / (rates[0] ?? 1))} %`)
for (const side of sides) await side.close()
for (const folder of folders) rmSync(folder, { recursive: true, force: true })
