import { randomUUID } from 'node:crypto'
import { storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'

/** Length of a slot, milliseconds: how long rules rest at most after the server that evaluated them is gone. */
const SLOT_MS = 15_000

/**
 * Who evaluates, among servers on one store. Time is cut into slots; a slot belongs to whose row was stored first, as
 * the store takes only one insert of a token. Its holder claims the next one too, so evaluations do not change hands
 * in their middle.
 */
export class Lease {
  readonly owner = randomUUID()
  readonly #store: Store
  #slot = -1
  #held = false

  constructor(store: Store) {
    this.#store = store
  }

  /** Whether this server evaluates now. */
  async holds(nowMs: number): Promise<boolean> {
    const slot = Math.floor(nowMs / SLOT_MS)
    if (slot !== this.#slot) {
      this.#held = await this.#claim(slot, nowMs)
      if (this.#held) await this.#claim(slot + 1, nowMs)
      this.#slot = slot
    }
    return this.#held
  }

  async #claim(slot: number, nowMs: number): Promise<boolean> {
    const row = { slot: String(slot), owner: this.owner, claimed: storeTime(nowMs) }
    await this.#store.writer.insert('alert_leases', [row], `lease|${slot}`)
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT owner FROM audit.alert_leases WHERE slot = {slot:String}',
      params: { slot: row.slot },
    })
    return rows.length === 1 && rows[0]?.[0] === this.owner
  }
}
