/** Serials looked after together, and how many such blocks are remembered: 4 million events in 4 MB. */
const BLOCK = 1024
const MAX_BLOCKS = 4096
/** Blocks there are of one node: serials are 32 bits. Source: kernel/audit.c, audit_serial. */
const BLOCKS_OF_A_NODE = 2 ** 32 / BLOCK
const MAX_NODES = 1024

/** What tells one node's events apart. */
export interface EventIdentity {
  readonly node: string
  readonly seq: number
  readonly timeMs: number
  /** auditd's own records have serials of their own. */
  readonly daemon?: boolean
}

/** Neighbouring serials of one boot: a mark of the event's time for each, 0 where it did not come. */
interface Block {
  readonly marks: Uint8Array
  sinceMs: number
  untilMs: number
}

/**
 * Which events came already, by whatever route. Bounded: the block that was not touched for longest is forgotten. An
 * event's identity is its node, serial and time. A serial that comes again at another time is of another boot, whose
 * events are then all there is in its block: an event may be taken for new that is not, never the other way round.
 */
export class SeenEvents {
  readonly #nodes = new Map<string, number>()
  /** In the order in which they were touched last. */
  readonly #blocks = new Map<number, Block>()
  #key = -1
  #block: Block | undefined

  /** Whether the event is here for the first time. */
  first(event: EventIdentity): boolean {
    const { seq, timeMs } = event
    const block = this.#of(event)
    const place = seq % BLOCK
    const mark = 1 + (timeMs % 255)
    const before = block.marks[place]
    if (before === mark && timeMs >= block.sinceMs && timeMs <= block.untilMs) return false
    if (before !== 0) begin(block)
    block.marks[place] = mark
    block.sinceMs = Math.min(block.sinceMs, timeMs)
    block.untilMs = Math.max(block.untilMs, timeMs)
    return true
  }

  #of({ node, seq, daemon }: EventIdentity): Block {
    const number = this.#numberOf(node) * 2 + (daemon === true ? 1 : 0)
    const key = number * BLOCKS_OF_A_NODE + Math.floor(seq / BLOCK)
    if (key === this.#key && this.#block !== undefined) return this.#block
    let block = this.#blocks.get(key)
    if (block === undefined) block = this.#free()
    else this.#blocks.delete(key)
    this.#blocks.set(key, block)
    this.#key = key
    this.#block = block
    return block
  }

  #free(): Block {
    const oldest = this.#blocks.size < MAX_BLOCKS ? undefined : this.#blocks.entries().next().value
    if (oldest === undefined) return begin({ marks: new Uint8Array(BLOCK), sinceMs: 0, untilMs: 0 })
    this.#blocks.delete(oldest[0])
    return begin(oldest[1])
  }

  #numberOf(node: string): number {
    const known = this.#nodes.get(node)
    if (known !== undefined) return known
    if (this.#nodes.size >= MAX_NODES) {
      this.#nodes.clear()
      this.#blocks.clear()
      this.#block = undefined
    }
    const number = this.#nodes.size
    this.#nodes.set(node, number)
    return number
  }
}

function begin(block: Block): Block {
  block.marks.fill(0)
  block.sinceMs = Number.POSITIVE_INFINITY
  block.untilMs = Number.NEGATIVE_INFINITY
  return block
}

/** Serial, and the time as far as 53 bits hold both: half an hour of milliseconds. */
export function eventKey({ seq, timeMs }: { readonly seq: number; readonly timeMs: number }): number {
  return seq + (timeMs % 0x1f_ffff) * 0x1_0000_0000
}
