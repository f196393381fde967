import { NumberSet } from './number-set.ts'

/** Events remembered of a node and boot, in two halves that take turns. */
const HALF = 131_072
const MAX_NODES = 1024

/** What tells one node's events apart. */
export interface EventIdentity {
  readonly node: string
  readonly seq: number
  readonly timeMs: number
}

/**
 * Which events came already, by whatever route. Bounded: the older half is forgotten when the younger one is full.
 * An event's identity is its node, serial and time (kernel/audit.c, audit_serial).
 */
export class SeenEvents {
  readonly #nodes = new Map<string, { young: NumberSet; old: NumberSet }>()

  /** Whether the event is here for the first time. */
  first(event: EventIdentity): boolean {
    const key = eventKey(event)
    const node = this.#of(event.node)
    if (node.young.has(key) || node.old.has(key)) return false
    node.young.add(key)
    if (node.young.size >= HALF) {
      const { old } = node
      node.old = node.young
      old.clear()
      node.young = old
    }
    return true
  }

  #of(name: string): { young: NumberSet; old: NumberSet } {
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    if (this.#nodes.size >= MAX_NODES) this.#nodes.clear()
    const made = { young: new NumberSet(), old: new NumberSet() }
    this.#nodes.set(name, made)
    return made
  }
}

/** Serial, and the time as far as 53 bits hold both: half an hour of milliseconds. */
export function eventKey({ seq, timeMs }: { readonly seq: number; readonly timeMs: number }): number {
  return seq + (timeMs % 0x1f_ffff) * 0x1_0000_0000
}
