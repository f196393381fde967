/**
 * What decoding costs: bytes of audit log → coalesced events → JSON of all fields, in CPU seconds (user + system, all
 * threads), beside the peer `laurel` (Debian package) on the same file in the same run, where it is installed.
 *
 * Run: npx tsc -b && npx tsx --conditions=podwitness-source bench/audit.bench.ts [LARGEST_MB]
 *
 * Input: the bundled recording repeated with rising serials and times; every second copy as auditd's ENRICHED format;
 * one event in 300 gets an argument of 18 KB in chunks. Wall time of a shared machine says nothing, so it is not shown.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const LARGEST_MB = Number(process.argv[2] ?? 100)
const RUNS = 3
/** Above this without the peer: it would take minutes. */
const LARGEST_WITH_PEER_MB = 100
const root = join(import.meta.dirname, '..')
const lines = gunzipSync(readFileSync(join(root, 'recordings/dev/audit.log.gz')))
  .toString('latin1')
  .trimEnd()
  .split('\n')
const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const CHUNK = '4C'.repeat(3700)

/** Writes at least `megabytes` of log; answers its size and how many events it holds. */
function makeInput(path: string, megabytes: number): { bytes: number; events: number } {
  const file = openSync(path, 'w')
  let bytes = 0
  const ids = new Set<string>()
  for (let copy = 0; bytes < megabytes * 1e6; copy++) {
    const out: string[] = []
    let executions = 0
    for (const line of lines) {
      if (bytes >= megabytes * 1e6) break
      const text = shifted(line, copy)
      ids.add(/audit\([^)]*\)/.exec(text)?.[0] ?? '')
      out.push(text)
      if (/ type=EXECVE .* argc=/.test(text) && executions++ % 100 === 0) out.push(...longArgument(text))
      bytes += text.length + 1
    }
    writeSync(file, `${out.join('\n')}\n`)
  }
  closeSync(file)
  return { bytes: statSync(path).size, events: ids.size }
}

function shifted(line: string, copy: number): string {
  const moved = line.replace(/audit\((\d+)\.(\d+):(\d+)\)/, (_, seconds, millis, serial) => {
    return `audit(${Number(seconds) + copy * 200}.${millis}:${Number(serial) + copy * 20_000})`
  })
  if (copy % 2 === 0 || !/type=(SYSCALL|PATH) /.test(moved)) return moved
  return `${moved}\x1d${moved.includes('type=PATH') ? 'OUID="root" OGID="root"' : 'ARCH=x86_64 SYSCALL=execve AUID="unset" UID="root" GID="root"'}`
}

/** More arguments behind the record's own: 18 KB in three records, as the kernel splits them. */
function longArgument(line: string): string[] {
  const head = /^.*?audit\([^)]*\):/.exec(line)?.[0] ?? ''
  return [0, 1, 2].map((i) => `${head}  a9000${i === 0 ? '_len=22200 a9000' : ''}[${i}]=${CHUNK}`)
}

interface Cost {
  readonly cpuSeconds: number
  readonly output: string
}

/** CPU seconds of a command, measured by the shell so that every thread and tool counts alike. */
function cost(command: string): Cost {
  const { stderr, stdout } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  })
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { cpuSeconds: user + system, output: stdout }
}

/** The command itself, its start included; it says how many events it decoded. */
const command = `${process.execPath} ${join(root, 'packages/cli/bin/podwitness.mjs')} decode`

interface OwnCost {
  readonly cpuSeconds: number
  readonly events: number
  readonly rssMb: number
}

function ownCost(path: string): OwnCost {
  const { stderr } = spawnSync('/usr/bin/time', ['-f', 'COST %U %S %M', 'bash', '-c', `exec ${command} ${path} > /dev/null`], {
    encoding: 'utf8',
  })
  const [, user, system, kilobytes] = /COST (\S+) (\S+) (\d+)/.exec(stderr) ?? []
  const events = Number((/^([\d\s]+) events/m.exec(stderr)?.[1] ?? '').replace(/\D/g, ''))
  return { cpuSeconds: Number(user) + Number(system), events, rssMb: Math.round(Number(kilobytes) / 1024) }
}

const peerConfiguration = join(folder, 'peer.toml')
writeFileSync(
  peerConfiguration,
  `directory = "${folder}"\nuser = "root"\n[auditlog]\nfile = "peer.log"\nsize = 100000000000\ngenerations = 1\n[enrich]\nexecve-env = []\ncontainer = false\n`,
)
const hasPeer = spawnSync('laurel', ['--version']).status === 0

console.log('| input MB | events | podwitness CPU s | MB/s per CPU s | peak RSS MB | laurel CPU s | MB/s per CPU s | ratio |')
console.log('|---|---|---|---|---|---|---|---|')
for (const megabytes of [1, 10, 30, 100, 300, 1000].filter((size) => size <= LARGEST_MB)) {
  const path = join(folder, 'input.log')
  const { bytes, events } = makeInput(path, megabytes)
  const own: number[] = []
  const peer: number[] = []
  let seen = { events: 0, rssMb: 0 }
  for (let run = 0; run < RUNS; run++) {
    const result = ownCost(path)
    seen = { events: result.events, rssMb: Math.max(seen.rssMb, result.rssMb) }
    own.push(result.cpuSeconds)
    if (hasPeer && megabytes <= LARGEST_WITH_PEER_MB && (run === 0 || megabytes < LARGEST_WITH_PEER_MB))
      peer.push(cost(`laurel -c ${peerConfiguration} < ${path} > /dev/null 2>&1`).cpuSeconds)
    rmSync(join(folder, 'peer.log'), { force: true })
  }
  if (seen.events !== events) throw new Error(`${seen.events} events decoded, ${events} written`)
  const best = Math.min(...own)
  const other = peer.length > 0 ? Math.min(...peer) : Number.NaN
  const rate = (seconds: number) => (bytes / 1e6 / seconds).toFixed(1)
  console.log(
    `| ${(bytes / 1e6).toFixed(1)} | ${events} | ${best.toFixed(2)} | ${rate(best)} | ${seen.rssMb} | ${other.toFixed(2)} | ${rate(other)} | ${(other / best).toFixed(1)} |`,
  )
}
rmSync(folder, { recursive: true })
