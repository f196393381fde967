import { type ChildProcess, execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAgentConfig, runAgent } from '@podwitness/agent'
import { createDecoder } from '@podwitness/audit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../agent-lab.ts'
import { AuditLab } from './audit-lab.ts'
import { JournalLab } from './journal-lab.ts'
import { until } from './node-lab.ts'
import { endChild, freePort, startRsyslog } from './relay-lab.ts'

const DEV_LOG = '/dev/log'
const folder = mkdtempSync(join(tmpdir(), 'podwitness-routes-'))
const audit = new AuditLab(join(folder, 'audit'))
const journal = new JournalLab(join(folder, 'journal'))
const run = promisify(execFile)
let relay: ChildProcess | undefined
let port = 0

beforeAll(async () => {
  if (existsSync(DEV_LOG)) renameSync(DEV_LOG, `${DEV_LOG}.aside`)
  port = await freePort()
  const forward = (port: number): string =>
    `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format" action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="LinkedList")\n`
  const input = `module(load="imuxsock" SysSock.Name="${DEV_LOG}" SysSock.RateLimit.Interval="0")\n`
  relay = startRsyslog(folder, 'relay', `${input}${forward(port)}`)
  await until('rsyslog listens', () => existsSync(DEV_LOG))
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
    const text = `state: ${join(folder, name)}\nhealth: {port: 0}\n${output}\nsources: [${sources}]\n`
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

it('tells the same events by socket, log and journal', async () => {
  const agents = [
    new RouteAgent('by-socket', SOURCES.af_unix),
    new RouteAgent('by-log', SOURCES['audit.log']),
    new RouteAgent('by-journal', SOURCES.journald),
  ]
  for (let ready = 0; ; ready++) {
    await activity(`begin-${ready}-`, 1) // Until all of them read.
    const seen = agents.every((agent) => agent.shipped('begin-').length > 0)
    if (seen || ready > 200) break
  }
  await activity('single-', 100)
  const found = await all(agents, 'single-', 100)
  const [first, ...others] = found.map((events) => events.map(({ meaning }) => meaning).sort())
  expect(first).toHaveLength(100)
  for (const other of others) expect(other).toEqual(first)
  expect(found.map((events) => events[0]?.via)).toEqual([['af_unix'], ['audit.log'], ['journald']])
  for (const agent of agents) await agent.end()
})

it('makes one event of what all four bring, and names them', async () => {
  const sources = [SOURCES.af_unix, SOURCES['audit.log'], SOURCES.journald, SOURCES.syslog(port)]
  const agent = new RouteAgent('by-all', sources.join(', '))
  for (let ready = 0; ready < 200 && new Set(agent.shipped('start-').flatMap(({ via }) => via)).size < 4; ready++)
    await activity(`start-${ready}-`, 1)
  await activity('merged-', 100)
  const [found = []] = await all([agent], 'merged-', 100)
  // Records that syslog brought seconds after the others may be there as additions.
  const events = found.filter(({ late }) => late !== true)
  expect(events).toHaveLength(100)
  expect([...new Set(events.flatMap(({ via }) => via))].sort()).toEqual(['af_unix', 'audit.log', 'journald', 'syslog'])
  expect(events.filter(({ via }) => via.length > 1).length).toBeGreaterThan(50)
  await agent.end()
})
