import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually, ServerLab } from '../agent-lab.ts'

const lab = new ServerLab()
const disk = join(lab.folder, 'disk')

beforeAll(async () => {
  await lab.open()
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk])
})
afterAll(async () => {
  await lab.close().catch(() => {})
  execFileSync('umount', ['-l', disk])
})

/** Whole events of the recording, and more of them under later times. */
function events(): string[] {
  const log = gunzipSync(readFileSync(fileURLToPath(new URL('../../recordings/dev/audit.log.gz', import.meta.url)))).toString(
    'latin1',
  )
  const found = new Map<string, string>()
  for (const line of log.trimEnd().split('\n')) {
    const id = /msg=audit\(([^)]+)\)/.exec(line)?.[1] ?? ''
    found.set(id, `${found.get(id) ?? ''}${line}\n`)
  }
  return [...found.values()]
}

it('with a full disk and no server keeps what fits, counts what does not, and every event is stored or counted', async () => {
  const log = join(lab.folder, 'audit.log')
  writeFileSync(log, '')
  const agent = new AgentProcess(
    disk,
    `cluster: full
node: k8s-node-1
output: {type: server, url: "https://127.0.0.1:${lab.port}", tokenFile: ${lab.tokenFile('full')}}
sources: [{type: auditLog, path: ${log}, from: start}]
spool: {maxBytes: 1000000000, maxShare: 1, minFreeShare: 0}
containers: {cri: "off", proc: /nowhere}
`,
  )
  agent.start()
  await eventually(() => agent.talk.includes('Joined'), Boolean)
  await lab.stopIntake()
  const all = events().slice(0, 9000)
  for (let at = 0; at < all.length; at += 500) {
    appendFileSync(log, all.slice(at, at + 500).join(''), 'latin1')
    await sleep(60)
  }
  await sleep(3000)
  await lab.startIntake()
  const lost = (): Promise<number> =>
    lab.number(`SELECT sum(count) FROM audit.loss FINAL WHERE cluster = 'full' AND hop = 'spool'`)
  const unaccounted = async (): Promise<number> =>
    all.length -
    (await lost()) -
    (await lab.number(`SELECT count() FROM audit.events WHERE cluster = 'full' AND audit_serial != ''`))
  await eventually(unaccounted, (count) => count <= 0, 60_000)
  expect(await unaccounted()).toBe(0)
  expect(await lost()).toBeGreaterThan(0)
  await agent.end('SIGTERM')
})
