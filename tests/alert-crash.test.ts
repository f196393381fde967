import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AlertDesk, importPaths } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { vendorFake } from '../packages/alert/testdata/vendor-fake.ts'
import { readEngineFile } from '../packages/store/src/engine/engine-file.ts'

const CHILD = fileURLToPath(new URL('./alert-child.ts', import.meta.url))
const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))
const GUIDE = readFileSync(fileURLToPath(new URL('../rules/setups/ack-container-audit.yaml', import.meta.url)), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'podwitness-alert-crash-'))
const children: Server[] = []
let store: Store
let vendor: Awaited<ReturnType<typeof vendorFake>>
/** What happens when a message arrives, before it is answered. */
let onMessage: () => void = () => undefined

/** A server process; the tests tell it the time. */
class Server {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  constructor(url: string, host: string) {
    const args = ['--import', 'tsx', CHILD, url, host]
    this.#process = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process.stdin.on('error', () => undefined) // Its reader may have been killed.
    this.#reader = createInterface({ input: this.#process.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  async ready(): Promise<void> {
    expect((await this.#lines.next()).value).toBe('ready')
  }

  /** Whether it lived through that moment. */
  async tick(moment: object): Promise<boolean> {
    this.#process.stdin.write(`${JSON.stringify(moment)}\n`)
    return (await this.#lines.next()).value === 'done'
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  async end(): Promise<void> {
    this.#process.stdin.end()
    this.kill()
    this.#reader.close()
  }
}

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  vendor = await vendorFake(() => {
    onMessage()
    return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }
  })
  const engine = readEngineFile(join(folder, 'data'))
  const url = `${engine?.url}`.replace('//', `//admin:${engine?.passwords.admin}@`)
  for (let one = 0; one < 4; one++) children.push(new Server(url, vendor.host))
})
afterAll(async () => {
  for (const child of children) await child.end()
  await vendor.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The API log in pieces by time; each arrives 30 to 120 s after its last event. */
function lateBatches(count: number): { path: string; arrivesMs: number }[] {
  const text = gunzipSync(readFileSync(join(RECORDING, 'apiserver-audit.log.gz'))).toString('utf8')
  const lines = text.trimEnd().split('\n')
  const timeOf = (line: string): number => Date.parse(/"stageTimestamp":"([^"]+)"/.exec(line)?.[1] ?? '')
  const size = Math.ceil(lines.length / count)
  return Array.from({ length: count }, (_, index) => {
    const piece = lines.slice(index * size, (index + 1) * size)
    const path = join(folder, `api-${index}.log.gz`)
    writeFileSync(path, gzipSync(`${piece.join('\n')}\n`))
    return { path, arrivesMs: Math.max(...piece.map(timeOf)) + 30_000 + (index * 90_000) / Math.max(1, count - 1) }
  })
}

it('two servers on one store, killed in mid-evaluation and in mid-delivery, alert on each row exactly once', async () => {
  const batches = lateBatches(4)
  let clock = Math.min(...batches.map(({ arrivesMs }) => arrivesMs)) - 3_600_000
  const desk = new AlertDesk(store)
  await desk.applyRules(
    GUIDE.replace('env:PODWITNESS_SECRET_DINGTALK_URL', `${vendor.url}/robot/send`).replace('type: dingtalk', 'type: webhook'),
    clock,
  )
  const into = { cluster: 'dev', rejectsDir: folder }
  const names = ['audit.log.gz', 'containers.jsonl.gz', 'pods-end.json.gz']
  await importPaths(
    store,
    names.map((name) => join(RECORDING, name)),
    into,
  )
  await Promise.all(children.map((child) => child.ready()))
  const [survivor, ...victims] = children as [Server, ...Server[]]
  /** Before an alert is stored, after it is and before its run is noted, and while the vendor answers. */
  const deaths = [{ table: 'alerts', when: 'before' }, { table: 'alerts', when: 'after' }, 'delivery'] as const
  let died = 0
  for (const [index, { path, arrivesMs }] of batches.entries()) {
    clock = Math.max(clock + 90_000, arrivesMs)
    await importPaths(store, [path], into)
    const [victim, death] = [victims[index], deaths[index]]
    if (victim !== undefined && death !== undefined) {
      onMessage = death === 'delivery' ? () => victim.kill() : () => undefined
      // Alone at first, so that it is this one that evaluates; nobody else may before its slots are over.
      if (!(await victim.tick({ now: clock, ...(death === 'delivery' ? {} : { die: death }) }))) died++
      onMessage = () => undefined
    }
    for (let minute = 0; minute < 2; minute++) {
      clock += 60_000
      const alive = [survivor, victims[index + 1]].filter((one) => one !== undefined)
      await Promise.all(alive.map((one) => one.tick({ now: clock })))
    }
  }
  expect(died).toBe(deaths.length)
  const alerts = await desk.log.alerts("rule_id LIKE 'ack-%'", {}, 1000)
  for (const [rule, where] of [
    ['ack-container-enter', "kind = 'Kubernetes' AND operation = 'PodExec'"],
    ['ack-container-run-danger-cmd', `kind = 'Command' AND name IN (${riskyPrograms()})`],
  ] as const) {
    const keys = alerts.filter(({ rule_id }) => rule_id === rule).flatMap(({ row_keys }) => row_keys)
    const { rows } = await store.reader.query({ sql: `SELECT event_id FROM audit.advaudit WHERE ${where}` })
    expect(rows.length).toBeGreaterThan(10)
    expect([...keys].sort()).toEqual(rows.map(([id]) => String(id)).sort())
  }
  // One message an alert; the one that was on its way when its sender died comes twice, under the same key.
  const sent = vendor.taken.map(({ headers }) => String(headers['idempotency-key']))
  expect(new Set(sent).size).toBe(alerts.length)
  expect(sent.length).toBe(alerts.length + 1)
  expect(await desk.log.deliveries("state != 'sent'", {}, 10)).toEqual([])
}, 180_000)

/** The 29 names as the guide's rule has them. */
function riskyPrograms(): string {
  return /"process\.name" in \(([^)]*)\)/.exec(GUIDE)?.[1] ?? ''
}
