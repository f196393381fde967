import type { ProcessObservation } from './observation.ts'

/** Orders records as the kernel finished them: a serial that falls back by millions is another boot. */
export function inKernelOrder(observations: readonly ProcessObservation[]): ProcessObservation[] {
  const byTime = [...observations].sort((a, b) => a.timeMs - b.timeMs || a.serial - b.serial)
  const boots: ProcessObservation[][] = [[]]
  let highest = 0
  for (const observation of byTime) {
    if (highest - observation.serial > BOOT_FALL) {
      boots.push([])
      highest = 0
    }
    highest = Math.max(highest, observation.serial)
    boots.at(-1)?.push(observation)
  }
  return boots.flatMap((boot) => boot.sort((a, b) => a.serial - b.serial))
}

/** Serials count up from 1 in each boot (kernel/audit.c, audit_serial); disorder between routes is far smaller than this. */
const BOOT_FALL = 1 << 16
