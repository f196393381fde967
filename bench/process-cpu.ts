/** CPU seconds of this process and of those it started, user and system. */
import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ, the same on every Linux architecture. Source: sysconf(_SC_CLK_TCK). */
const TICKS_PER_SECOND = 100

/** Processes that this one started and that go on. */
export function children(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => (Number(statOf(pid)[1]) === process.pid ? [Number(pid)] : []))
}

/** CPU seconds of another process since it began; 0 where it ended. */
export function cpuSecondsOf(pid: number): number {
  const fields = statOf(String(pid))
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND
}

/** CPU seconds of this process while `work` runs. */
export async function ownCpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Fields behind the name. Source: proc(5), /proc/[pid]/stat. */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  } catch {
    return [] // It ended meanwhile.
  }
}
