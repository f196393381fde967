/**
 * Which container a file system device belongs to. Every container's root is a mount of its own
 * with its own anonymous device number (fs/super.c, get_anon_bdev), and PATH records carry it: a
 * program's device tells its container even when its parents are unknown.
 */
export class ContainerDevices {
  readonly #host = new Set<string>()
  readonly #byDevice = new Map<string, { fromMs: number; containerId: string }[]>()

  /** A device that programs of the node itself run from. */
  noteHost(device: string): void {
    if (device !== '') this.#host.add(device)
  }

  /** The device a container's first program, or one started in it by the runtime, runs from. */
  noteContainer(device: string, containerId: string, fromMs: number): void {
    if (device === '' || this.#host.has(device)) return
    const owners = this.#byDevice.get(device)
    if (owners === undefined) this.#byDevice.set(device, [{ fromMs, containerId }])
    else if (owners.at(-1)?.containerId !== containerId) owners.push({ fromMs, containerId })
  }

  isHost(device: string): boolean {
    return this.#host.has(device)
  }

  /** The container whose root it was at that moment; numbers are given out again when a container is gone. */
  containerOf(device: string, timeMs: number): string | null {
    if (device === '' || this.#host.has(device)) return null
    const owners = this.#byDevice.get(device)
    if (owners === undefined) return null
    let owner = owners[0]
    for (const candidate of owners) if (candidate.fromMs <= timeMs) owner = candidate
    return owner?.containerId ?? null
  }
}
