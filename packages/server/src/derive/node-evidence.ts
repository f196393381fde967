import type { CgroupSample, ProcessObservation } from '@podwitness/session'

/** What is held of one node's records. */
export class NodeEvidence {
  readonly #commands = new Map<string, ProcessObservation>()
  /** What other events show of processes, by process id: it matters once the process is somebody's parent. */
  readonly #sights = new Map<number, Map<string, ProcessObservation>>()
  readonly #parents = new Set<number>()
  readonly #samples = new Map<string, CgroupSample>()
  /** Older records were put aside, but for those that what is still going on may need; milliseconds since the epoch. */
  fromMs: number

  constructor(fromMs: number) {
    this.fromMs = fromMs
  }

  get commands(): number {
    return this.#commands.size
  }

  /** @returns Whether it bears on what the node's records say; `late` where it is of a time that was put aside. */
  add(observation: ProcessObservation): 'known' | 'late' | 'new' {
    const { eventId, pid, timeMs, exec } = observation
    if (exec === null) {
      const sights = this.#sights.get(pid)
      if (sights?.has(eventId) === true || timeMs < this.fromMs) return 'known'
      if (sights === undefined) this.#sights.set(pid, new Map([[eventId, observation]]))
      else sights.set(eventId, observation)
      return this.#matters(observation) ? 'new' : 'known'
    }
    if (this.#commands.has(eventId)) return 'known'
    if (timeMs < this.fromMs) return 'late'
    this.#commands.set(eventId, observation)
    this.#parents.add(observation.ppid)
    return 'new'
  }

  addSample(sample: CgroupSample): boolean {
    const key = `${sample.timeMs} ${sample.containerId} ${sample.pids.join()}`
    if (this.#samples.has(key) || sample.timeMs < this.fromMs) return false
    this.#samples.set(key, sample)
    return true
  }

  get samples(): CgroupSample[] {
    return [...this.#samples.values()].sort((a, b) => a.timeMs - b.timeMs || (a.containerId < b.containerId ? -1 : 1))
  }

  observations(): ProcessObservation[] {
    const found = [...this.#commands.values()]
    for (const sights of this.#sights.values()) for (const sight of sights.values()) if (this.#matters(sight)) found.push(sight)
    return found
  }

  /** Time of the oldest of the newest so many commands. */
  newest(commands: number): number {
    const times = [...this.#commands.values()].map(({ timeMs }) => timeMs).sort((a, b) => a - b)
    return Math.max(this.fromMs, times[Math.max(0, times.length - commands)] ?? this.fromMs)
  }

  /**
   * Puts records aside: from now on what happened before a moment has been said.
   *
   * @param heldMs Records from here on stay, to understand what came after.
   * @param lasting Ids of older commands that stay.
   */
  trim(fromMs: number, heldMs: number, lasting: ReadonlySet<string>): void {
    this.fromMs = fromMs
    for (const [id, { timeMs }] of this.#commands) if (timeMs < heldMs && !lasting.has(id)) this.#commands.delete(id)
    for (const [pid, sights] of this.#sights) {
      for (const [id, { timeMs }] of sights) if (timeMs < heldMs) sights.delete(id)
      if (sights.size === 0) this.#sights.delete(pid)
    }
    for (const [key, { timeMs }] of this.#samples) if (timeMs < heldMs) this.#samples.delete(key)
    this.#parents.clear()
    for (const { ppid } of this.#commands.values()) this.#parents.add(ppid)
  }

  #matters({ pid, comm }: ProcessObservation): boolean {
    return this.#parents.has(pid) || comm.startsWith('runc:[')
  }
}
