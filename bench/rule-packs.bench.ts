/**
 * What each rule pack costs on a real kernel: the same load without rules and with each pack, CPU seconds of the load (user +
 * system: the kernel's work for auditing is in there) and of auditd, events and bytes that were logged.
 *
 * Run as root, alone on the machine's audit system: npx tsx --conditions=podwitness-source bench/rule-packs.bench.ts
 *
 * The load is one Perl process: 2000 programs started, 20 000 files opened, read and closed, 2000 UDP sockets connected on
 * loopback. Runs are taken in turns, three of each, and the median is shown. The node is left as it was found.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyNode, openMachine, packFiles, rulePacks, stateOf, uninstallNode } from '../packages/agent/src/index.ts'

const RUNS = 3
const LOAD = `
use Socket;
for (1..2000) { my $p = fork(); if (!$p) { exec '/bin/true' } waitpid($p, 0) }
for (1..20000) { open(my $f, '<', '/etc/hostname'); <$f>; close $f }
my $to = sockaddr_in(9, inet_aton('127.0.0.1'));
for (1..2000) { socket(my $s, PF_INET, SOCK_DGRAM, 0); connect($s, $to); close $s }
`
/** USER_HZ, in which /proc/PID/stat counts. Source: proc(5); it is 100 on every architecture Linux has today. */
const TICKS = 100
const LOG = '/var/log/audit/audit.log'

interface Cost {
  readonly loadSeconds: number
  readonly auditdSeconds: number
  readonly events: number
  readonly bytes: number
}

const machine = openMachine()
const packs = rulePacks()
const sets: readonly (readonly [string, readonly string[]])[] = [
  ['no rules', []],
  ...packs.map(({ name }): [string, string[]] => [name, [name]]),
  ['all packs', packs.map(({ name }) => name)],
]
const costs = new Map<string, Cost[]>(sets.map(([name]) => [name, []]))
const rules = new Map<string, number>()
try {
  for (let run = 0; run < RUNS; run++) {
    for (const [name, names] of sets) {
      const report = await applyNode(machine, { desired: stateOf(packFiles(machine, names)), install: 'never' })
      if (report.condition !== 'in-force' || report.kernel === null) throw new Error(`${name}: ${report.condition}`)
      rules.set(name, report.rules.inForce)
      costs.get(name)?.push(await measure(report.kernel.pid))
    }
  }
} finally {
  await uninstallNode(machine)
}
print()

async function measure(pid: number): Promise<Cost> {
  await quiet()
  const log = openLog()
  const [children, auditd, serial] = [ticks('self', 'children'), ticks(pid, 'own'), lastSerial()]
  const { status } = spawnSync('perl', ['-e', LOAD])
  if (status !== 0) throw new Error(`the load ended with ${status}`)
  const loadSeconds = (ticks('self', 'children') - children) / TICKS
  await quiet()
  return {
    loadSeconds,
    auditdSeconds: (ticks(pid, 'own') - auditd) / TICKS,
    events: lastSerial() - serial,
    bytes: log.grown(),
  }
}

/** User and system time of a process, or of its ended children, in ticks. Source: proc(5), fields 14 to 17 of stat. */
function ticks(pid: number | 'self', whose: 'own' | 'children'): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return whose === 'own' ? Number(fields[11]) + Number(fields[12]) : Number(fields[13]) + Number(fields[14])
}

/** The log as it is now; `grown` says by how many bytes it grew since, rotated or not. */
function openLog(): { grown: () => number } {
  const { ino, size } = statSync(LOG)
  return {
    grown: () => {
      let bytes = 0
      for (let i = 0; ; i++) {
        const info = statSync(i === 0 ? LOG : `${LOG}.${i}`)
        bytes += info.size
        if (info.ino === ino) return bytes - size
      }
    },
  }
}

/** The kernel's number of the last event that is in the log. */
function lastSerial(): number {
  const size = statSync(LOG).size
  const file = openSync(LOG, 'r')
  const tail = Buffer.alloc(Math.min(size, 65_536))
  readSync(file, tail, 0, tail.length, size - tail.length)
  closeSync(file)
  return Math.max(...[...tail.toString('latin1').matchAll(/audit\(\d+\.\d+:(\d+)\)/g)].map(([, number]) => Number(number)))
}

/** Waits until auditd has written what there was. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== lastSerial(); await sleep(400)) before = lastSerial()
}

function print(): void {
  const base = median('no rules', ({ loadSeconds }) => loadSeconds)
  process.stdout.write(
    `${cpus()[0]?.model} × ${cpus().length}, Linux ${release()}, auditd ${execFileSync('auditctl', ['-v'], { encoding: 'utf8' }).trim()}\n\n`,
  )
  process.stdout.write(
    '| pack | rules | events | MB | CPU s of the load | more than without | CPU s of auditd |\n|---|---:|---:|---:|---:|---:|---:|\n',
  )
  for (const [name] of sets) {
    const load = median(name, ({ loadSeconds }) => loadSeconds)
    const cells = [
      name,
      rules.get(name),
      median(name, ({ events }) => events),
      (median(name, ({ bytes }) => bytes) / 1e6).toFixed(1),
      load.toFixed(2),
      `${load >= base ? '+' : ''}${(((load - base) / base) * 100).toFixed(0)} %`,
      median(name, ({ auditdSeconds }) => auditdSeconds).toFixed(2),
    ]
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
  }
}

/** Median over the runs of one set. */
function median(name: string, of: (cost: Cost) => number): number {
  const values = (costs.get(name) ?? []).map(of).sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)] ?? Number.NaN
}
