import type { PendingEvent } from './pending-event.ts'

/** What tells events apart. */
export interface Identity {
  readonly node: string | null
  readonly timeMs: number
  readonly seq: number
}

/** The events being put together, by identity. Events of nodes that count in step hang on one place. */
export class OpenEvents {
  readonly #first = new Map<number, PendingEvent>()

  find(id: Identity): PendingEvent | undefined {
    let event = this.#first.get(openKey(id))
    while (event !== undefined && !isSame(event, id)) event = event.other
    return event
  }

  add(event: PendingEvent): void {
    const key = openKey(event)
    event.other = this.#first.get(key)
    this.#first.set(key, event)
  }

  remove(event: PendingEvent): void {
    const key = openKey(event)
    let before = this.#first.get(key)
    if (before === event) {
      if (event.other === undefined) this.#first.delete(key)
      else this.#first.set(key, event.other)
      return
    }
    while (before !== undefined && before.other !== event) before = before.other
    if (before !== undefined) before.other = event.other
  }
}

/** Whether these are one event. */
export function isSame(event: Identity, id: Identity): boolean {
  return event.seq === id.seq && event.timeMs === id.timeMs && event.node === id.node
}

/** A small integer, which a Map takes without allocating: a hash of serial and time. */
function openKey({ timeMs, seq }: Identity): number {
  return (Math.imul(seq | 0, 0x9e3779b1 | 0) ^ Math.imul((timeMs % 0x1_0000_0000) | 0, 0x85ebca6b | 0)) | 0
}
