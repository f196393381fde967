/** Serials are 32 bits and wrap. Source: kernel/audit.c, audit_serial. */
const SERIALS = 2 ** 32
/** A serial this far below the highest is another boot's. */
const REBOOT = 2 ** 20
const MAX_HOLES = 4096

/** Serials that came by no route. */
export interface Hole {
  readonly first: number
  readonly last: number
  /** Times of the events around it, milliseconds since the Unix epoch. */
  readonly sinceMs: number
  readonly untilMs: number
}

interface OpenHole extends Hole {
  readonly noticedMs: number
}

/**
 * Serials of this node that are missing in what all routes brought together. A hole is a loss only when no route has
 * filled it for a while: events of several CPUs overtake each other, and audit.log fills what the socket left out.
 */
export class GapTracker {
  #highest: number
  #highestMs = 0
  #holes: OpenHole[] = []

  /**
   * @param highest Last serial seen before a restart; −1 where there is none.
   * @param holes What was missing then; it gets its time to come once more.
   */
  constructor(highest = -1, holes: readonly Hole[] = [], nowMs = 0) {
    this.#highest = highest
    this.#holes = holes.map((hole) => ({ ...hole, noticedMs: nowMs }))
  }

  get highest(): number {
    return this.#highest
  }

  /** What is missing at the moment, for the next start. */
  get holes(): Hole[] {
    return this.#holes.map(({ first, last, sinceMs, untilMs }) => ({ first, last, sinceMs, untilMs }))
  }

  /** Serials missing at the moment. */
  get missing(): number {
    return this.#holes.reduce((sum, hole) => sum + sizeOf(hole), 0)
  }

  /** Notes an event's serial. Daemon records have other counters and must not come here. */
  note(seq: number, timeMs: number, nowMs: number): void {
    if (this.#highest < 0) {
      this.#advance(seq, timeMs)
      return
    }
    const ahead = (((seq - this.#highest) % SERIALS) + SERIALS) % SERIALS
    if (ahead === 0) return
    if (ahead < SERIALS / 2) {
      if (ahead > 1 && ahead <= REBOOT) this.#open((this.#highest + 1) % SERIALS, ahead - 1, { timeMs, nowMs })
      this.#advance(seq, timeMs)
    } else if (SERIALS - ahead > REBOOT) this.#advance(seq, timeMs)
    else this.#fill(seq)
  }

  /** Holes that nothing has filled since `beforeMs`; they are forgotten here. */
  lost(beforeMs: number): Hole[] {
    const over = this.#holes.length - MAX_HOLES // More would not be bounded: the oldest are given up early.
    const lost = this.#holes.filter(({ noticedMs }, index) => noticedMs <= beforeMs || index < over)
    this.#holes = this.#holes.filter((hole) => !lost.includes(hole))
    return lost
  }

  #advance(seq: number, timeMs: number): void {
    this.#highest = seq
    this.#highestMs = timeMs
  }

  #open(first: number, count: number, at: { timeMs: number; nowMs: number }): void {
    const sinceMs = this.#highestMs === 0 ? at.timeMs : this.#highestMs
    this.#holes.push({ first, last: (first + count - 1) % SERIALS, sinceMs, untilMs: at.timeMs, noticedMs: at.nowMs })
  }

  #fill(seq: number): void {
    const index = this.#holes.findIndex((hole) => within(hole, seq))
    const hole = this.#holes[index]
    if (hole === undefined) return
    const parts: OpenHole[] = []
    if (seq !== hole.first) parts.push({ ...hole, last: (seq + SERIALS - 1) % SERIALS })
    if (seq !== hole.last) parts.push({ ...hole, first: (seq + 1) % SERIALS })
    this.#holes.splice(index, 1, ...parts)
  }
}

/** Serials in a hole. */
export function sizeOf({ first, last }: Hole): number {
  return ((last - first + SERIALS) % SERIALS) + 1
}

function within(hole: Hole, seq: number): boolean {
  return (seq - hole.first + SERIALS) % SERIALS < sizeOf(hole)
}
