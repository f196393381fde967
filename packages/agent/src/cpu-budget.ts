import { pause } from '@podwitness/pipeline'

/** How much may be saved up for a burst, and owed, milliseconds of the processor at a cap of one core. */
const BURST_MS = 200
const OWED_MS = 5000
/** Longest wait before the account is looked at again, milliseconds. */
const LOOK_MS = 100

/** The processor's time so far, of all threads. */
export interface CpuClock {
  nowMs(): number
  usedMs(): number
}

const PROCESS: CpuClock = {
  nowMs: () => performance.now(),
  usedMs: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/**
 * Holds a process to a share of the processor by waiting between pieces of work: what is over the cap is owed and waited
 * for. No cgroup is needed, and what waits is on a disk: the log, the spool, auditd's queue.
 */
export class CpuBudget {
  readonly #cores: number
  readonly #clock: CpuClock
  #creditMs = 0
  #atMs: number
  #usedMs: number
  /** Milliseconds that work was made to wait. */
  waitedMs = 0

  /** @param cores Most of the processor, 1 is a whole core; infinite for no cap. */
  constructor(cores: number, clock: CpuClock = PROCESS) {
    this.#cores = cores
    this.#clock = clock
    this.#atMs = clock.nowMs()
    this.#usedMs = clock.usedMs()
  }

  /** Milliseconds until there is something to spend; 0 where there is. */
  due(): number {
    if (this.#cores === Number.POSITIVE_INFINITY) return 0
    const [nowMs, usedMs] = [this.#clock.nowMs(), this.#clock.usedMs()]
    const credit = this.#creditMs + (nowMs - this.#atMs) * this.#cores - (usedMs - this.#usedMs)
    this.#creditMs = Math.max(-OWED_MS * this.#cores, Math.min(BURST_MS * this.#cores, credit))
    this.#atMs = nowMs
    this.#usedMs = usedMs
    return this.#creditMs >= 0 ? 0 : -this.#creditMs / this.#cores
  }

  /** Waits until there is something to spend, or the signal is aborted. */
  async ready(signal?: AbortSignal): Promise<void> {
    for (let dueMs = this.due(); dueMs > 0 && signal?.aborted !== true; dueMs = this.due()) {
      const from = this.#clock.nowMs()
      await pause(Math.min(LOOK_MS, Math.ceil(dueMs)), signal)
      this.waitedMs += this.#clock.nowMs() - from
    }
  }
}
