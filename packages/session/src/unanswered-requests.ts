import type { ContainerIndex } from './container-index.ts'
import type { NodeClock } from './node-clock.ts'
import type { ContainerOperation } from './observation.ts'
import type { Pairing } from './pairing.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'

/** A request whose end was not recorded is taken to be going on for this long, milliseconds. */
const OPEN_END_MS = 3_600_000

/**
 * Exec requests that no program answers. Their program may have started before the records began, or its record may be
 * lost: then what it started has parents that nobody knows.
 */
export class UnansweredRequests {
  readonly #byPod = new Map<string, ContainerOperation[]>()
  readonly #index: ContainerIndex
  readonly #clock: NodeClock

  constructor(
    operations: readonly ContainerOperation[],
    pairings: Iterable<Pairing>,
    { index, clock }: { readonly index: ContainerIndex; readonly clock: NodeClock },
  ) {
    this.#index = index
    this.#clock = clock
    const answered = new Set([...pairings].flatMap((pairing) => pairing.operations))
    for (const operation of operations) {
      if (operation.kind !== 'exec' || operation.status >= 300 || answered.has(operation)) continue
      const key = `${operation.namespace}/${operation.pod}`
      const list = this.#byPod.get(key)
      if (list === undefined) this.#byPod.set(key, [operation])
      else list.push(operation)
    }
  }

  /** Those that were going on in a container, with or without a terminal; `timeMs` by the node's clock. */
  during(containerId: string, timeMs: number, terminal: boolean): ContainerOperation[] {
    const place = this.#index.place(containerId)
    const at = timeMs - this.#clock.at(timeMs).offsetMs
    return (this.#byPod.get(`${place.namespace}/${place.pod}`) ?? []).filter(
      ({ container, tty, receivedMs, completedMs }) =>
        tty === terminal &&
        (container === '' || container === place.name) &&
        at >= receivedMs - PAIRING_LIMITS.earlyMs &&
        at <= (completedMs || receivedMs + OPEN_END_MS) + PAIRING_LIMITS.clientTailMs,
    )
  }
}
