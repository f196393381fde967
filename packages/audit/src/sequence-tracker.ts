/** Serials that may still come after a later one: records of several CPUs overtake each other. */
const WINDOW = 4096
/** A serial this far below the highest is another boot's. */
const REBOOT = 2 ** 20
const SERIALS = 2 ** 32

interface NodeState {
  highest: number
  /** Which of the last serials came, 1 or 0; made at the first that is skipped: most decoders see none. */
  seen: Uint8Array | undefined
  /** Holes inside the window: the zeros of `seen`. */
  open: number
  /** Holes that have left the window. */
  missing: number
  boots: number
}

/**
 * Finds holes in the serials of a node. Serials are kept per boot and wrap at 2^32.
 *
 * A hole means that a record was numbered and is not here: rate limit, a full netlink socket, auditd's queue, a plugin,
 * or a filter on the way. What the kernel dropped at its backlog limit was never numbered (kernel/audit.c,
 * audit_log_start) and cannot be seen here: that is the `lost` counter of `auditctl -s`.
 */
export class SequenceTracker {
  readonly #nodes = new Map<string, NodeState>()
  /** The node of the record before: nodes come in runs. */
  #latest: NodeState | undefined
  #latestName = ''

  /** Notes a kernel serial; `isDaemonRecord` ones have counters of their own and must not come here. */
  note(node: string | null, seq: number): void {
    const name = node ?? ''
    const state = this.#latest !== undefined && name === this.#latestName ? this.#latest : this.#nodes.get(name)
    this.#latestName = name
    this.#latest = state
    if (state === undefined) {
      if (this.#nodes.size < 65_536) this.#nodes.set(name, { highest: seq, seen: undefined, open: 0, missing: 0, boots: 1 })
      return
    }
    if (seq === state.highest) return
    const ahead = (((seq - state.highest) % SERIALS) + SERIALS) % SERIALS
    if (ahead < SERIALS / 2) this.#advance(state, seq, ahead)
    else if (SERIALS - ahead < WINDOW) fill(state, seq)
    else if (SERIALS - ahead > REBOOT || seq < WINDOW) this.#reboot(state, seq)
  }

  /** Holes that have left the window, by node (`''` where lines carry none). */
  gaps(): Map<string, { missing: number; boots: number }> {
    return new Map([...this.#nodes].map(([node, { missing, boots }]) => [node, { missing, boots }]))
  }

  /** Holes of all nodes together; with `final`, those still inside the window count too. */
  total(final = false): number {
    let sum = 0
    for (const state of this.#nodes.values()) {
      sum += final ? state.missing + state.open : state.missing
    }
    return sum
  }

  #advance(state: NodeState, seq: number, ahead: number): void {
    if (ahead > REBOOT) {
      this.#reboot(state, seq)
      return
    }
    if (ahead > 1) state.seen ??= new Uint8Array(WINDOW).fill(1)
    const { seen } = state
    if (seen !== undefined) {
      const steps = Math.min(ahead, WINDOW)
      for (let i = 1; i <= steps; i++) {
        const place = (state.highest + i) % WINDOW
        if (seen[place] === 0) state.missing++
        else state.open++
        seen[place] = 0
      }
    }
    if (ahead > WINDOW) state.missing += ahead - WINDOW
    state.highest = seq
    fill(state, seq)
  }

  /** A new boot starts counting again; holes of the old one are final. */
  #reboot(state: NodeState, seq: number): void {
    state.missing += state.open
    state.open = 0
    state.seen = undefined
    state.highest = seq
    state.boots++
  }
}

/** Notes that a serial of the window came after all. */
function fill(state: NodeState, seq: number): void {
  if (state.seen?.[seq % WINDOW] !== 0) return
  state.seen[seq % WINDOW] = 1
  state.open--
}
