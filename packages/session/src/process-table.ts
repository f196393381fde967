import type { ProcessObservation } from './observation.ts'
import type { RuntimeCall } from './runtime-call.ts'

/** A tree of processes that began with one entry: a container's own program, or something run in it later. */
export interface Tree {
  readonly kind: 'container' | 'exec'
  readonly containerId: string
  readonly root: ProcessObservation
  /** The runtime call that opened it; `null` for a container that was there before the records began. */
  readonly call: OpenCall | null
  /** Whether the kernel itself tied root and call (its parent is the runtime), not order. */
  readonly linked: boolean
  /** The program of the node that came into the container by itself, without any runtime; `null` otherwise. */
  readonly joinedBy: ProcessObservation | null
}

/** A runtime call waiting for the program it starts. */
export interface OpenCall extends RuntimeCall {
  readonly observation: ProcessObservation
  /** Whether the call itself was recorded; otherwise only the runtime's process in the container was. */
  readonly recorded: boolean
  /** Highest pid seen among the runtime's own processes in the container: the program's is higher. */
  initPid: number
  root: ProcessObservation | null
}

/** One process, as far as the records show it. */
export interface Process {
  readonly pid: number
  ppid: number
  /** `null` where the parent is unknown or does not belong to any tree. */
  parent: Process | null
  role: 'program' | 'runtime' | 'runtime-init' | 'unseen'
  /** Set on the first process of a tree, and on heads that evidence placed. */
  tree: Tree | null
  call: OpenCall | null
  /** In which round of process ids its number is given out again, counted from when it was last seen alive. */
  nextRound: number
  firstMs: number
  lastExec: ProcessObservation | null
  /** Its parent is the first process of a container: child or orphan, evidence has to tell. */
  viaInit: Tree | null
}

/** How far back a fork is looked for, milliseconds, and how many births are remembered: bounds of the work per question. */
const BIRTH_HORIZON_MS = 5_000
const BIRTHS_KEPT = 20_000

/** How far processes are seen out of the order of their numbers: they are seen when they start a program. */
const DISORDER = 256

/** Live view of processes by pid, with a guard against pid reuse. */
export class ProcessTable {
  readonly #byPid = new Map<number, Process>()
  readonly #born: { pid: number; timeMs: number }[] = []
  #highest = 0
  #latest = 0
  #round = 0

  get(pid: number): Process | undefined {
    return this.#byPid.get(pid)
  }

  /** Whether the number may have been given to another process since `process` was last seen alive. */
  mayBeReused({ nextRound, pid }: Process): boolean {
    return this.#round > nextRound || (this.#round === nextRound && pid <= this.#latest + DISORDER)
  }

  /** The same of a number that is just seen: it may be the first one of a new round. */
  mayBegin(process: Process): boolean {
    return this.mayBeReused(process) || (this.#isFall(process.pid) && process.nextRound <= this.#round + 1)
  }

  /** Notes that a process is alive. */
  touch(process: Process): void {
    process.nextRound = this.#nextRound(process.pid)
  }

  #nextRound(pid: number): number {
    return pid > this.#latest ? this.#round : this.#round + 1
  }

  /** Enters a new process, replacing whatever had the number. */
  add(pid: number, ppid: number, role: Process['role'], timeMs: number): Process {
    if (role !== 'unseen') this.#advance(pid)
    const process: Process = {
      pid,
      ppid,
      role,
      parent: null,
      tree: null,
      call: null,
      nextRound: this.#nextRound(pid),
      firstMs: timeMs,
      lastExec: null,
      viaInit: null,
    }
    this.#byPid.set(pid, process)
    // Who is known as a parent only may have been born long before.
    if (role !== 'unseen') this.#born.push({ pid, timeMs })
    if (this.#born.length > 2 * BIRTHS_KEPT) this.#born.splice(0, BIRTHS_KEPT)
    return process
  }

  // The kernel hands out pids upwards and starts again at the top (kernel/pid.c, alloc_pid): a fall by
  // more than half of the highest number seen is a wrap, a smaller one is mere disorder.
  #advance(pid: number): void {
    if (pid > this.#highest) this.#highest = pid
    if (this.#isFall(pid)) this.#round++
    else if (pid < this.#latest) return
    this.#latest = pid
  }

  #isFall(pid: number): boolean {
    return this.#latest - pid > this.#highest / 2
  }

  /**
   * Latest moment at which `pid` can have been forked: it was no later than the first sight of any
   * process with a higher number.
   *
   * @param timeMs When it was first seen itself, or a child of it.
   */
  bornBefore(pid: number, timeMs: number): number {
    let bound = timeMs
    for (let at = this.#born.length - 1; at >= 0; at--) {
      const other = this.#born[at]
      if (other === undefined || other.timeMs < timeMs - BIRTH_HORIZON_MS) break
      if (other.pid > pid && other.pid - pid < this.#highest / 2 && other.timeMs < bound) bound = other.timeMs
    }
    return bound
  }
}
