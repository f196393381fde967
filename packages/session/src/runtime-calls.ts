import type { ContainerDevices } from './container-devices.ts'
import type { ContainerFact, ProcessObservation } from './observation.ts'
import type { OpenCall, Process, ProcessTable } from './process-table.ts'

/** A runtime call whose program has not been seen after this long will not be matched by order any more, milliseconds. */
const CALL_OPEN_MS = 15_000
/** The runtime's own process in a container becomes the program, or starts it, within this, milliseconds: it runs some ten. */
const INIT_OPEN_MS = 2_000
/** How far above the runtime's call the pid of its program may be: what the node starts in a moment. */
const FRESH_PIDS = 256
/** A container's first program starts this long after the container was made at most, milliseconds. */
const CREATED_MS = 10_000
/**
 * Id of a container in the path of its bundle, where its runtime works; paths of storage have ids of layers instead.
 * Source: containerd, core/runtime/v2 (state directory of the task plugin); cri-o and podman, storage (overlay-containers).
 */
const BUNDLE = /\/(?:io\.containerd\.runtime\.v\d\.\w+\/[^/]+|overlay-containers)\/([0-9a-f]{64})(?:\/|$)/

/** Calls of container runtimes that wait for the programs they start. */
export class RuntimeCalls {
  readonly all: OpenCall[] = []
  readonly #byShim = new Map<number, OpenCall[]>()
  readonly #table: ProcessTable
  readonly #devices: ContainerDevices
  readonly #containers: readonly ContainerFact[]
  readonly #begun = new Set<string>()

  constructor(table: ProcessTable, devices: ContainerDevices, containers: readonly ContainerFact[]) {
    this.#table = table
    this.#devices = devices
    this.#containers = containers
  }

  /** A call that was recorded; its parent keeps the container. */
  note(call: OpenCall): void {
    this.all.push(call)
    const { ppid } = call.observation
    const open = this.#byShim.get(ppid)
    if (open === undefined) this.#byShim.set(ppid, [call])
    else open.push(call)
  }

  /** A container whose first program is known. */
  noteBegun(containerId: string): void {
    this.#begun.add(containerId)
  }

  /** Whether a process was seen to call a runtime: a shim. */
  called(pid: number): boolean {
    return this.#byShim.has(pid)
  }

  /**
   * A call of which only the runtime's own process in the container was recorded. Its working directory is the bundle of
   * the container, and its parent is the runtime.
   */
  noteUnrecorded(init: ProcessObservation): OpenCall {
    const containerId = BUNDLE.exec(init.exec?.cwd ?? '')?.[1] ?? ''
    const call = { verb: 'exec', containerId, execId: '', terminal: false, command: [], root: null } as const
    const open: OpenCall = { ...call, observation: init, initPid: init.pid, recorded: false }
    this.all.push(open)
    return open
  }

  /** The container that a call of which little was recorded entered, and whether that was its beginning. */
  resolved(
    { containerId, verb, recorded }: OpenCall,
    { exeDev, timeMs }: ProcessObservation,
  ): Pick<OpenCall, 'containerId' | 'verb'> {
    if (recorded) return { containerId, verb }
    const entered = containerId || (this.#devices.containerOf(exeDev, timeMs) ?? '')
    return { containerId: entered, verb: this.#begun.has(entered) ? 'exec' : 'create' }
  }

  /**
   * The open call that a program start answers, if any.
   *
   * @param known What has or had its number.
   * @param stays Whether that is a program which becomes another one.
   */
  answeredBy(
    observation: ProcessObservation,
    known: Process | undefined,
    stays: boolean,
  ): { open: OpenCall; linked: boolean } | null {
    if (known?.role === 'runtime-init' && known.call?.root === null) return { open: known.call, linked: true }
    const runtime = this.#table.get(observation.ppid)
    const byRuntime = runtime?.role === 'runtime' ? runtime.call : null
    if (byRuntime?.root === null && isOpen(byRuntime, observation) && this.#fits(byRuntime, observation, known))
      return { open: byRuntime, linked: true }
    const fitting = this.#waitingUnder(observation).filter((call) => this.#fits(call, observation, known))
    // A program that becomes another one keeps its pid: a shell's last command is no new entry.
    if (known !== undefined && stays && !fitting.some((call) => isFresh(known, call))) return null
    const first = fitting[0]
    return first === undefined ? null : { open: first, linked: fitting.length === 1 }
  }

  #waitingUnder(observation: ProcessObservation): OpenCall[] {
    const waiting = this.#byShim.get(observation.ppid)
    if (waiting === undefined) return []
    const open = waiting.filter((call) => call.root === null && isOpen(call, observation))
    this.#byShim.set(observation.ppid, open)
    return open
  }

  #fits(call: OpenCall, observation: ProcessObservation, known: Process | undefined): boolean {
    // It had children since the call: what it was started as is lost, and these are not the words that were asked for.
    if (known?.role === 'unseen' && known.firstMs >= call.observation.timeMs) return false
    if (!call.recorded) return this.#fitsUnrecorded(call, observation)
    if (call.verb === 'exec' && call.terminal !== (observation.tty !== '')) return false
    if (call.verb === 'create' && this.#devices.isHost(observation.exeDev)) return false // A hook on the node, not the container's program.
    return this.#mayBeIn(call.containerId, observation)
  }

  /** What a call was that nobody recorded: the container tells, by the first program it was made with. */
  #fitsUnrecorded(call: OpenCall, observation: ProcessObservation): boolean {
    if (this.#devices.isHost(observation.exeDev)) return false
    const { containerId } = this.resolved(call, observation)
    if (containerId === '' || !this.#mayBeIn(containerId, observation)) return false
    return this.#begun.has(containerId) || this.#isFirst(containerId, observation)
  }

  #isFirst(containerId: string, { timeMs }: ProcessObservation): boolean {
    return this.#containers.some((fact) => fact.containerId === containerId && Math.abs(fact.createdMs - timeMs) <= CREATED_MS)
  }

  #mayBeIn(containerId: string, { exeDev, timeMs }: ProcessObservation): boolean {
    const container = this.#devices.containerOf(exeDev, timeMs)
    return container === null || container === containerId
  }
}

function isOpen({ observation: { timeMs }, recorded }: OpenCall, observation: ProcessObservation): boolean {
  return observation.timeMs - timeMs <= (recorded ? CALL_OPEN_MS : INIT_OPEN_MS)
}

/** Whether a process that is known under this number is gone, because the runtime has just been given a number right below. */
function isFresh(known: Process, { observation }: OpenCall): boolean {
  const distance = known.pid - observation.pid
  return distance > 0 && distance <= FRESH_PIDS && known.firstMs < observation.timeMs
}
