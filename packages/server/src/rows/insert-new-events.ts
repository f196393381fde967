import { randomUUID } from 'node:crypto'
import type { EventDraft } from '@podwitness/event'
import type { Store, Turn } from '@podwitness/store'
import { knownEvents } from './known-events.ts'
import type { Parcel } from './parcel.ts'

/** By store, as several servers may run in one process, each with a store of its own. */
const beginnings = new WeakMap<Store, string>()

/** How the batches begin that are stored through this store: what others stored is told apart by it. */
export function ownBatches(store: Store): string {
  const known = beginnings.get(store)
  if (known !== undefined) return known
  const made = `intake-${randomUUID().slice(0, 8)}-`
  beginnings.set(store, made)
  return made
}

/**
 * Stores the events of some parcels in one batch, each event once: what another sender, another route or an earlier
 * attempt brought already is left out.
 *
 * @param turn The turn in which it was asked what is stored.
 * @returns How many events of each parcel were new.
 */
export async function insertNewEvents(store: Store, parcels: readonly Parcel[], turn: Turn): Promise<Map<Parcel, number>> {
  const batchId = `${ownBatches(store)}${randomUUID()}`
  const known = new Map<string, Set<string>>()
  for (const [cluster, rows] of byCluster(parcels)) known.set(cluster, await knownEvents(store, rows))
  const rows: EventDraft[] = []
  const stored = new Map<Parcel, number>()
  for (const parcel of parcels) {
    const before = rows.length
    for (const event of parcel.events) {
      const ids = known.get(event.cluster)
      if (ids?.has(event.event_id) === true) continue
      ids?.add(event.event_id)
      event.batch_id = batchId
      event.batch_seq = rows.length
      rows.push(event)
    }
    stored.set(parcel, rows.length - before)
  }
  turn.check()
  if (rows.length > 0) await store.writer.insert('events', rows, batchId)
  return stored
}

function byCluster(parcels: readonly Parcel[]): Map<string, EventDraft[]> {
  const clusters = new Map<string, EventDraft[]>()
  for (const { events } of parcels) {
    for (const event of events) {
      const rows = clusters.get(event.cluster)
      if (rows === undefined) clusters.set(event.cluster, [event])
      else rows.push(event)
    }
  }
  return clusters
}
