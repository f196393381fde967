import { ContainerDevices } from './container-devices.ts'
import { inKernelOrder } from './kernel-order.ts'
import type { CgroupSample, ContainerFact, ProcessObservation } from './observation.ts'
import { type OpenCall, type Process, ProcessTable, type Tree } from './process-table.ts'
import { isRuntimeInit, parseRuntimeCall, type RuntimeCall } from './runtime-call.ts'
import { RuntimeCalls } from './runtime-calls.ts'
import { SameProcess } from './same-process.ts'
import { headOf, treeOf } from './tree-of.ts'

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
  /** First and last program start, milliseconds by the node's clock. */
  readonly beginMs: number
  readonly endMs: number
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
  const tracer = new Tracer(containers, ordered[0]?.timeMs ?? 0)
  for (const observation of ordered) tracer.observe(observation)
  return tracer.finish(samples)
}

class Tracer {
  readonly #table = new ProcessTable()
  readonly #devices = new ContainerDevices()
  readonly #calls: RuntimeCalls
  readonly #same: SameProcess
  readonly #trees: Tree[] = []
  readonly #starts: Start[] = []
  readonly #heads = new Map<Process, LooseHead>()
  /** Containers of the cluster's pods. */
  readonly #ofCluster: ReadonlySet<string>
  /** Containers that are nodes: kind, k3d, minikube. */
  readonly #nodes = new Set<string>()

  /** @param beginMs First moment of the records. */
  constructor(containers: readonly ContainerFact[], beginMs: number) {
    this.#ofCluster = new Set(containers.flatMap(({ pod, containerId }) => (pod === '' ? [] : [containerId])))
    this.#calls = new RuntimeCalls(this.#table, this.#devices, containers)
    this.#same = new SameProcess(this.#table, this.#devices, this.#calls, this.#nodes)
    for (const container of containers) if (container.createdMs < beginMs) this.#seed(container)
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
        this.#observeRuntime(observation, { ...call, observation, initPid: 0, root: null, recorded: true })
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
    if (known !== undefined && !this.#same.isOther(known, observation)) {
      this.#table.touch(known)
      if (known.role === 'unseen') this.#linkUnseen(known, observation)
      return
    }
    const parent = this.#parentOf(observation)
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
    const caller = this.#parentOf(observation)
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
    this.#calls.note(call)
  }

