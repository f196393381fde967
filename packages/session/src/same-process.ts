import type { ContainerDevices } from './container-devices.ts'
import { endsWithArguments, invokedName } from './names.ts'
import type { ProcessObservation } from './observation.ts'
import type { Process, ProcessTable } from './process-table.ts'
import type { RuntimeCalls } from './runtime-calls.ts'
import { treeOf } from './tree-of.ts'

/** Programs that stay with a container for its runtime. Source: containerd, docker, cri-o. */
const SHIMS = /^(?:containerd-shim|docker-containerd-shim|conmon)/

/** Tells whether a number still means the process that had it, and who adopts orphans. */
export class SameProcess {
  readonly #table: ProcessTable
  readonly #devices: ContainerDevices
  readonly #calls: RuntimeCalls
  /** Containers that are nodes: kind, k3d, minikube. */
  readonly #nodes: ReadonlySet<string>

  constructor(table: ProcessTable, devices: ContainerDevices, calls: RuntimeCalls, nodes: ReadonlySet<string>) {
    this.#table = table
    this.#devices = devices
    this.#calls = calls
    this.#nodes = nodes
  }

  /**
   * Whether the number belongs to another process by now. Nobody changes parents but an orphan, whose new one is a
   * reaper; no parent is younger than its child.
   */
  isOther(known: Process, observation: ProcessObservation): boolean {
    if (known.ppid === observation.ppid) return false
    if (this.#table.mayBegin(known)) return true
    const parent = this.#table.get(observation.ppid)
    if (parent === undefined || this.isReaper(parent)) return this.#changesSides(known, observation)
    if (known.role === 'unseen') return parent.role === 'program' && parent.firstMs > known.firstMs
    return known.ppid !== 0
  }

  /** An orphan stays where it was, on the node or in its container, unless it says where it goes: `chroot /host sh`. */
  #changesSides({ lastExec, ppid }: Process, { exeDev, tty, exec }: ProcessObservation): boolean {
    if (lastExec === null || ppid === 0 || lastExec.exeDev === '' || exeDev === '') return false
    if (this.#devices.isHost(lastExec.exeDev) === this.#devices.isHost(exeDev)) return false
    return (tty === '' || tty !== lastExec.tty) && !endsWithArguments(lastExec.exec?.argv ?? [], exec?.argv ?? [])
  }

  isReaper(process: Process): boolean {
    return process.pid === 1 || process.tree?.kind === 'container' || this.isShim(process)
  }

  /** Whether a process keeps containers for their runtime; it adopts what the runtime leaves. */
  isShim(process: Process): boolean {
    const { pid, lastExec } = process
    const tree = treeOf(process)
    // One that a container runs keeps containers of that container's: they are its own, whoever visits it.
    if (tree !== null && !(tree.kind === 'container' && process.tree === null && this.#nodes.has(tree.containerId))) return false
    return this.#calls.called(pid) || (lastExec !== null && SHIMS.test(invokedName(lastExec.exec?.argv ?? [], lastExec.comm)))
  }

  /**
   * The parent of what was observed, `undefined` where the process of that number need not be it any more: numbers have
   * come round to it since it was last seen, and no terminal says that it is still there. The kernel gives no number
   * away that somebody has, but nothing says when a process of a session ended.
   */
  parentOf({ ppid, tty }: ProcessObservation): Process | undefined {
    const parent = this.#table.get(ppid)
    if (parent === undefined || !this.#table.mayBeReused(parent)) return parent
    if (parent.role !== 'program') return undefined
    const tree = treeOf(parent)
    // Of what no tree is known for, it may be found out later that a visitor started it.
    const isVisitors =
      tree === null ? !this.isShim(parent) && !this.#devices.isHost(parent.lastExec?.exeDev ?? '') : tree.kind === 'exec'
    return isVisitors && (tty === '' || parent.lastExec?.tty !== tty) ? undefined : parent
  }
}
