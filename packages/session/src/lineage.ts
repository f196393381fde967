import { ContainerDevices } from './container-devices.ts'
import { inKernelOrder } from './kernel-order.ts'
import { endsWithArguments, invokedName } from './names.ts'
import type { CgroupSample, ContainerFact, ProcessObservation } from './observation.ts'
import { type OpenCall, type Process, ProcessTable, type Tree } from './process-table.ts'
import { isRuntimeInit, parseRuntimeCall, type RuntimeCall } from './runtime-call.ts'
import { headOf, treeOf } from './tree-of.ts'

/** A runtime call whose program has not been seen after this long will not be matched by order any more, milliseconds. */
const CALL_OPEN_MS = 15_000

/** One program start, with the process it belongs to. */
export interface Start {
  readonly observation: ProcessObservation
  readonly process: Process
  /** Why the first step towards its tree was taken. */
  readonly placed: 'root' | 'lineage' | 'runtime'
}

/** Processes with no known way to a tree: one that was never seen to start a program, or a child of a container's first process. */
export interface LooseHead {
  readonly process: Process
  /** Latest moment it can have been forked. */
  readonly bornMs: number
  readonly starts: Start[]
}

/** What a node's records say about who started what. */
export interface Lineage {
  readonly trees: readonly Tree[]
  readonly starts: readonly Start[]
  readonly heads: readonly LooseHead[]
  readonly calls: readonly OpenCall[]
  readonly devices: ContainerDevices
  /** Containers that had a process at a moment, by pid, from cgroup samples. */
  readonly sampled: ReadonlyMap<number, readonly { timeMs: number; containerId: string }[]>
}

/**
 * Follows processes from parent to child over one node's records and opens a tree wherever a
 * container runtime starts something in a container.
 *
 * Order: by serial within a boot, because a child's record is finished after its parent's, while
 * the coarse clock may stamp them the other way round.
 *
 * @param observations In any order.
 */
export function traceLineage(
  observations: readonly ProcessObservation[],
  containers: readonly ContainerFact[],
  samples: readonly CgroupSample[],
): Lineage {
  const ordered = inKernelOrder(observations)
  const beginMs = ordered[0]?.timeMs ?? 0
  const ofCluster = new Set(containers.flatMap(({ pod, containerId }) => (pod === '' ? [] : [containerId])))
  const tracer = new Tracer(
    containers.filter((container) => container.createdMs < beginMs),
    ofCluster,
  )
  for (const observation of ordered) tracer.observe(observation)
  return tracer.finish(samples)
}

class Tracer {
  readonly #table = new ProcessTable()
  readonly #devices = new ContainerDevices()
  readonly #trees: Tree[] = []
  readonly #starts: Start[] = []
  readonly #heads = new Map<Process, LooseHead>()
  readonly #calls: OpenCall[] = []
  readonly #openByShim = new Map<number, OpenCall[]>()

  /** Containers of the cluster's pods. */
  readonly #ofCluster: ReadonlySet<string>
  /** Containers that are nodes: kind, k3d, minikube. */
  readonly #nodes = new Set<string>()

  constructor(containers: readonly ContainerFact[], ofCluster: ReadonlySet<string>) {
    this.#ofCluster = ofCluster
    for (const container of containers) this.#seed(container)
  }

