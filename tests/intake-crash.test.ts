import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openStore } from '@podwitness/store'
import { afterEach, expect, it } from 'vitest'
import { type ClientIdentity, SenderClient, signingRequest } from '../packages/server/src/intake/testing/sender-client.ts'

const CHILD = fileURLToPath(new URL('./intake-child.ts', import.meta.url))
/** `PODWITNESS_KILLS=50` for a long run by hand. */
const KILLS = Number(process.env.PODWITNESS_KILLS ?? 2)
/** `PODWITNESS_VICTIM=engine` kills the engine's process alone, and the server goes on. */
const VICTIM = process.env.PODWITNESS_VICTIM === 'engine' ? 'engine' : 'server'
const SENDERS = 3
const LINES = 20
/** Acknowledgements between two kills. */
const ACKS_PER_LIFE = 8

const folder = mkdtempSync(join(tmpdir(), 'podwitness-intake-crash-'))
let child: ChildProcess | undefined
let enginesKilled = 0
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Life {
  readonly port: number
  readonly ca: string
  readonly token: string
}

async function start(): Promise<Life> {
  const started = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, join(folder, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  for await (const line of createInterface({ input: started.stdout })) return JSON.parse(line) as Life
  throw new Error('the intake ended before it listened')
}

async function kill(): Promise<void> {
  const ended = child === undefined ? undefined : once(child, 'exit')
  child?.kill('SIGKILL')
  await ended
}

/** Kills the process that holds the store, and leaves the server to start another. */
function killEngine(): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ') ?? []
    if (Number(stat[1]) !== child?.pid || !/libchdb/.test(read(`/proc/${name}/maps`))) continue
    process.kill(Number(name), 'SIGKILL')
    enginesKilled++
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It ended meanwhile.
  }
}

type BatchName = readonly [sender: number, batch: number]
const batchName = (sender: number, batch: number): BatchName => [sender, batch]
const keyOf = (...[sender, batch]: BatchName): string => `s${sender}.1.${batch}`

/** The events of a batch: no two of any batches have one serial. */
const eventsOf = (...[sender, batch]: BatchName): { serial: number; raw: string }[] =>
  Array.from({ length: LINES }, (_, at) => {
    const serial = (sender * 10_000 + batch) * LINES + at
    const time = `1795230000.${String(serial % 1000).padStart(3, '0')}`
    return { serial, raw: `type=USER_CMD msg=audit(${time}:${serial}): pid=1 uid=0 auid=0 ses=1 msg='cmd="x"'` }
  })

const linesOf = (...name: BatchName): object[] =>
  eventsOf(...name).map(({ raw }) => ({ kind: 'audit', boot: 'b', via: ['socket'], raw }))

it('has stored exactly what it acknowledged after it was killed again and again under load', async () => {
  let life = await start()
  const { key, csr } = await signingRequest()
  const stranger = new SenderClient(life.port, life.ca)
  const joined = await stranger.post('/intake/v1/join', JSON.stringify({ token: life.token, csr, cluster: 'crash', node: 'n' }))
  const identity: ClientIdentity = { key, cert: String(joined.body.certificate) }
  stranger.close()
  let acked = 0
  let repeated = 0
  const next = Array.from({ length: SENDERS }, () => 0)
  for (let lives = 0; lives <= KILLS; lives++) {
    const client = new SenderClient(life.port, life.ca, identity)
    const target = acked + ACKS_PER_LIFE
    // Each sender goes on with the batch that it has no answer for: an agent does not know what became of it.
    const send = async (sender: number): Promise<void> => {
      while (acked < target) {
        const batch = next[sender] ?? 0
        const { status, body } = await client.batch(keyOf(sender, batch), linesOf(sender, batch))
        // The engine is being started again: an agent comes again with the same.
        if (status === 503 && VICTIM === 'engine') {
          await new Promise((resolve) => setTimeout(resolve, 50))
          continue
        }
        if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
        next[sender] = batch + 1
        acked++
        if (body.duplicate === true) repeated++
        if (acked !== target || lives === KILLS) continue
        if (VICTIM === 'engine') killEngine()
        else child?.kill('SIGKILL')
      }
    }
    await Promise.allSettled(Array.from({ length: SENDERS }, (_, sender) => send(sender)))
    client.close()
    if (VICTIM === 'engine' && lives < KILLS) continue
    await kill()
    if (lives < KILLS) life = await start()
  }
  // As a server: a command would attach to the engine that the killed process left behind and that is about to end.
  const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  const events = await store.reader.query({
    sql: `SELECT toInt64(serial), raw FROM audit.events WHERE cluster = 'crash' ORDER BY serial`,
    maxRows: 1_000_000,
  })
  const named = await store.reader.query({ sql: `SELECT DISTINCT batch FROM audit.batches ORDER BY batch`, maxRows: 100_000 })
  const verdict = await store.ledger?.verify({})
  await store.close()
  const acknowledged = next.flatMap((batches, sender) => Array.from({ length: batches }, (_, batch) => batchName(sender, batch)))
  const inFlight = next.map((batch, sender) => batchName(sender, batch))
  // Each event by what it is and not by how many there are, told from what was sent: none twice, none lost, no other.
  const stored = events.rows.map(([serial, raw]) => ({ serial: Number(serial), raw: String(raw) }))
  expect(stored.slice(1).filter(({ serial }, at) => serial === stored[at]?.serial)).toEqual([])
  const left = new Map(stored.map(({ serial, raw }) => [serial, raw]))
  for (const name of acknowledged)
    for (const { serial, raw } of eventsOf(...name)) {
      expect(left.get(serial), `event ${serial} of acknowledged batch ${name}`).toBe(raw)
      left.delete(serial)
    }
  // What was stored without an answer is of the batch in flight of each sender, as it was sent.
  for (const name of inFlight)
    for (const { serial, raw } of eventsOf(...name)) {
      if (left.has(serial)) expect(left.get(serial)).toBe(raw)
      left.delete(serial)
    }
  expect([...left]).toEqual([])
  const names = new Set(named.rows.map(([batch]) => String(batch).split('/').at(-1)))
  expect(acknowledged.filter((name) => !names.has(keyOf(...name)))).toEqual([])
  expect(acknowledged.length).toBe(acked)
  expect(verdict?.findings.filter(({ severity }) => severity === 'alarm')).toEqual([])
  expect(acked).toBeGreaterThanOrEqual((KILLS + 1) * ACKS_PER_LIFE)
  expect(enginesKilled).toBe(VICTIM === 'engine' ? KILLS : 0)
  if (process.env.PODWITNESS_KILLS !== undefined)
    console.log({ victim: VICTIM, kills: KILLS, acked, repeated, events: stored.length, batches: verdict?.batches })
}, 3_600_000)
