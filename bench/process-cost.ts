/** What a process costs while something goes on: its own clock ticks and memory, not the machine's load. */
import { readFileSync } from 'node:fs'

/** Clock ticks a second: sysconf(_SC_CLK_TCK), 100 on every Linux that Node runs on. */
const TICKS = 100

export interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly residentBytes: number
}

/** Costs of a process while `work` runs; memory is looked at twice a second. */
export async function measureProcess(pid: number, work: () => Promise<unknown>): Promise<Cost> {
  const start = performance.now()
  const before = ticks(pid)
  let residentBytes = resident(pid)
  const watch = setInterval(() => {
    residentBytes = Math.max(residentBytes, resident(pid))
  }, 500)
  try {
    await work()
  } finally {
    clearInterval(watch)
  }
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (ticks(pid) - before) / TICKS, residentBytes }
}

/** A line for people: share of one core, memory at most. */
export function describeCost(what: string, { seconds, cpuSeconds, residentBytes }: Cost): string {
  const share = ((cpuSeconds / seconds) * 100).toFixed(2)
  return `${what}: ${share} % of a core, at most ${Math.round(residentBytes / 1e6)} MB resident\n`
}

/** User and system time. Source: proc(5), /proc/[pid]/stat fields 14 and 15. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

function resident(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