  // A container that was there before the records began is known by its first process alone.
  #seed(fact: ContainerFact): void {
    if (fact.initPid <= 0 || fact.sandbox) return
    const process = this.#table.add(fact.initPid, 0, 'program', fact.createdMs)
    const root = seedObservation(fact)
    process.tree = this.#openTree({
      kind: 'container',
      containerId: fact.containerId,
      root,
      call: null,
      linked: false,
      joinedBy: null,
    })
  }

  observe(observation: ProcessObservation): void {
    const { exec } = observation
    if (exec === null) this.#sight(observation)
    else {
      const call = parseRuntimeCall(exec.argv)
      if (isRuntimeInit(exec.argv) && this.#observeInit(observation)) return
      if (call !== null && !isRuntimeInit(exec.argv) && (!this.#isInside(observation) || this.#isOfNode(call, observation)))
        this.#observeRuntime(observation, { ...call, observation, initPid: 0, root: null })
      else this.#observeProgram(observation)
    }
  }

  // Any system call shows pid and parent: a fork that never started a program becomes visible.
  #sight(observation: ProcessObservation): void {
    const known = this.#table.get(observation.pid)
    if (observation.comm.startsWith('runc:[')) {
      this.#noteInit(observation)
      return
    }
    if (known !== undefined && !this.#isOther(known, observation)) {
      if (known.role === 'unseen') this.#linkUnseen(known, observation)
      return
    }
    const parent = this.#table.get(observation.ppid)
    if (parent === undefined || parent.role !== 'program') return
    const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
    this.#adopt(process, parent, observation)
  }

  #observeRuntime(observation: ProcessObservation, call: OpenCall): void {
    const before = this.#table.get(observation.pid)
    const process = this.#table.add(observation.pid, observation.ppid, 'runtime', observation.timeMs)
    process.lastExec = observation
    process.call = call
    // Somebody who has left a container may call the runtime himself: his command stays in his session.
    const caller = this.#table.get(observation.ppid)
    if (caller !== undefined && caller.role === 'program' && treeOf(caller)?.kind === 'exec') process.parent = caller
    this.#devices.noteHost(observation.exeDev)
    this.#starts.push({ observation, process, placed: process.parent === null ? 'runtime' : 'lineage' })
    if (call.verb === 'other') return
    // A wrapper that becomes the real runtime keeps its pid and its arguments.
    const earlier = before?.role === 'runtime' ? before.call : null
    if (earlier !== null && earlier.root === null && earlier.execId === call.execId) {
      process.call = earlier
      return
    }
    this.#calls.push(call)
    const open = this.#openByShim.get(observation.ppid)
    if (open === undefined) this.#openByShim.set(observation.ppid, [call])
    else open.push(call)
  }

  /** Whether a program only has a runtime's name: it is a container's file, run by somebody in that container. */
  #isInside({ pid, ppid, exeDev, timeMs }: ProcessObservation): boolean {
    if (this.#devices.isHost(exeDev)) return false
    if (this.#devices.containerOf(exeDev, timeMs) !== null) return true
    const self = this.#table.get(pid)
    const parent = this.#table.get(ppid)
    return [self, parent].some((process) => process?.role === 'program' && treeOf(process) !== null && !this.#isShim(process))
  }

  /**
   * Whether a runtime within a container is a node's own: the container is none of the cluster's, and what it is called
   * for is one. Docker in a pod is the other way round, and a visitor who calls a runtime stays one.
   */
  #isOfNode({ containerId }: RuntimeCall, { ppid, exeDev, timeMs }: ProcessObservation): boolean {
    const parent = this.#table.get(ppid)
    const tree = parent === undefined ? null : treeOf(parent)
    const own = tree?.containerId ?? this.#devices.containerOf(exeDev, timeMs)
    if (tree?.kind === 'exec' || own === null || this.#ofCluster.has(own) || !this.#ofCluster.has(containerId)) return false
    this.#nodes.add(own)
    return true
  }

  #observeInit(observation: ProcessObservation): boolean {
    const parent = this.#table.get(observation.ppid)
    const known = this.#table.get(observation.pid)
    const call = parent?.role === 'runtime' ? parent.call : known?.role === 'runtime-init' ? known.call : null
    if (call === null && parent?.role !== 'runtime') return false
    const process = this.#table.add(observation.pid, observation.ppid, 'runtime-init', observation.timeMs)
    process.call = call
    process.lastExec = observation
    if (call !== null) call.initPid = Math.max(call.initPid, observation.pid)
    this.#starts.push({ observation, process, placed: 'runtime' })
    return true
  }

  #noteInit(observation: ProcessObservation): void {
    const parent = this.#table.get(observation.ppid)
    if (parent?.role !== 'runtime' || parent.call === null) return
    const process = this.#table.add(observation.pid, observation.ppid, 'runtime-init', observation.timeMs)
    process.call = parent.call
    parent.call.initPid = Math.max(parent.call.initPid, observation.pid)
  }

  #observeProgram(observation: ProcessObservation): void {
    const call = this.#callOf(observation)
    const known = this.#table.get(observation.pid)
    const before = known?.role === 'program' && !this.#isOther(known, observation) ? known : this.#table.get(observation.ppid)
    if (call === null && this.#joins(before, observation)) this.#joinContainer(before, observation)
    else if (call !== null) this.#openRoot(observation, call.open, call.linked)
    else if (known !== undefined && known.role !== 'runtime' && !this.#isOther(known, observation))
      this.#becomeProgram(known, observation)
    else {
      const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
      this.#adopt(process, this.#table.get(observation.ppid), observation)
      this.#recordStart(process, observation)
    }
  }

  /** The open runtime call that this program start answers, if any. */
  #callOf(observation: ProcessObservation): { open: OpenCall; linked: boolean } | null {
    const known = this.#table.get(observation.pid)
    if (known?.role === 'runtime-init' && known.call?.root === null) return { open: known.call, linked: true }
    const runtime = this.#table.get(observation.ppid)
    const byRuntime = runtime?.role === 'runtime' ? runtime.call : null
    if (byRuntime?.root === null && this.#isOpen(byRuntime, observation) && this.#fits(byRuntime, observation, known))
      return { open: byRuntime, linked: true }
    const waiting = this.#openByShim.get(observation.ppid)
    if (waiting === undefined) return null
    const open = waiting.filter((call) => call.root === null && this.#isOpen(call, observation))
    this.#openByShim.set(observation.ppid, open)
    const fitting = open.filter((call) => this.#fits(call, observation, known))
    // A program that becomes another one keeps its pid: a shell's last command is no new entry.
    if (known?.role === 'program' && !this.#isOther(known, observation) && !fitting.some((call) => isFresh(known, call)))
      return null
    const first = fitting[0]
    return first === undefined ? null : { open: first, linked: fitting.length === 1 }
  }

  #isOpen({ observation: { timeMs } }: OpenCall, observation: ProcessObservation): boolean {
    return observation.timeMs - timeMs <= CALL_OPEN_MS
  }

  /** Whether a program of the node turns into, or starts, one of a container without any runtime: nsenter, chroot. */
  #joins(before: Process | undefined, { exeDev, timeMs }: ProcessObservation): before is Process {
    if (before?.role !== 'program' || before.lastExec === null || treeOf(before) !== null || this.#isShim(before)) return false
    return this.#devices.isHost(before.lastExec.exeDev) && this.#devices.containerOf(exeDev, timeMs) !== null
  }

  #joinContainer(before: Process, observation: ProcessObservation): void {
    const containerId = this.#devices.containerOf(observation.exeDev, observation.timeMs) ?? ''
    const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
    process.tree = this.#openTree({
      kind: 'exec',
      containerId,
      root: observation,
      call: null,
      linked: false,
      joinedBy: before.lastExec,
    })
    process.lastExec = observation
    this.#starts.push({ observation, process, placed: 'root' })
  }

  #fits(call: OpenCall, observation: ProcessObservation, known: Process | undefined): boolean {
    // It had children since the call: what it was started as is lost, and these are not the words that were asked for.
    if (known?.role === 'unseen' && known.firstMs >= call.observation.timeMs) return false
    if (call.verb === 'exec' && call.terminal !== (observation.tty !== '')) return false
    if (call.verb === 'create' && this.#devices.isHost(observation.exeDev)) return false // A hook on the node, not the container's program.
    const container = this.#devices.containerOf(observation.exeDev, observation.timeMs)
    return container === null || container === call.containerId
  }

  #openRoot(observation: ProcessObservation, call: OpenCall, linked: boolean): void {
    call.root = observation
    const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
    const kind = call.verb === 'create' ? 'container' : 'exec'
    const { containerId } = call
    process.tree = this.#openTree({ kind, containerId, root: observation, call, linked, joinedBy: null })
    process.lastExec = observation
    this.#devices.noteContainer(observation.exeDev, call.containerId, observation.timeMs)
    this.#starts.push({ observation, process, placed: 'root' })
  }

  #openTree(tree: Tree): Tree {
    this.#trees.push(tree)
    return tree
  }

  #becomeProgram(process: Process, observation: ProcessObservation): void {
    if (process.role === 'unseen') this.#linkUnseen(process, observation)
    process.role = 'program'
    process.ppid = observation.ppid
    this.#recordStart(process, observation)
  }

  // A process known only as somebody's parent shows its own parent: a real one ends the search, a
  // reaper (init, shim, a container's first process) says only that the real one is gone.
  #linkUnseen(process: Process, observation: ProcessObservation): void {
    const parent = this.#table.get(observation.ppid)
    process.ppid = observation.ppid
    if (parent === undefined || parent === process || this.#isReaper(parent)) return
    process.parent = parent
    this.#heads.delete(process)
  }

  #adopt(process: Process, parent: Process | undefined, observation: ProcessObservation): void {
    if (parent === undefined) {
      if (observation.ppid > 1 && !this.#openByShim.has(observation.ppid)) process.parent = this.#unseen(observation)
      else if (!this.#devices.isHost(observation.exeDev)) this.#addHead(process, observation)
      return
    }
    if (parent.role !== 'program' && parent.role !== 'unseen') return
    // What a shim starts is a container's: where the runtime's call was not recorded, evidence has to tell whose.
    if (this.#isShim(parent) && !this.#devices.isHost(observation.exeDev)) {
      this.#addHead(process, observation)
      return
    }
    process.parent = parent
    if (parent.tree !== null && parent.tree.kind === 'container' && this.#isReaper(parent)) {
      process.parent = null
      process.viaInit = parent.tree
      this.#devices.noteContainer(observation.exeDev, parent.tree.containerId, observation.timeMs)
      this.#addHead(process, observation)
    }
  }

  #unseen(observation: ProcessObservation): Process {
    const process = this.#table.add(observation.ppid, 0, 'unseen', observation.timeMs)
    this.#addHead(process, observation)
    return process
  }

  #addHead(process: Process, observation: ProcessObservation): void {
    this.#heads.set(process, { process, bornMs: this.#table.bornBefore(process.pid, observation.timeMs), starts: [] })
  }

  #recordStart(process: Process, observation: ProcessObservation): void {
    const start: Start = { observation, process, placed: 'lineage' }
    process.lastExec = observation
    this.#starts.push(start)
    const head = headOf(process)
    this.#heads.get(head)?.starts.push(start)
    const tree = treeOf(process)
    if (tree?.kind === 'container' && tree.call === null)
      this.#devices.noteContainer(observation.exeDev, tree.containerId, observation.timeMs)
  }

  #isReaper(process: Process): boolean {
    return process.pid === 1 || process.tree?.kind === 'container' || this.#isShim(process)
  }

  /** Whether a process keeps containers for their runtime; it adopts what the runtime leaves. */
  #isShim(process: Process): boolean {
    const { pid, lastExec } = process
    const tree = treeOf(process)
    // One that a container runs keeps containers of that container's: they are its own, whoever visits it.
    if (tree !== null && !(tree.kind === 'container' && process.tree === null && this.#nodes.has(tree.containerId))) return false
    return this.#openByShim.has(pid) || (lastExec !== null && SHIMS.test(invokedName(lastExec.exec?.argv ?? [], lastExec.comm)))
  }

  /**
   * Whether the number belongs to another process by now. Nobody changes parents but an orphan, whose new one is a
   * reaper; no parent is younger than its child.
   */
  #isOther(known: Process, observation: ProcessObservation): boolean {
    if (known.ppid === observation.ppid) return false
    if (this.#table.mayBeReused(known)) return true
    const parent = this.#table.get(observation.ppid)
    if (parent === undefined || this.#isReaper(parent)) return this.#changesSides(known, observation)
    if (known.role === 'unseen') return parent.role === 'program' && parent.firstMs > known.firstMs
    return known.ppid !== 0
  }

  /** An orphan stays where it was, on the node or in its container, unless it says where it goes: `chroot /host sh`. */
  #changesSides({ lastExec, ppid }: Process, { exeDev, tty, exec }: ProcessObservation): boolean {
    if (lastExec === null || ppid === 0 || lastExec.exeDev === '' || exeDev === '') return false
    if (this.#devices.isHost(lastExec.exeDev) === this.#devices.isHost(exeDev)) return false
    return (tty === '' || tty !== lastExec.tty) && !endsWithArguments(lastExec.exec?.argv ?? [], exec?.argv ?? [])
  }

  finish(samples: readonly CgroupSample[]): Lineage {
    const sampled = new Map<number, { timeMs: number; containerId: string }[]>()
    for (const { pids, timeMs, containerId } of samples) {
      for (const pid of pids) {
        const seen = sampled.get(pid)
        if (seen === undefined) sampled.set(pid, [{ timeMs, containerId }])
        else if (seen.at(-1)?.containerId !== containerId) seen.push({ timeMs, containerId })
      }
    }
    return {
      trees: this.#trees,
      starts: this.#starts,
      heads: [...this.#heads.values()].filter((head) => head.starts.length > 0),
      calls: this.#calls,
      devices: this.#devices,
      sampled,
    }
  }
}

/** Programs that stay with a container for its runtime. Source: containerd, docker, cri-o. */
const SHIMS = /^(?:containerd-shim|docker-containerd-shim|conmon)/
/** How far above the runtime's call the pid of its program may be: what the node starts in a moment. */
const FRESH_PIDS = 256

/** Whether a process that is known under this number is gone, because the runtime has just been given a number right below. */
function isFresh(known: Process, { observation }: OpenCall): boolean {
  const distance = known.pid - observation.pid
  return distance > 0 && distance <= FRESH_PIDS && known.firstMs < observation.timeMs
}

function seedObservation(fact: ContainerFact): ProcessObservation {
  return {
    eventId: '',
    auditSerial: '',
    timeMs: fact.createdMs,
    serial: 0,
    pid: fact.initPid,
    ppid: 0,
    uid: 0,
    auid: 4294967295,
    tty: '',
    comm: '',
    exe: '',
    exeDev: '',
    exec: { argv: fact.args, cwd: '' },
  }
}
