import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../packages/cli/src/run.ts'
import { testTerminal } from '../packages/cli/testdata/test-terminal.ts'
import { AgentProcess, eventually, FaultyWire, ServerLab } from './agent-lab.ts'

const LOG = gunzipSync(readFileSync(fileURLToPath(new URL('../recordings/dev/audit.log.gz', import.meta.url)))).toString('latin1')
/** Some of them while the server is away; `PODWITNESS_KILLS=50` for a long run by hand. */
const KILLS = Number(process.env.PODWITNESS_KILLS ?? 20)
const lab = new ServerLab()

beforeAll(() => lab.open())
afterAll(() => lab.close())

const stored = (cluster: string): Promise<number> =>
  lab.number(`SELECT count() FROM audit.events WHERE cluster = '${cluster}' AND audit_serial != ''`)
const distinct = (cluster: string): Promise<number> =>
  lab.number(`SELECT uniqExact(audit_serial) FROM audit.events WHERE cluster = '${cluster}' AND audit_serial != ''`)

const server = (cluster: string): string =>
  `cluster: ${cluster}\nnode: k8s-node-1\noutput: {type: server, url: "https://127.0.0.1:${lab.port}", tokenFile: ${lab.tokenFile(cluster)}}\ncontainers: {cri: "off"}\n`

/** Whole events, in the order of the log. */
function events(): string[] {
  const found = new Map<string, string>()
  for (const line of LOG.trimEnd().split('\n')) {
    const id = /msg=audit\(([^)]+)\)/.exec(line)?.[1] ?? ''
    found.set(id, `${found.get(id) ?? ''}${line}\n`)
  }
  return [...found.values()]
}

function bytesOf(folder: string, lane: string, name: string): number {
  return name.endsWith('.seg') ? (statSync(join(folder, 'state', 'spool', lane, name), { throwIfNoEntry: false })?.size ?? 0) : 0
}

