import type { DecodedEvent } from '@podwitness/audit'
import type { ProcFiles } from './proc-files.ts'

/** Most processes remembered, those that have ended included. */
const MAX_PROCESSES = 65_536

/** What is remembered of a process. */
export interface KnownProcess {
  readonly ppid: number
  /** Empty on the host. */
  readonly containerId: string
}

/**
 * Which process is whose child and in which container, from audit events first and /proc second. Ended parents stay
 * until there are too many: their children may still act.
 */
export class ProcessTable {
  readonly #proc: ProcFiles
  readonly #known = new Map<number, KnownProcess>()
  readonly #lookUp: boolean

  /** @param lookUp Whether the container of a process that a host process started is read from /proc at once. */
  constructor(proc: ProcFiles, lookUp: boolean) {
    this.#proc = proc
    this.#lookUp = lookUp
  }

  get size(): number {
    return this.#known.size
  }

  get(pid: number): KnownProcess | undefined {
    return this.#known.get(pid)
  }

  has(pid: number): boolean {
    return this.#known.has(pid)
  }

  /** Learns from an event who acts; a program start may also have entered a container. */
  learn(event: DecodedEvent): void {
    const { pid, ppid } = event
    if (pid <= 0 || !event.hasSyscall) return
    const known = this.#known.get(pid)
    const started = event.argumentList() !== undefined
    if (known !== undefined && known.ppid === ppid && !(started && known.containerId === '')) return
    const inherited = this.#known.get(ppid)?.containerId ?? ''
    const containerId = inherited !== '' || !this.#lookUp ? inherited : this.#proc.place(pid).containerId
    this.set(pid, { ppid, containerId })
  }

  set(pid: number, process: KnownProcess): void {
    this.#known.delete(pid) // To the end: the one not touched for longest goes first.
    this.#known.set(pid, process)
    if (this.#known.size <= MAX_PROCESSES) return
    const oldest = this.#known.keys().next().value
    if (oldest !== undefined) this.#known.delete(oldest)
  }

  /** For the next start. */
  entries(): [number, number, string][] {
    return [...this.#known].map(([pid, { ppid, containerId }]) => [pid, ppid, containerId])
  }
}
