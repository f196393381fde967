import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResultRow } from '@podwitness/alert'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importPaths } from '../ingest/import-paths.ts'
import { AlertLoop } from './alert-loop.ts'
import { installShippedRules } from './shipped-rules.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'podwitness-alerts-'))
const SEND = { allowTargets: [], env: {} }
let store: Store
/** Moves on by a minute a tick, so that rules checked each minute are due each time. */
let clock = Date.now()

function newLoop(): AlertLoop {
  return new AlertLoop(store, { origin: 'http://127.0.0.1:7070', send: SEND, now: () => clock })
}

async function tick(loop: AlertLoop): Promise<void> {
  clock += 60_000
  await loop.tick()
}

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  await installShippedRules(store, clock - 5_000)
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const importFiles = (...names: string[]) =>
  importPaths(
    store,
    names.map((name) => join(RECORDING, name)),
    { cluster: 'dev', rejectsDir: directory },
  )

describe('the two rules of the source document', () => {
  it('fire on the recording, each row once, whatever is evaluated again', async () => {
    const loop = newLoop()
    await tick(loop)
    expect(await loop.log.alerts('rule_id LIKE {like:String}', { like: 'ack-%' }, 10)).toEqual([])
    await importFiles('audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-end.json.gz')
    for (let round = 0; round < 3; round++) await tick(loop)
    await tick(newLoop())
    for (const [rule, kind] of [
      ['ack-container-enter', "kind = 'Kubernetes' AND operation = 'PodExec'"],
      ['ack-container-run-danger-cmd', `kind = 'Command' AND name IN (${riskyPrograms()})`],
    ] as const) {
      const alerts = await loop.log.alerts('rule_id = {rule:String}', { rule }, 100)
      const keys = alerts.flatMap(({ row_keys }) => row_keys)
      const { rows } = await store.reader.query({ sql: `SELECT event_id FROM audit.advaudit WHERE ${kind}` })
      expect(keys.length).toBeGreaterThan(15)
      expect([...keys].sort()).toEqual(rows.map(([id]) => String(id)).sort())
      const [row = {}] = JSON.parse(alerts[0]?.results ?? '[]') as ResultRow[]
      expect(Object.keys(row)).toEqual(expect.arrayContaining(['clusterid', 'traceId', 'k8s.user.username', 'k8s.pod.name']))
    }
  })

  it('leave a record of every evaluation', async () => {
    const loop = newLoop()
    const runs = await loop.log.runs('ack-container-enter', 10)
    expect(runs.length).toBeGreaterThanOrEqual(4)
    expect(runs.every(({ state }) => state === 'ok')).toBe(true)
  })
})

/** The 29 names as the shipped rule has them. */
function riskyPrograms(): string {
  const rule = readFileSync(fileURLToPath(new URL('../../../../rules/ack-container-audit.yaml', import.meta.url)), 'utf8')
  const list = /"process\.name" in \(([^)]*)\)/.exec(rule)?.[1] ?? ''
  expect(list.split(',')).toHaveLength(29)
  return list
}