  /** Whether a program only has a runtime's name: it is a container's file, run by somebody in that container. */
  #isInside(observation: ProcessObservation): boolean {
    const { pid, exeDev, timeMs } = observation
    if (this.#devices.isHost(exeDev)) return false
    if (this.#devices.containerOf(exeDev, timeMs) !== null) return true
    const self = this.#table.get(pid)
    const parent = this.#parentOf(observation)
    return [self, parent].some(
      (process) => process?.role === 'program' && treeOf(process) !== null && !this.#same.isShim(process),
    )
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
    const parent = this.#parentOf(observation)
    const known = this.#table.get(observation.pid)
    const told = parent?.role === 'runtime' ? parent.call : known?.role === 'runtime-init' ? known.call : null
    const call = told ?? (parent?.role === 'runtime' ? null : this.#unrecordedCall(observation, parent))
    if (call === null && parent?.role !== 'runtime') return false
    const process = this.#table.add(observation.pid, observation.ppid, 'runtime-init', observation.timeMs)
    process.call = call
    process.lastExec = observation
    if (call !== null) call.initPid = Math.max(call.initPid, observation.pid)
    this.#starts.push({ observation, process, placed: 'runtime' })
    return true
  }

  /** A call that was not recorded itself: nothing in a container is called so, and the parent is none of its programs. */
  #unrecordedCall(observation: ProcessObservation, parent: Process | undefined): OpenCall | null {
    const { ppid, exeDev, timeMs } = observation
    const isOfContainer = this.#devices.containerOf(exeDev, timeMs) !== null
    const isKnown = parent !== undefined && parent.role !== 'unseen' && !(treeOf(parent) !== null && this.#devices.isHost(exeDev))
    if (isOfContainer || isKnown || ppid <= 1 || this.#calls.called(ppid)) return null
    const runtime = this.#table.add(ppid, 0, 'runtime', timeMs)
    runtime.call = this.#calls.noteUnrecorded(observation)
    return runtime.call
  }

  #noteInit(observation: ProcessObservation): void {
    const parent = this.#table.get(observation.ppid)
    if (parent?.role !== 'runtime' || parent.call === null) return
    const process = this.#table.add(observation.pid, observation.ppid, 'runtime-init', observation.timeMs)
    process.call = parent.call
    parent.call.initPid = Math.max(parent.call.initPid, observation.pid)
  }

  #observeProgram(observation: ProcessObservation): void {
    const known = this.#table.get(observation.pid)
    const stays = known?.role === 'program' && !this.#same.isOther(known, observation)
    const call = this.#calls.answeredBy(observation, known, stays)
    const parent = this.#parentOf(observation)
    const before = stays ? known : parent
    if (call === null && this.#joins(before, observation)) this.#joinContainer(before, observation)
    else if (call !== null) this.#openRoot(observation, call.open, call.linked)
    else if (known !== undefined && known.role !== 'runtime' && !this.#same.isOther(known, observation))
      this.#becomeProgram(known, observation)
    else {
      const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
      this.#adopt(process, parent, observation)
      this.#recordStart(process, observation)
    }
  }

  /** Whether a program of the node turns into, or starts, one of a container without any runtime: nsenter, chroot. */
  #joins(before: Process | undefined, { exeDev, timeMs }: ProcessObservation): before is Process {
    if (before?.role !== 'program' || before.lastExec === null || treeOf(before) !== null || this.#same.isShim(before))
      return false
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

  #openRoot(observation: ProcessObservation, call: OpenCall, linked: boolean): void {
    call.root = observation
    const { containerId, verb } = this.#calls.resolved(call, observation)
    const process = this.#table.add(observation.pid, observation.ppid, 'program', observation.timeMs)
    const kind = verb === 'create' ? 'container' : 'exec'
    process.tree = this.#openTree({ kind, containerId, root: observation, call, linked, joinedBy: null })
    process.lastExec = observation
    this.#devices.noteContainer(observation.exeDev, containerId, observation.timeMs)
    this.#starts.push({ observation, process, placed: 'root' })
  }

  #openTree(tree: Tree): Tree {
    this.#calls.noteBegun(tree.containerId)
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
    if (parent === undefined || parent === process || this.#same.isReaper(parent)) return
    process.parent = parent
    this.#heads.delete(process)
  }

  #adopt(process: Process, parent: Process | undefined, observation: ProcessObservation): void {
    if (parent === undefined) {
      if (observation.ppid > 1 && !this.#calls.called(observation.ppid)) process.parent = this.#unseen(observation)
      else if (!this.#devices.isHost(observation.exeDev)) this.#addHead(process, observation)
      return
    }
    if (parent.role !== 'program' && parent.role !== 'unseen') return
    // What a shim starts is a container's: where the runtime's call was not recorded, evidence has to tell whose.
    if (this.#same.isShim(parent) && !this.#devices.isHost(observation.exeDev)) {
      this.#addHead(process, observation)
      return
    }
    process.parent = parent
    if (parent.tree !== null && parent.tree.kind === 'container' && this.#same.isReaper(parent)) {
      process.parent = null
      process.viaInit = parent.tree
      this.#devices.noteContainer(observation.exeDev, parent.tree.containerId, observation.timeMs)
      this.#addHead(process, observation)
    }
  }

  #parentOf(observation: ProcessObservation): Process | undefined {
    const parent = this.#same.parentOf(observation)
    if (parent !== undefined) this.#table.touch(parent)
    return parent
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

  finish(samples: readonly CgroupSample[]): Lineage {
    const sampled = new Map<number, { timeMs: number; containerId: string }[]>()
    for (const { pids, timeMs, containerId } of samples) {
      for (const pid of pids) {
        const seen = sampled.get(pid)
        if (seen === undefined) sampled.set(pid, [{ timeMs, containerId }])
        else if (seen.at(-1)?.containerId !== containerId) seen.push({ timeMs, containerId })
      }
    }
    const [first, last] = [this.#starts[0], this.#starts.at(-1)]
    const ends = [first, last].flatMap((start) => start?.observation.timeMs ?? [])
    return {
      trees: this.#trees,
      starts: this.#starts,
      heads: [...this.#heads.values()].filter((head) => head.starts.length > 0),
      calls: this.#calls.all,
      devices: this.#devices,
      beginMs: Math.min(...ends),
      endMs: Math.max(...ends),
      sampled,
    }
  }
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
