import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { startIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually, ServerLab } from '../agent-lab.ts'

// The store is on a small file system that something else fills; the agent's spool is elsewhere.
const lab = new ServerLab()
const disk = join(lab.folder, 'disk')
const SIZE = 700
/** Room that is left for dropping what is old, bytes. */
const REFUSE_BELOW = 200e6
let store: Store

beforeAll(async () => {
  mkdirSync(disk)
  const image = join(lab.folder, 'disk.img')
  execFileSync('truncate', ['-s', `${SIZE}M`, image])
  execFileSync('mkfs.ext4', ['-q', '-m', '0', image])
  execFileSync('mount', ['-o', 'loop', image, disk])
  store = await openStore({ dataDir: join(disk, 'data'), role: 'server' })
  lab.store = store
  const limits = { refuseBelowBytes: REFUSE_BELOW, warnBelowBytes: REFUSE_BELOW }
  lab.intake = await startIntake(store, { folder: lab.folder, host: '127.0.0.1', port: 0, disk: limits })
  lab.port = lab.intake.port
}, 60_000)
afterAll(async () => {
  await lab.stopIntake()
  await store?.close()
  execFileSync('umount', ['-l', disk])
  rmSync(lab.folder, { recursive: true, force: true })
})

const events = (): string[] => {
  const recording = fileURLToPath(new URL('../../recordings/dev/audit.log.gz', import.meta.url))
  const found = new Map<string, string>()
  for (const line of gunzipSync(readFileSync(recording)).toString('latin1').trimEnd().split('\n')) {
    const id = /msg=audit\(([^)]+)\)/.exec(line)?.[1] ?? ''
    found.set(id, `${found.get(id) ?? ''}${line}\n`)
  }
  return [...found.values()].slice(0, 3_000)
}

it('refuses what arrives before the disk is full, answers all the while, and has everything once there is room again', async () => {
  const log = join(lab.folder, 'audit.log')
  const all = events()
  writeFileSync(log, all.slice(0, 1_000).join(''), 'latin1')
  const agent = new AgentProcess(
    join(lab.folder, 'agent'),
    `cluster: full
node: k8s-node-1
output: {type: server, url: "https://127.0.0.1:${lab.port}", tokenFile: ${lab.tokenFile('full')}}
sources: [{type: auditLog, path: ${log}, from: start}]
containers: {cri: "off", proc: /nowhere}
`,
  )
  agent.start()
  const stored = (): Promise<number> =>
    lab.number(`SELECT count() FROM audit.events WHERE cluster = 'full' AND audit_serial != ''`)
  await eventually(stored, (count) => count >= 900, 30_000)
  const before = await stored()

  const ballast = join(disk, 'ballast')
  const { diskFreeBytes } = await store.health()
  execFileSync('fallocate', ['-l', String(Math.floor(diskFreeBytes - REFUSE_BELOW / 2)), ballast])
  await eventually(
    async () => (await store.health()).diskFreeBytes,
    (free) => free < REFUSE_BELOW,
  )
  appendFileSync(log, all.slice(1_000).join(''), 'latin1')
  const refused = (): Promise<number> => Promise.resolve(lab.intake?.parts.writer.counters.refusedStore ?? 0)
  await eventually(refused, (count) => count > 0, 30_000)
  expect(await stored()).toBeLessThan(before + 1_500)
  expect(await lab.number("SELECT count() FROM audit.commands WHERE cluster = 'full'")).toBeGreaterThan(0)

  rmSync(ballast)
  await eventually(stored, (count) => count >= all.length, 60_000)
  expect(await stored()).toBe(all.length)
  expect(await lab.number(`SELECT count() - uniqExact(event_id) FROM audit.events WHERE cluster = 'full'`)).toBe(0)
  expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [] })
  await agent.end('SIGTERM')
}, 150_000)
