/**
 * What an agent costs while nothing happens, and how soon a single event leaves it after a quiet spell.
 *
 * Run: npm run build; npx tsx --conditions=podwitness-source bench/agent-idle.bench.ts [SECONDS] [RUNS] [EVENTS] [TREE …]
 *
 * A socket like auditd's and a log, one event now and then to both at once; `AUDITD=1` as root takes a real auditd in their
 * place, whose rules audit what this program and the agent start (the machine's rules and settings are put back). Each TREE
 * is a checkout with its build, `.` by default: without auditd their agents run side by side, under the same load of the machine.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuditLab } from '../tests/live/audit-lab.ts'
import { describeCost, measureProcess } from './process-cost.ts'

const SECONDS = Number(process.argv[2] ?? 120)
const RUNS = Number(process.argv[3] ?? 3)
const EVENTS = Number(process.argv[4] ?? 40)
const TREES = process.argv.length > 5 ? process.argv.slice(5) : ['.']
const REAL = process.env.AUDITD === '1'
/** What starting costs is not what idling costs. */
const WARM_UP_MS = 15_000
/** Quiet before each single event, at least, and as much again at random, milliseconds. */
const QUIET_MS = 700
const LOOK_MS = 2
const GIVE_UP_MS = 10_000

const folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-idle-'))

/** Where an agent's records come from. */
interface Feed {
  readonly socket: string
  readonly log: string
  /** Makes one event with a mark in its arguments. */
  event(mark: string): void
  /** Called when the agent runs. */
  watch(pid: number): void
  close(): Promise<void>
}

async function recordedFeed(at: string): Promise<Feed> {
  const [socket, log] = [join(at, 'events'), join(at, 'audit.log')]
  const clients: Socket[] = []
  const server: Server = createServer((client) => void clients.push(client.on('error', () => {}))).listen(socket)
  writeFileSync(log, '')
  let seq = 1000
  const event = (mark: string): void => {
    const head = `msg=audit(${(Date.now() / 1000).toFixed(3)}:${++seq}): `
    const text = `type=SYSCALL ${head}arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=77 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="true" exe="/usr/bin/true" key="bench"
type=EXECVE ${head}argc=2 a0="true" a1="${mark}"
type=PROCTITLE ${head}proctitle="true"
type=EOE ${head}
`
    for (const client of clients) client.write(text)
    appendFileSync(log, text)
  }
  const close = async (): Promise<void> => {
    for (const client of clients) client.destroy()
    server.close()
  }
  return { socket, log, event, watch: () => {}, close }
}

async function auditdFeed(at: string): Promise<Feed> {
  const audit = new AuditLab(join(at, 'audit'))
  await audit.open(8)
  const ownChildren: string[][] = []
  const watch = (pid: number): void => {
    const rule = ['always,exit', '-F', 'arch=b64', '-S', 'execve', '-F', `ppid=${pid}`, '-k', 'agentidle']
    execFileSync('auditctl', ['-a', ...rule])
    ownChildren.push(rule)
  }
  execFileSync('auditctl', ['-d', 'always,exit', '-F', 'arch=b64', '-S', 'execve,execveat', '-k', 'agentlab'])
  watch(process.pid)
  const close = async (): Promise<void> => {
    for (const rule of ownChildren) execFileSync('auditctl', ['-d', ...rule])
    execFileSync('auditctl', ['-a', 'always,exit', '-F', 'arch=b64', '-S', 'execve,execveat', '-k', 'agentlab'])
    await audit.close()
  }
  return { socket: audit.socket, log: audit.log, event: (mark) => void execFile('/usr/bin/true', [mark]), watch, close }
}

function startAgent(tree: string, at: string, { socket, log }: Feed): ChildProcess {
  const config = `state: ${at}/state
sources: [{type: auditSocket, path: ${socket}}, {type: auditLog, path: ${log}, from: start}]
output: {type: file, path: ${at}/out.ndjson}
health: {port: 0}
containers: {cri: "off"}
`
  writeFileSync(join(at, 'agent.yaml'), config)
  return spawn(
    process.execPath,
    [join(resolve(tree), 'packages/cli/bin/podwitness.mjs'), 'agent', '--config', join(at, 'agent.yaml')],
    {
      stdio: 'inherit',
    },
  )
}

/** From making an event to its line in the file, milliseconds. */
async function latency(feed: Feed, out: string, mark: string): Promise<number> {
  const start = performance.now()
  feed.event(mark)
  while (performance.now() - start < GIVE_UP_MS) {
    if (existsSync(out) && readFileSync(out, 'latin1').includes(mark)) break
    await sleep(LOOK_MS)
  }
  return performance.now() - start
}

async function measure(tree: string, run: number): Promise<void> {
  const at = join(folder, `${run}-${TREES.indexOf(tree)}`)
  mkdirSync(at)
  const feed = await (REAL ? auditdFeed(at) : recordedFeed(at))
  const agent = startAgent(tree, at, feed)
  try {
    await sleep(WARM_UP_MS)
    feed.watch(agent.pid ?? 0)
    process.stdout.write(describeCost(`${tree} idle`, await measureProcess(agent.pid ?? 0, () => sleep(SECONDS * 1000))))
    const found: number[] = []
    const cost = await measureProcess(agent.pid ?? 0, async () => {
      for (let i = 0; i < EVENTS; i++) {
        await sleep(QUIET_MS * (1 + Math.random()))
        found.push(await latency(feed, join(at, 'out.ndjson'), `mark-${run}-${i}-`))
      }
    })
    process.stdout.write(describeCost(`${tree} with ${(EVENTS / cost.seconds).toFixed(1)} events/s`, cost))
    const sorted = found.sort((a, b) => a - b)
    const share = (of: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? 0).toFixed(0)
    process.stdout.write(
      `${tree} a single event: median ${share(0.5)} ms, 95 % within ${share(0.95)} ms, all within ${share(1)} ms\n`,
    )
  } finally {
    agent.kill()
    await sleep(500)
    await feed.close()
  }
}

try {
  for (let run = 0; run < RUNS; run++) {
    if (!REAL) await Promise.all(TREES.map((tree) => measure(tree, run)))
    else for (const tree of TREES) await measure(tree, run)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
