import { type ChildProcess, execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parseAgentConfig, runAgent } from '@podwitness/agent'
import { createDecoder } from '@podwitness/audit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../agent-lab.ts'
import { AuditLab } from './audit-lab.ts'
import { JournalLab } from './journal-lab.ts'
import { until } from './node-lab.ts'
import { answers, endChild, freePort, startRsyslog } from './relay-lab.ts'

const DEV_LOG = '/dev/log'
const COMMANDS = 100
const folder = mkdtempSync(join(tmpdir(), 'podwitness-routes-'))
const audit = new AuditLab(join(folder, 'audit'))
const journal = new JournalLab(join(folder, 'journal'))
const run = promisify(execFile)
let relay: ChildProcess | undefined

beforeAll(async () => {
  if (existsSync(DEV_LOG)) renameSync(DEV_LOG, `${DEV_LOG}.aside`)
  await journal.open()
  const plugin =
    'active = yes\ndirection = out\npath = /sbin/audisp-syslog\ntype = always\nargs = LOG_INFO LOG_AUTHPRIV\nformat = string\n'
  await audit.open(8, { 'syslog.conf': plugin })
})
afterAll(async () => {
  await audit.close()
  await journal.close()
  await endChild(relay)
  rmSync(DEV_LOG, { force: true })
  if (existsSync(`${DEV_LOG}.aside`)) renameSync(`${DEV_LOG}.aside`, DEV_LOG)
  rmSync(folder, { recursive: true })
})

/** Sends what the syslog plugin says to an agent. One that listens already: rsyslog keeps what it cannot send, and tries again ever more rarely. */
async function relayTo(port: number, name: string): Promise<void> {
  await eventually(() => answers(port), Boolean)
  await endChild(relay)
  const input = `module(load="imuxsock" SysSock.Name="${DEV_LOG}" SysSock.RateLimit.Interval="0")\n`
  const forward = `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")\n`
  relay = startRsyslog(folder, name, `${input}${forward}`)
  await until('rsyslog listens', () => existsSync(DEV_LOG))
}

interface Shipped {
  readonly via: readonly string[]
  readonly late?: boolean
  /** What the event says, whatever form its lines came in. */
  readonly meaning: string
  readonly mark: string
}

/** An agent in this process that writes to a file. */
class RouteAgent {
  readonly #name: string
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor(name: string, sources: string) {
    this.#name = name
    const output = `output: {type: file, path: ${join(folder, name)}.ndjson}\ncontainers: {cri: "off", proc: /nowhere}`
    const text = `state: ${join(folder, name)}\nrouteWaitMs: 30000\nhealth: {port: 0}\n${output}\nsources: [${sources}]\n`
    const around = { signal: this.#stop.signal, input: async function* () {}, write: async () => {}, say: () => {} }
    this.#done = runAgent(parseAgentConfig(text, name), around)
  }

  /** The marked program starts that came out so far. */
  shipped(mark: string): Shipped[] {
    const path = `${join(folder, this.#name)}.ndjson`
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
    return lines.filter((line) => line.startsWith('{"kind":"audit"')).flatMap((line) => read(line, mark))
  }

  async end(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }
}

function read(line: string, mark: string): Shipped[] {
  const { via, raw, raw64, late } = JSON.parse(line) as { via: string[]; raw?: string; raw64?: string; late?: boolean }
  const bytes = raw === undefined ? Buffer.from(raw64 ?? '', 'base64') : Buffer.from(raw)
  if (!bytes.includes(mark)) return []
  const decoder = createDecoder()
  decoder.push(Buffer.concat([bytes, Buffer.from('\n')]))
  decoder.end()
  const event = decoder.read()[0]
  const { serial, syscall, success, pid, ppid, uid, auid, ses, tty, comm, exe, keys } = event ?? {}
  const said = [
    serial,
    syscall,
    success,
    pid,
    ppid,
    uid,
    auid,
    ses,
    tty,
    comm,
    exe,
    keys,
    event?.argv(),
    event?.cwd(),
    event?.paths(),
  ]
  return [{ via, meaning: JSON.stringify(said), mark: event?.argv()[2] ?? '', ...(late === undefined ? {} : { late }) }]
}

const SOURCES = {
  af_unix: `{type: auditSocket, path: ${audit.socket}}`,
  'audit.log': `{type: auditLog, path: ${audit.log}}`,
  journald: `{type: journald, directory: ${journal.folder}}`,
  syslog: (port = 0) => `{type: syslog, transport: tcp, port: ${port}}`,
}

async function activity(mark: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await run('/bin/true', [mark, `${i} "quoted" ünïcode\ttab`])
}

/** What each agent shipped, once all have everything. */
const all = (agents: readonly RouteAgent[], mark: string, times: number): Promise<Shipped[][]> =>
  eventually(
    () => agents.map((agent) => agent.shipped(mark)),
    (found) => found.every((events) => new Set(events.map(({ mark: each }) => each)).size === times),
  )

/** Says marked commands until every agent has one by all of its routes. */
async function ready(agents: readonly RouteAgent[], routes: number): Promise<void> {
  const by = (agent: RouteAgent): number => new Set(agent.shipped('begin-').flatMap(({ via }) => via)).size
  for (let turn = 0; agents.some((agent) => by(agent) < routes); turn++) {
    if (turn > 100) throw new Error(`routes are silent: ${agents.map(by).join(' ')}`)
    await activity(`begin-${turn}-`, 1)
    await sleep(100)
  }
}

it('tells the same events by socket, log, journal and syslog', async () => {
  const port = await freePort()
  const routes = [SOURCES.af_unix, SOURCES['audit.log'], SOURCES.journald, SOURCES.syslog(port)]
  const agents = routes.map((source, i) => new RouteAgent(`by-route-${i}`, source))
  await relayTo(port, 'relay-1')
  await ready(agents, 1)
  await activity('single-', COMMANDS)
  const found = await all(agents, 'single-', COMMANDS)
  const [first, ...others] = found.map((events) => events.map(({ meaning }) => meaning).sort())
  expect(first).toHaveLength(COMMANDS)
  for (const other of others) expect(other).toEqual(first)
  expect(found.map((events) => events[0]?.via)).toEqual([['af_unix'], ['audit.log'], ['journald'], ['syslog']])
  for (const agent of agents) await agent.end()
})

it('makes one event of what all four bring, and names them', async () => {
  const port = await freePort()
  const sources = [SOURCES.af_unix, SOURCES['audit.log'], SOURCES.journald, SOURCES.syslog(port)]
  const agent = new RouteAgent('by-all', sources.join(', '))
  await relayTo(port, 'relay-2')
  await ready([agent], sources.length)
  await activity('merged-', COMMANDS)
  const [events = []] = await all([agent], 'merged-', COMMANDS)
  expect(events).toHaveLength(COMMANDS)
  expect(events.filter(({ late }) => late === true)).toEqual([])
  const everyRoute = ['af_unix', 'audit.log', 'journald', 'syslog']
  expect(events.map(({ via }) => [...via].sort())).toEqual(events.map(() => everyRoute))
  await agent.end()
})
