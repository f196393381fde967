/**
 * Whether every record is accounted for over a long run with faults. Run as root:
 * npm run build; npx tsx --conditions=podwitness-source bench/agent-faults.bench.ts [EVENTS_PER_SECOND] [MINUTES_AWAY] [KILLS]
 *
 * Recorded exec events under new serials go to a log that rotates as auditd's does, on and on. Meanwhile the server is away,
 * comes back, the agent is killed again and again, its disk (a small tmpfs) fills up, and the server is away and comes back
 * once more. At the end stored + counted as lost must be what was sent, and nothing may be stored twice.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { AgentProcess, eventually, ServerLab } from '../tests/agent-lab.ts'

const RATE = Number(process.argv[2] ?? 500)
const AWAY_MINUTES = Number(process.argv[3] ?? 10)
const KILLS = Number(process.argv[4] ?? 20)
const DISK_MEGABYTES = 64
const LOG_BYTES = 8 * 1024 * 1024
const LOGS = 20
const SLICE_MS = 100

/** Execve events of the recording, as functions of a serial and a time. */
function templates(): ((seq: number, seconds: string) => string)[] {
  const text = gunzipSync(readFileSync(fileURLToPath(new URL('../recordings/dev/audit.log.gz', import.meta.url)))).toString(
    'latin1',
  )
  const events = new Map<string, string>()
  for (const line of text.split('\n')) {
    const id = /audit\(([^)]+)\)/.exec(line)?.[1]
    if (id !== undefined) events.set(id, `${events.get(id) ?? ''}${line}\n`)
  }
  return [...events].flatMap(([id, lines]) =>
    lines.includes('type=EXECVE')
      ? [(seq: number, seconds: string) => lines.replaceAll(`audit(${id})`, `audit(${seconds}:${seq})`)]
      : [],
  )
}

/** A log that is written at a rate and rotated by renaming. */
class Load {
  sent = 0
  readonly #log: string
  readonly #made = templates()
  readonly #timer: NodeJS.Timeout
  #untilMs = Date.now()

  constructor(log: string) {
    this.#log = log
    writeFileSync(log, '')
    this.#timer = setInterval(() => this.#write(), SLICE_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #write(): void {
    const now = Date.now()
    const due = Math.floor(((now - this.#untilMs) / 1000) * RATE)
    this.#untilMs += (due / RATE) * 1000
    const seconds = (now / 1000).toFixed(3)
    let text = ''
    for (let i = 0; i < due; i++) text += this.#made[this.sent % this.#made.length]?.(++this.sent, seconds) ?? ''
    appendFileSync(this.#log, text, 'latin1')
    if (statSync(this.#log).size > LOG_BYTES) this.#rotate()
  }

  #rotate(): void {
    for (let i = LOGS; i > 1; i--)
      if (existsSync(`${this.#log}.${i - 1}`)) renameSync(`${this.#log}.${i - 1}`, `${this.#log}.${i}`)
    renameSync(this.#log, `${this.#log}.1`)
    writeFileSync(this.#log, '')
  }
}

const lab = new ServerLab()
const disk = join(lab.folder, 'disk')
const log = join(lab.folder, 'audit.log')
const started = Date.now()
const tell = (text: string): void => void process.stdout.write(`${Math.round((Date.now() - started) / 1000)} s: ${text}\n`)

await lab.open()
mkdirSync(disk)
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m`, 'tmpfs', disk])
const agent = new AgentProcess(
  disk,
  `cluster: faults
node: k8s-node-1
output: {type: server, url: "https://127.0.0.1:${lab.port}", tokenFile: ${lab.tokenFile('faults')}}
sources: [{type: auditLog, path: ${log}, from: start}]
spool: {maxBytes: 1000000000, maxShare: 1, minFreeShare: 0}
containers: {cri: "off", proc: /nowhere}
`,
)

const count = (what: string, where = ''): Promise<number> =>
  lab.number(`SELECT ${what} FROM audit.events WHERE cluster = 'faults' ${where}`)
const lost = (hop: string): Promise<number> =>
  lab.number(`SELECT sum(count) FROM audit.loss FINAL WHERE cluster = 'faults' AND hop = '${hop}'`)
const resident = (): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1]) / 1000)

try {
  const load = new Load(log)
  agent.start()
  await eventually(() => agent.talk.includes('Joined'), Boolean, 60_000)
  tell('joined; the server goes away')
  await lab.stopIntake()
  for (let minute = 1; minute <= AWAY_MINUTES; minute++) {
    await sleep(60_000)
    tell(`away for ${minute} min, sent ${load.sent}, agent ${resident()} MB resident`)
  }
  await lab.startIntake()
  tell('the server is back; the agent is killed again and again')
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(1000 + (kill % 5) * 700)
    await agent.end('SIGKILL')
    if (kill === Math.floor(KILLS / 2)) await lab.stopIntake()
    agent.start()
  }
  await lab.startIntake()
  await sleep(5000)
  load.stop()
  tell(`${KILLS} kills done, sent ${load.sent}`)
  let before = -1
  for (let same = 0; same < 5; await sleep(3000)) {
    const now = await count('count()')
    same = now === before ? same + 1 : 0
    before = now
  }
  const [stored, distinct] = [
    await count('count()', `AND audit_serial != ''`),
    await count('uniqExact(serial)', `AND audit_serial != ''`),
  ]
  const [spool, sequence] = [await lost('spool'), await lost('sequence')]
  tell(`sent ${load.sent}; stored ${stored}, of them distinct ${distinct}; counted as lost: spool ${spool}, sequence ${sequence}`)
  tell(`unaccounted: ${load.sent - distinct - spool - sequence}; stored twice: ${stored - distinct}`)
  await agent.end('SIGTERM')
} finally {
  await agent.end('SIGKILL')
  await lab.close().catch(() => {})
  execFileSync('umount', ['-l', disk])
  rmSync(lab.folder, { recursive: true, force: true })
}