it('joins once, ships a log through kills of the agent and absences of the server, and every event is stored once', async () => {
  const folder = join(lab.folder, 'killed')
  const log = join(lab.folder, 'audit.log')
  writeFileSync(log, '')
  const agent = new AgentProcess(folder, `${server('killed')}sources: [{type: auditLog, path: ${log}, from: start}]\n`)
  const all = events().slice(0, 6000)
  agent.start()
  await eventually(() => existsSync(join(folder, 'state', 'identity.json')), Boolean)
  const positionMs = (): number => statSync(join(folder, 'state', 'positions.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const spooled = (): string =>
    ['high', 'bulk']
      .map((lane) => readdirSync(join(folder, 'state', 'spool', lane)).map((name) => `${name} ${bytesOf(folder, lane, name)}`))
      .join()
  let before = { position: 0, spooled: '' }
  const step = Math.ceil(all.length / KILLS)
  for (let round = 0; round < KILLS; round++) {
    appendFileSync(log, all.slice(round * step, (round + 1) * step).join(''), 'latin1')
    if (round === 2) await lab.stopIntake()
    if (round === 6) await lab.startIntake()
    // Killed when something was read and, as a rule, before the log's position moved: all of it is read again.
    await eventually(() => (round % 10 === 3 ? positionMs() > before.position : spooled() !== before.spooled), Boolean)
    await sleep((round % 5) * 50)
    await agent.end('SIGKILL')
    before = { position: positionMs(), spooled: spooled() }
    agent.start()
  }
  await eventually(
    () => distinct('killed'),
    (count) => count >= all.length,
    60_000,
  )
  expect(await distinct('killed')).toBe(all.length)
  expect(await stored('killed')).toBe(all.length)
  await agent.end('SIGTERM')
  expect(agent.talk).not.toContain('PW-')
  const identityPath = join(folder, 'state', 'identity.json')
  const identity = JSON.parse(readFileSync(identityPath, 'utf8'))
  writeFileSync(identityPath, JSON.stringify({ ...identity, sinceMs: identity.sinceMs - 1e10 })) // As if its time were nearly over.
  appendFileSync(log, all.at(-1)?.replaceAll(/audit\([^)]+\)/g, 'audit(1795229999.000:999999)') ?? '', 'latin1')
  agent.start()
  await eventually(
    () => distinct('killed'),
    (count) => count === all.length + 1,
  )
  const renewed = JSON.parse(readFileSync(identityPath, 'utf8'))
  expect(renewed.certificate).not.toBe(identity.certificate)
  expect(renewed.key).not.toBe(identity.key)
  await agent.end('SIGTERM')
}, 240_000)

it('stores every event once through a wire that breaks, a server that answers late, and one that refuses for a time', async () => {
  const folder = join(lab.folder, 'wire')
  const log = join(lab.folder, 'wire.log')
  const all = events().slice(0, 9000)
  writeFileSync(log, all.slice(0, 3000).join(''), 'latin1')
  // Joining takes the first two connections. Then: cut in a body, an answer withheld, answers that come late.
  const wire = new FaultyWire(() => lab.port, [{}, {}, { cutUp: 20_000 }, { muteAfterUp: 20_000 }, { lateMs: 1000 }])
  await wire.listen()
  const output = `{type: server, url: "https://127.0.0.1:${wire.port}", tokenFile: ${lab.tokenFile('wire')}}`
  const sources = `[{type: auditLog, path: ${log}, from: start}]`
  const config = `cluster: wire\nnode: k8s-node-1\noutput: ${output}\nsources: ${sources}\ncontainers: {cri: "off"}\n`
  const agent = new AgentProcess(folder, config)
  agent.start()
  try {
    await eventually(
      () => wire.broken,
      (broken) => broken === 2,
    )
    await lab.stopIntake()
    await lab.startIntake(Number.MAX_SAFE_INTEGER)
    appendFileSync(log, all.slice(3000, 6000).join(''), 'latin1')
    await eventually(() => agent.talk.includes('PW-IN-011'), Boolean)
    await lab.stopIntake()
    await lab.startIntake()
    appendFileSync(log, all.slice(6000).join(''), 'latin1')
    await eventually(
      () => distinct('wire'),
      (count) => count >= all.length,
      60_000,
    )
    expect(await distinct('wire')).toBe(all.length)
    expect(await stored('wire')).toBe(all.length)
  } finally {
    await agent.end('SIGTERM')
    wire.close()
  }
}, 120_000)

it('says what is wrong, where there is no token, one of another server, or a used one', async () => {
  const config = (name: string, more: string): string => {
    const path = join(lab.folder, `${name}.yaml`)
    const output = `output: {type: server, url: "https://127.0.0.1:${lab.port}"${more}}`
    const sources = 'sources: [{type: auditLog, path: /nowhere}]\ncontainers: {cri: "off"}'
    writeFileSync(
      path,
      `cluster: ${name === 'nobody' ? 'other' : 'used'}\nstate: ${lab.folder}/${name}\nhealth: {port: 0}\n${output}\n${sources}\n`,
    )
    return path
  }
  const nobody = testTerminal()
  expect(await run(['agent', '--config', config('nobody', '')], nobody.terminal)).toBe(2)
  expect(nobody.recorded.talk).toContain('PW-AG-005')
  const token = join(lab.folder, 'token-other')
  writeFileSync(token, readFileSync(lab.tokenFile('other'), 'utf8').replace(/[0-9a-f]{64}/, '0'.repeat(64)))
  const misled = testTerminal()
  expect(await run(['agent', '--config', config('misled', `, tokenFile: ${token}`)], misled.terminal)).toBe(3)
  expect(misled.recorded.talk).toContain('PW-AG-003')
  const used = lab.tokenFile('used')
  const stop = new AbortController()
  const first = testTerminal({ signal: stop.signal })
  const joined = run(['agent', '--config', config('first', `, tokenFile: ${used}`)], first.terminal)
  await eventually(() => first.recorded.talk.includes('Joined'), Boolean)
  stop.abort()
  await joined
  const second = testTerminal()
  expect(await run(['agent', '--config', config('second', `, tokenFile: ${used}`)], second.terminal)).toBe(4)
  expect(second.recorded.talk).toContain('PW-AG-004')
})

it('waits for a join token that is made after it, and ships what it read until then', async () => {
  const folder = join(lab.folder, 'early')
  const log = join(lab.folder, 'early.log')
  writeFileSync(log, events().slice(0, 40).join(''), 'latin1')
  const tokenFile = join(lab.folder, 'late-token')
  const output = `{type: server, url: "https://127.0.0.1:${lab.port}", tokenFile: ${tokenFile}}`
  const sources = `[{type: auditLog, path: ${log}, from: start}]`
  const agent = new AgentProcess(
    folder,
    `cluster: early\nnode: n\noutput: ${output}\nsources: ${sources}\ncontainers: {cri: "off"}\n`,
  )
  agent.start()
  await eventually(
    () => agent.talk,
    (talk) => talk.includes('There is no token in'),
  )
  writeFileSync(tokenFile, readFileSync(lab.tokenFile('early')))
  await eventually(
    () => distinct('early'),
    (count) => count === 40,
  )
  await agent.end('SIGTERM')
})
