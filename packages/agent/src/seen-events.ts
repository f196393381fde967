import type { DecodedEvent } from '@podwitness/audit'

/** Events remembered of a node and boot, in two halves that take turns. */
const HALF = 131_072
const MAX_NODES = 1024

/**
 * Which events came already, by whatever route. Bounded: the older half is forgotten when the younger one is full.
 * An event's identity is its node, serial and time (kernel/audit.c, audit_serial).
 */
export class SeenEvents {
  readonly #nodes = new Map<string, { young: Set<number>; old: Set<number> }>()

  /** Whether the event is here for the first time. */
  first(event: DecodedEvent): boolean {
    const key = eventKey(event)
    const node = this.#of(event.node ?? '')
    if (node.young.has(key) || node.old.has(key)) return false
    node.young.add(key)
    if (node.young.size >= HALF) {
      node.old = node.young
      node.young = new Set()
    }
    return true
  }

  #of(name: string): { young: Set<number>; old: Set<number> } {
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    if (this.#nodes.size >= MAX_NODES) this.#nodes.clear()
    const made = { young: new Set<number>(), old: new Set<number>() }
    this.#nodes.set(name, made)
    return made
  }
}

/** Serial, and the time as far as 53 bits hold both: half an hour of milliseconds. */
export function eventKey({ seq, timeMs }: { readonly seq: number; readonly timeMs: number }): number {
  return seq + (timeMs % 0x1f_ffff) * 0x1_0000_0000
}
