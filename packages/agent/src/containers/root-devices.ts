import type { ProcFiles } from './proc-files.ts'

/** Containers whose root is remembered. */
const MOST = 8192

interface Root {
  readonly containerId: string
  readonly pid: number
  /** When that process began, milliseconds since the Unix epoch: the container had this device then. */
  readonly sinceMs: number
}

/**
 * Which container a program runs in by the device of its file: a container's root is a mount of its own with a number
 * of its own (fs/super.c, get_anon_bdev). It places a program whose parents nobody saw, as those of a subshell. The number
 * is given out again when the container is gone: what contradicts it takes it back.
 */
export class RootDevices {
  readonly #proc: ProcFiles
  readonly #roots = new Map<string, Root>()
  readonly #noted = new Set<string>()
  /** Devices that more than one container has, or the node itself. */
  readonly #shared = new Set<string>()

  constructor(proc: ProcFiles) {
    this.#proc = proc
    const { device = '' } = proc.root(1) ?? {}
    if (device !== '') this.#shared.add(device)
  }

  /** Learns the root of a container from a process that is in it. */
  note(containerId: string, pid: number): void {
    if (containerId === '' || this.#noted.has(containerId)) return
    const root = this.#proc.root(pid)
    if (root === undefined) return
    this.#noted.add(containerId)
    const { device, sinceMs } = root
    const before = this.#roots.get(device)
    if (before !== undefined && this.#proc.place(before.pid).containerId === before.containerId) this.#shared.add(device)
    this.#roots.set(device, { containerId, pid, sinceMs })
    if (this.#roots.size > MOST) this.#roots.delete(this.#roots.keys().next().value as string)
    if (this.#noted.size > MOST) this.#noted.delete(this.#noted.values().next().value as string)
  }

  /** A program of a container that is known ran from this device: whoever had it before is gone. */
  contradict(device: string, containerId: string): void {
    const root = this.#roots.get(device)
    if (root === undefined || root.containerId === containerId) return
    this.#roots.delete(device)
    this.#noted.delete(root.containerId)
  }

  /** The container whose root it was at that moment; empty where that is not sure. */
  of(device: string, timeMs: number): string {
    const root = this.#shared.has(device) ? undefined : this.#roots.get(device)
    return root === undefined || root.sinceMs > timeMs ? '' : root.containerId
  }
}
