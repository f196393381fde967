import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually, ServerLab } from '../agent-lab.ts'
import { AuditLab } from './audit-lab.ts'

const server = new ServerLab()
const audit = new AuditLab(join(server.folder, 'audit'))
let agent: AgentProcess
const run = promisify(execFile)

beforeAll(async () => {
  await server.open()
  await audit.open(1)
  agent = new AgentProcess(
    join(server.folder, 'agent'),
    `cluster: live
node: here
output: {type: server, url: "https://127.0.0.1:${server.port}", tokenFile: ${server.tokenFile('live')}}
sources: [{type: auditSocket, path: ${audit.socket}}, {type: auditLog, path: ${audit.log}, from: start}]
containers: {cri: "off"}
`,
  )
  agent.start()
  await eventually(
    () => server.number(`SELECT count() FROM audit.events WHERE cluster = 'live'`),
    (count) => count > 0,
  )
})
afterAll(async () => {
  await agent?.end('SIGTERM')
  await audit.close()
  await server.close()
})

/** Starts a marked program many times, several at once. */
async function activity(mark: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 20) {
    await Promise.all(Array.from({ length: Math.min(20, times - i) }, (_, k) => run('/bin/true', [mark, String(i + k)])))
  }
}

const found = (mark: string): Promise<number> =>
  server.number(`SELECT uniqExact(argv[3]) FROM audit.events WHERE cluster = 'live' AND kind = 'Command' AND argv[2] = '${mark}'`)
const rows = (mark: string): Promise<number> =>
  server.number(`SELECT count() FROM audit.events WHERE cluster = 'live' AND argv[2] = '${mark}'`)

it('finds known commands with their arguments, each once and by both routes', async () => {
  await activity('known', 100)
  await eventually(
    () => found('known'),
    (count) => count === 100,
  )
  expect(await rows('known')).toBe(100)
  const routes = await server.rows(
    `SELECT source, count() FROM audit.events WHERE cluster = 'live' AND argv[2] = 'known' GROUP BY source ORDER BY 2 DESC`,
  )
  expect(String(routes[0]?.[0])).toContain('af_unix')
  expect(String(routes[0]?.[0])).toContain('audit.log')
})

it('fills from the log what the socket left out while the agent was dead, through rotations of the log', async () => {
  await agent.end('SIGKILL')
  await activity('dead', 200)
  audit.rotate()
  await activity('rotated', 200)
  agent.start()
  await activity('back', 100)
  for (const [mark, count] of [
    ['dead', 200],
    ['rotated', 200],
    ['back', 100],
  ] as const) {
    await eventually(
      () => found(mark),
      (seen) => seen === count,
    )
    expect(await rows(mark)).toBe(count)
  }
})

it('keeps what comes while the server is away, and goes on when auditd was killed', async () => {
  await server.stopIntake()
  await activity('away', 300)
  await audit.kill()
  await audit.start()
  await activity('revived', 100)
  await server.startIntake()
  for (const [mark, count] of [
    ['away', 300],
    ['revived', 100],
  ] as const) {
    await eventually(
      () => found(mark),
      (seen) => seen === count,
    )
    expect(await rows(mark)).toBe(count)
  }
})

it('accounts for every serial: those that are stored and those that are lost make all', async () => {
  await activity('last', 20)
  await eventually(
    () => found('last'),
    (seen) => seen === 20,
  )
  const DAEMON = ['DAEMON_START', 'DAEMON_END', 'DAEMON_ROTATE', 'DAEMON_CONFIG', 'DAEMON_ERR', 'DAEMON_ABORT'].map(
    (type) => `'${type}'`,
  )
  const unaccounted = async (): Promise<number> => {
    const all = `FROM audit.events WHERE cluster = 'live' AND audit_serial != '' AND NOT hasAny(record_types, [${DAEMON.join(', ')}])`
    const [first = 0, last = 0, stored = 0] = (await server.rows(`SELECT min(serial), max(serial), uniqExact(serial) ${all}`))
      .flat()
      .map(Number)
    const lost = await server.number(`SELECT sum(count) FROM audit.loss FINAL WHERE cluster = 'live' AND hop = 'sequence'`)
    return last - first + 1 - stored - lost
  }
  await eventually(unaccounted, (serials) => serials === 0)
})
