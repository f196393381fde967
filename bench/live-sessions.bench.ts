/**
 * How long it takes from the answers for both sides to the named sessions while much is held already, and what memory
 * that takes: the recording again and again, each time later, through the whole intake.
 *
 * Run: npx tsc -b && npx tsx --conditions=podwitness-source bench/live-sessions.bench.ts [COPIES]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLiveIntake } from '@podwitness/server'
import { openStore } from '@podwitness/store'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { type RecordedItem, recordedStream } from '../tests/recorded-stream.ts'

const COPIES = Number(process.argv[2] ?? 10)
const STEP_ITEMS = 1_000
/** The recording lasts three minutes. */
const COPY_SECONDS = 200
const COPY_SERIALS = 20_000

function later({ line, apiEvent, ...item }: RecordedItem, copy: number): RecordedItem {
  const seconds = copy * COPY_SECONDS
  const shift = (text: string): string => new Date(Date.parse(text) + seconds * 1000).toISOString()
  if (apiEvent !== undefined) {
    const moved = apiEvent
      .replace(/"(requestReceivedTimestamp|stageTimestamp)":"([^"]+)"/g, (_, name, time) => `"${name}":"${shift(time)}"`)
      .replace(/"auditID":"([^"]+)"/, (_, id) => `"auditID":"${id}-${copy}"`)
    return { ...item, apiEvent: moved }
  }
  if (line === undefined || !('raw64' in line)) return { ...item, ...(line === undefined ? {} : { line }) }
  const raw = Buffer.from(String(line.raw64), 'base64')
    .toString('latin1')
    .replace(
      /audit\((\d+)\.(\d+):(\d+)\)/g,
      (_, s, ms, serial) => `audit(${Number(s) + seconds}.${ms}:${Number(serial) + copy * COPY_SERIALS})`,
    )
  return { ...item, line: { ...line, raw64: Buffer.from(raw, 'latin1').toString('base64') } }
}

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
const intake = await startLiveIntake(store, { folder, host: '127.0.0.1', port: 0, onUnexpected: (error) => console.error(error) })
const { tokens, authority } = intake.parts
const stranger = new SenderClient(intake.port, authority.certificate)
const joinToken = tokens.create({ kind: 'join', cluster: 'b', name: '' }, authority.fingerprint).text
const client = await stranger.join(joinToken, 'b', 'k8s-node-1')
const bearer = { authorization: `Bearer ${tokens.create({ kind: 'apiserver', cluster: 'b', name: '' }, '').text}` }
const items = recordedStream()
for (let copy = 0; copy < COPIES; copy++) {
  const took: number[] = []
  const cpu = process.cpuUsage()
  for (let at = 0; at < items.length; at += STEP_ITEMS) {
    const step = items.slice(at, at + STEP_ITEMS).map((item) => later(item, copy))
    const events = step.flatMap(({ apiEvent }) => (apiEvent === undefined ? [] : [apiEvent]))
    const rounds = intake.derivation.counters.rounds
    await Promise.all([
      client.batch(
        `l.${copy}.${at}`,
        step.flatMap(({ line }) => (line === undefined ? [] : [line])),
      ),
      stranger.post('/intake/v1/apiserver/b', `{"kind":"EventList","items":[${events.join(',')}]}`, bearer),
    ])
    const answered = performance.now()
    while (intake.derivation.counters.rounds === rounds) await new Promise((resolve) => setTimeout(resolve, 5))
    await intake.derivation.settle()
    took.push(performance.now() - answered)
  }
  took.sort((a, b) => a - b)
  const { user, system } = process.cpuUsage(cpu)
  const { rows } = await store.reader.query({
    sql: `SELECT countIf(kind = 'Command'), count() FROM audit.events WHERE cluster = 'b'`,
  })
  const share = (part: number): string => `${Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0)} ms`
  console.log(
    `${rows[0]?.[0]} program starts of ${rows[0]?.[1]} events stored, ${intake.derivation.heldCommands} held: p50 ${share(0.5)}, p95 ${share(0.95)}, own CPU ${((user + system) / 1e6).toFixed(1)} s, resident ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
  )
}
client.close()
stranger.close()
await intake.close()
await store.close()
rmSync(folder, { recursive: true, force: true })
