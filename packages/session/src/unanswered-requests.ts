import type { ContainerIndex } from './container-index.ts'
import type { LooseHead } from './lineage.ts'
import type { NodeClock } from './node-clock.ts'
import type { ContainerOperation } from './observation.ts'
import type { Pairing } from './pairing.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'
import { namesProgram, scriptIn } from './script-text.ts'

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

  /**
   * Those whose script names a program of a group. What it started may outlive it, so its end does not count; nor does
   * a beginning that clocks cannot tell from the group's.
   */
  naming(containerId: string, { starts }: Pick<LooseHead, 'starts'>): ContainerOperation[] {
    const place = this.#index.place(containerId)
    const candidates = this.#byPod.get(`${place.namespace}/${place.pod}`) ?? []
    return candidates.filter(({ container, command, receivedMs }) => {
      const text = scriptIn(command)
      if (text === undefined || (container !== '' && container !== place.name)) return false
      return starts.some(({ observation: { timeMs, exec } }) => {
        const at = timeMs - this.#clock.at(timeMs).offsetMs
        const age = at - receivedMs
        return age >= -PAIRING_LIMITS.earlyMs && age <= OPEN_END_MS && namesProgram(text, exec?.argv ?? [])
      })
    })
  }

  /** Those that were going on in a container, with or without a terminal; `timeMs` by the node's clock. */
  during(containerId: string, timeMs: number, terminal: boolean): ContainerOperation[] {
    const place = this.#index.place(containerId)
    const at = timeMs - this.#clock.at(timeMs).offsetMs
    return (this.#byPod.get(`${place.namespace}/${place.pod}`) ?? []).filter(
      ({ container, tty, receivedMs, completedMs, withinMs = 0 }) =>
        tty === terminal &&
        (container === '' || container === place.name) &&
        at >= receivedMs - PAIRING_LIMITS.earlyMs &&
        at <= (completedMs || receivedMs + OPEN_END_MS) + withinMs + PAIRING_LIMITS.clientTailMs,
    )
  }
}
