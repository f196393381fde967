import type { DecodedEvent } from '@podwitness/audit'
import type { ProcFiles } from './proc-files.ts'
import { RootDevices } from './root-devices.ts'
import { RuntimeEntries } from './runtime-entries.ts'

/** Most processes remembered, those that have ended included. */
const MAX_PROCESSES = 65_536

/** What is remembered of a process. */
export interface KnownProcess {
  readonly ppid: number
  /** Empty on the host, and where it is not known. */
  readonly containerId: string
  /** Whether /proc was asked for the container since the program was started. */
  readonly asked?: boolean
  /** Whether it is a container runtime or its shim: what it starts may be in a container. */
  readonly runtime?: boolean
  /** The container that it runs a program in, by its own arguments. */
  readonly enters?: string
}

/** With runc's own children, which call themselves `runc:[1:CHILD]` until they become the container's program. */
const RUNTIMES = /^(runc|crun|youki|containerd-shim\S*|conmon|runc:\[.*)$/

/** Whether a program is a container runtime that runs on the node, by its name. */
export function isRuntime(name: string): boolean {
  return RUNTIMES.test(name)
}

/**
 * Which process is whose child and in which container, from audit events first and /proc second. Ended parents stay
 * until there are too many: their children may still act.
 */
export class ProcessTable {
  readonly #proc: ProcFiles
  readonly #known = new Map<number, KnownProcess>()
  readonly #lookUp: boolean
  readonly #entries = new RuntimeEntries()
  readonly #roots: RootDevices

  /** @param lookUp Whether the container of a process that a host process started is read from /proc at once. */
  constructor(proc: ProcFiles, lookUp: boolean) {
    this.#proc = proc
    this.#lookUp = lookUp
    this.#roots = new RootDevices(proc)
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
    const { pid, ppid, timeMs } = event
    if (pid <= 0 || ppid < 0) return // A record of seccomp names no parent.
    const known = this.#known.get(pid)
    const started = event.argumentList() !== undefined
    if (known !== undefined && known.ppid === ppid && !(started && known.containerId === '')) return
    const parent = this.#known.get(ppid)
    const inherited = parent?.containerId ?? ''
    const runtime = isRuntime(event.comm)
    const enters = started && runtime ? this.#entries.note(event) : undefined
    // The first program of a container, or of an entry into one, has its runtime above it.
    const first = started && parent?.runtime === true && !runtime
    const asked = inherited === '' && (this.#lookUp || first)
    const seen = asked ? this.#proc.place(pid, timeMs) : undefined
    const told = first && seen?.path === '' ? this.#entries.of({ ppid, timeMs, before: known?.containerId ?? '' }, parent) : ''
    const named = told || (seen?.containerId ?? inherited)
    // Children are where their parents are, and only a runtime puts them elsewhere.
    const onHost = inherited === '' && parent?.asked === true && parent.runtime !== true
    const unseen = named === '' && !onHost && (seen === undefined || seen.path === '')
    const containerId = started ? this.#byRoot(event, { named, unseen }) : named
    if (seen !== undefined && seen.containerId !== '') this.#roots.note(seen.containerId, pid)
    this.set(pid, { ppid, containerId, asked: asked || onHost, runtime, ...(enters === undefined ? {} : { enters }) })
  }

  /** Notes a container's root device by a process that is in it. */
  noteRoot(containerId: string, pid: number): void {
    this.#roots.note(containerId, pid)
  }

  /** The container of a program; of one that nothing else places, by the device that it runs from. */
  #byRoot(event: DecodedEvent, { named, unseen }: { named: string; unseen: boolean }): string {
    const device = event.programDevice
    if (device === '') return named
    if (named !== '') this.#roots.contradict(device, named)
    return unseen ? this.#roots.of(device, event.timeMs) : named
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
