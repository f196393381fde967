import type { Store } from '@podwitness/store'
import { IntakeError } from './intake-error.ts'

/** How much room has to be left, bytes. */
export interface DiskLimits {
  /** Below this nothing is taken in: dropping what is old needs room itself. */
  readonly refuseBelowBytes: number
  readonly warnBelowBytes: number
}

export const DISK_LIMITS: DiskLimits = { refuseBelowBytes: 512 * 1024 * 1024, warnBelowBytes: 5 * 1024 * 1024 * 1024 }

/** How long a look at the disk counts, milliseconds: little enough that it cannot fill in between. */
const LOOK_EVERY_MS = 2_000
const RETRY_SECONDS = 30

/** Refuses what arrives before the disk is full, so that senders keep it, and takes it again when there is room. */
export class DiskGuard {
  readonly limits: DiskLimits
  readonly #free: () => Promise<number>
  readonly #now: () => number
  #lookedMs = Number.NEGATIVE_INFINITY
  #freeBytes = Number.POSITIVE_INFINITY

  constructor(store: Pick<Store, 'health'>, limits: DiskLimits = DISK_LIMITS, now: () => number = Date.now) {
    this.limits = limits
    this.#free = async () => (await store.health()).diskFreeBytes
    this.#now = now
  }

  /** @throws IntakeError PW-IN-011 while there is too little room: the same may be sent again later. */
  async check(): Promise<void> {
    if (this.#now() - this.#lookedMs >= LOOK_EVERY_MS) {
      this.#freeBytes = await this.#free()
      this.#lookedMs = this.#now()
    }
    if (this.#freeBytes >= this.limits.refuseBelowBytes) return
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
    throw new IntakeError(
      'PW-IN-011',
      503,
      {
        what: 'The disk of the store is nearly full, so nothing is taken in.',
        why: `${gigabytes(this.#freeBytes)} are free, and ${gigabytes(this.limits.refuseBelowBytes)} are kept for dropping what is old.`,
        do: 'Free space or keep data for fewer days (`podwitness store status`). Senders keep what they have and send it again.',
      },
      { retryAfterSeconds: RETRY_SECONDS },
    )
  }
}
