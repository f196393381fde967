/**
 * How long a change of a ConfigMap-shaped folder takes until the kernel holds it, and what keeping a node costs while nothing
 * happens. Run as root, alone on the machine's audit system:
 *
 *   npx tsc -b packages/cli && npx tsx --conditions=podwitness-source bench/node-changes.bench.ts
 *
 * `podwitness node apply --watch` runs as a process of its own; a rule file is replaced as kubelet does, and `auditctl -l` is
 * asked every 20 ms until it prints the new rule: that is part of each figure. The node is left as it was found.
 */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openMachine, uninstallNode } from '../packages/agent/src/index.ts'
import { ConfigMapFolder, kernelRules, temporaryFolder, until } from '../tests/live/node-lab.ts'

const CHANGES = 20
const IDLE_SECONDS = 65
const folder = temporaryFolder()
const rules = new ConfigMapFolder(join(folder, 'auditd-rules'))
const ruleOf = (i: number): string =>
  `-a always,exit -F arch=b64 -S adjtimex -F a0=0x${(i + 16).toString(16).toUpperCase()} -F key=bench`
rules.write({ '10-bench.rules': ruleOf(0) })
const program = join(import.meta.dirname, '../packages/cli/bin/podwitness.mjs')
const keeper = spawn(process.execPath, [program, 'node', 'apply', '--watch', '--no-install', '--config', folder], {
  stdio: 'ignore',
})
try {
  await until('the first rule', () => kernelRules().includes(ruleOf(0)), 60_000)
  await sleep(2000)
  const times: number[] = []
  for (let i = 1; i <= CHANGES; i++) {
    const started = performance.now()
    rules.write({ '10-bench.rules': ruleOf(i) })
    await until('the change', () => kernelRules().includes(ruleOf(i)))
    times.push(performance.now() - started)
    await sleep(500)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)] ?? Number.NaN)
  process.stdout.write(`${CHANGES} changes: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, slowest ${at(1)} ms\n`)
  const before = cpuSeconds(keeper.pid as number)
  await sleep(IDLE_SECONDS * 1000)
  const cpu = cpuSeconds(keeper.pid as number) - before
  const memory = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${keeper.pid}/status`, 'utf8'))?.[1]
  process.stdout.write(
    `idle for ${IDLE_SECONDS} s: ${((cpu / IDLE_SECONDS) * 100).toFixed(2)} % of a core with its children, ${Math.round(Number(memory) / 1024)} MiB\n`,
  )
} finally {
  keeper.kill()
  await until('the keeper is gone', () => keeper.exitCode !== null || keeper.signalCode !== null)
  await uninstallNode(openMachine())
  rmSync(folder, { recursive: true })
}

/** User and system time of a process and its ended children. Source: proc(5), stat, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}
