import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ResultRow } from '@podwitness/alert'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { vendorFake } from '../../../alert/testdata/vendor-fake.ts'
import { importPaths } from '../ingest/import-paths.ts'
import { AlertDesk } from './alert-desk.ts'
import { AlertLoop } from './alert-loop.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const GUIDE = readFileSync(fileURLToPath(new URL('../../../../rules/setups/ack-container-audit.yaml', import.meta.url)), 'utf8')
const directory = mkdtempSync(join(tmpdir(), 'podwitness-guide-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const names = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-end.json.gz']

/** The recording with the programs of Alpine: rm and touch are names of busybox there, in SYSCALL and in PATH. */
function onAlpine(): string {
  const lines = gunzipSync(readFileSync(join(RECORDING, 'audit.log.gz'))).toString('latin1')
  const changed = lines
    .replace(/exe="\/usr\/bin\/(rm|touch)"/g, 'exe="/bin/busybox"')
    .replace(/name="\/usr\/bin\/(rm|touch)"/g, 'name="/bin/$1"')
  const path = join(directory, 'alpine.log.gz')
  writeFileSync(path, gzipSync(Buffer.from(changed, 'latin1')))
  return path
}

it('the set-up of the guide tells DingTalk of entries and of rm, on Debian and on Alpine', async () => {
  const fake = await vendorFake(() => ({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' }))
  const env = { PODWITNESS_SECRET_DINGTALK_URL: `${fake.url}/robot/send?access_token=t` }
  let clock = Date.now()
  const desk = new AlertDesk(store)
  expect(await desk.applyRules(GUIDE, clock - 5_000)).toHaveLength(5)
  const send = { allowTargets: [fake.host], env }
  const loop = new AlertLoop(store, { origin: 'https://pw', send, now: () => clock })
  const [, ...others] = names.map((name) => join(RECORDING, name))
  await importPaths(store, [join(RECORDING, 'audit.log.gz'), ...others], { cluster: 'debian', rejectsDir: directory })
  await importPaths(store, [onAlpine(), ...others], { cluster: 'alpine', rejectsDir: directory })
  clock += 60_000
  await loop.tick()
  await fake.close()
  const messages = fake.taken.map(
    ({ body }) => JSON.parse(body) as { msgtype: string; markdown: { title: string; text: string } },
  )
  expect(messages.map(({ markdown }) => markdown.title).sort()).toEqual([
    'KubernetesKubernetes容器内部操作审计告警',
    'Kubernetes容器内部操作审计告警',
  ])
  for (const { markdown } of messages) {
    expect(markdown.text).toMatch(/^- 告警规则:Kubernetes进入容器.*告警$/m)
    expect(markdown.text).toMatch(/^- 集群ID:(debian|alpine)$/m)
    expect(markdown.text).toMatch(/^- 操作账号:\S+$/m)
    expect(markdown.text).toMatch(
      /\[\[详情\]\(https:\/\/pw\/alerts\/[0-9a-f]+\)\] \[\[设置\]\(https:\/\/pw\/rules\/ack-[\w-]+\)\]/,
    )
    expect(markdown.text).not.toContain('{%')
  }
  const [alert] = await loop.log.alerts("rule_id = 'ack-container-run-danger-cmd'", {}, 1)
  const found = JSON.parse(alert?.results ?? '[]') as ResultRow[]
  const removed = found.filter((row) => row['process.cmdline'] === 'rm a.txt')
  expect(removed.map(({ clusterid }) => clusterid).sort()).toEqual(['alpine', 'debian'])
  const { rows } = await store.reader.query({
    sql: "SELECT cluster, name, exe, trace_id FROM audit.commands WHERE cmdline IN ('rm a.txt', 'touch a.txt') ORDER BY cluster, name",
  })
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    ['alpine', 'rm', '/bin/busybox'],
    ['alpine', 'touch', '/bin/busybox'],
    ['debian', 'rm', '/usr/bin/rm'],
    ['debian', 'touch', '/usr/bin/touch'],
  ])
  // The entry that led to it is an operation of the same session, so the other rule tells of it.
  const sql =
    "SELECT uniqExact(cluster) FROM audit.advaudit WHERE kind = 'Kubernetes' AND operation = 'PodExec' AND trace_id IN {ids:Array(String)}"
  const entries = await store.reader.query({ sql, params: { ids: removed.map(({ traceId }) => String(traceId)) } })
  expect(Number(entries.rows[0]?.[0])).toBe(2)
})
