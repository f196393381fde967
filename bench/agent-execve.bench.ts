/**
 * What the agent costs under program starts that really happen: Debian's auditd, its socket and its log, programs started
 * as fast as this machine can; the agent writes to a file.
 *
 * Run as root: npm run build; npx tsx --conditions=podwitness-source bench/agent-execve.bench.ts [SECONDS] [WORKERS]
 *
 * The machine's audit rules and settings are put back at the end.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { AuditLab } from '../tests/live/audit-lab.ts'
import { describeCost, measureProcess } from './process-cost.ts'

const SECONDS = Number(process.argv[2] ?? 20)
const WORKERS = Number(process.argv[3] ?? 2)
const IDLE_SECONDS = 20
/** What starting costs is not what idling costs. */
const WARM_UP_MS = 20_000
/** Longest wait for what is still on its way, s. */
const SETTLE_SECONDS = 120

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-starts-'))
const out = join(folder, 'out.ndjson')
const audit = new AuditLab(join(folder, 'audit'))

/** Starts a program again and again until a deadline, and says how often it did. */
const LOOP = `n=0; end=$(( $(date +%s) + $1 )); while :; do
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do /bin/true execve-bench $i; done
  n=$((n+25)); [ $(date +%s) -ge $end ] && break; done; echo $n`

async function main(): Promise<void> {
  await audit.open(8)
  let agent: ChildProcess | undefined
  try {
    agent = startAgent()
    await sleep(WARM_UP_MS)
    const pid = agent.pid ?? 0
    process.stdout.write(describeCost('idle', await measureProcess(pid, () => sleep(IDLE_SECONDS * 1000))))
    const lostBefore = lostByKernel()
    let started = 0
    const cost = await measureProcess(pid, async () => {
      started = (await Promise.all(Array.from({ length: WORKERS }, load))).reduce((sum, n) => sum + n, 0)
    })
    const rate = Math.round(started / cost.seconds)
    process.stdout.write(describeCost(`${rate} marked program starts/s by two routes`, cost))
    const seen = await settled(started)
    process.stdout.write(
      `started ${started}, written ${seen}, lost by the kernel ${lostByKernel() - lostBefore}; one more than the marked ones is started for each 25\n`,
    )
  } finally {
    agent?.kill()
    await sleep(500)
    await audit.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function startAgent(): ChildProcess {
  const config = `state: ${folder}/state
sources: [{type: auditSocket, path: ${audit.socket}}, {type: auditLog, path: ${audit.log}, from: start}]
output: {type: file, path: ${out}, maxBytes: 4294967296}
health: {port: 0}
containers: {cri: "off"}
`
  writeFileSync(join(folder, 'agent.yaml'), config)
  const command = [join(root, 'packages/cli/bin/podwitness.mjs'), 'agent', '--config', join(folder, 'agent.yaml')]
  return spawn(process.execPath, command, { stdio: 'inherit' })
}

function load(): Promise<number> {
  return new Promise((resolve, reject) => {
    const shell = spawn('/bin/sh', ['-c', LOOP, 'sh', String(SECONDS)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    shell.stdout.on('data', (part: Buffer) => {
      said += part.toString()
    })
    shell.on('error', reject)
    shell.on('close', () => resolve(Number(said)))
  })
}

/** Marked starts the agent has written, once they are all there or nothing more comes. */
async function settled(started: number): Promise<number> {
  let seen = 0
  for (const end = Date.now() + SETTLE_SECONDS * 1000; Date.now() < end; ) {
    await sleep(5000)
    const now = await marked()
    if (now >= started || (now === seen && now > 0)) return now
    seen = now
  }
  return seen
}

/** Events, each once: an addition of late records repeats the id of its event. */
async function marked(): Promise<number> {
  if (!existsSync(out)) return 0
  const ids = new Set<string>()
  for await (const line of createInterface({ input: createReadStream(out) })) {
    const id = /audit\((\d+\.\d+:\d+)\)/.exec(line)?.[1]
    if (id !== undefined && line.startsWith('{"kind":"audit"') && line.includes('execve-bench')) ids.add(id)
  }
  return ids.size
}

/** Records the kernel dropped. Source: auditctl(8), -s. */
function lostByKernel(): number {
  return Number(/^lost (\d+)/m.exec(execFileSync('auditctl', ['-s'], { encoding: 'utf8' }))?.[1])
}

await main()
