/**
 * What the agent costs a node. Run: npm run build; npx tsx --conditions=podwitness-source bench/agent.bench.ts [EVENTS_PER_SECOND] [SECONDS]
 *
 * The built agent reads recorded events, with new serials and times, from a socket like auditd's and from a log at once,
 * and writes to a file. Its own clock ticks count (/proc/PID/stat), not the machine's load. First it idles.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execveTemplates } from './execve-templates.ts'
import { describeCost, measureProcess } from './process-cost.ts'

const RATE = Number(process.argv[2] ?? 5000)
const SECONDS = Number(process.argv[3] ?? 20)
const IDLE_SECONDS = Number(process.argv[4] ?? 20)
/** Cap of the processor, cores; none where it is not given. */
const CORES = process.argv[5]
const SLICES = 20

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-bench-'))
const log = join(folder, 'audit.log')

async function main(): Promise<void> {
  writeFileSync(log, '')
  const clients: Socket[] = []
  const server = createServer((socket) => void clients.push(socket)).listen(join(folder, 'events'))
  const config = `state: ${folder}/state
sources: [{type: auditSocket, path: ${folder}/events}, {type: auditLog, path: ${log}, from: start}]
output: {type: file, path: ${folder}/out.ndjson}
health: {port: 0}
containers: {cri: "off"}
${CORES === undefined ? '' : `limits: {cpu: ${CORES}}\n`}`
  writeFileSync(join(folder, 'agent.yaml'), config)
  const agent = spawn(
    process.execPath,
    [join(root, 'packages/cli/bin/podwitness.mjs'), 'agent', '--config', join(folder, 'agent.yaml')],
    {
      stdio: 'inherit',
    },
  )
  try {
    while (clients.length === 0) await sleep(100)
    await sleep(3000)
    process.stdout.write(describeCost('idle', await measureProcess(agent.pid ?? 0, () => sleep(IDLE_SECONDS * 1000))))
    const made = execveTemplates()
    let seq = 1
    let bytes = 0
    const load = await measureProcess(agent.pid ?? 0, async () => {
      const start = Date.now()
      for (let slice = 1; slice <= SECONDS * SLICES; slice++) {
        const seconds = (Date.now() / 1000).toFixed(3)
        let text = ''
        for (let i = 0; i < RATE / SLICES; i++) text += made[seq % made.length]?.(seq++, seconds) ?? ''
        bytes += text.length
        for (const client of clients) client.write(text, 'latin1')
        appendFileSync(log, text, 'latin1')
        await sleep(Math.max(0, start + (slice * 1000) / SLICES - Date.now()))
      }
    })
    const rate = `${Math.round((seq - 1) / load.seconds)} events/s by two routes`
    process.stdout.write(describeCost(`${rate}, ${(bytes / load.seconds / 1e6).toFixed(1)} MB/s each`, load))
    process.stdout.write(await settled(seq - 1))
  } finally {
    agent.kill()
    for (const client of clients) client.destroy()
    server.close()
    await sleep(500)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What became of the events sent, once nothing more comes. */
async function settled(sent: number): Promise<string> {
  for (let before = -1; ; await sleep(3000)) {
    const lines = readFileSync(join(folder, 'out.ndjson'), 'latin1').split('\n')
    const written = lines.filter((line) => line.startsWith('{"kind":"audit"')).length
    if (written < sent && written !== before) {
      before = written
      continue
    }
    const losses = lines.filter((line) => line.startsWith('{"kind":"loss"'))
    return `sent ${sent}, written ${written}\n${losses.map((line) => `${line}\n`).join('')}`
  }
}

await main()
