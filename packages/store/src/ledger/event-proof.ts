import type { Connection } from '../connection.ts'
import { chainNames, readChain } from './chain-file.ts'
import { LEAF_SQL } from './event-leaf.ts'
import type { LedgerEntry } from './ledger-entry.ts'
import { merklePath, merkleRoot } from './merkle.ts'
import { storedLeaves } from './stored-batches.ts'

/** Everything somebody without our store needs to see that an event is in a signed batch, unchanged. */
export interface EventProof {
  readonly eventId: string
  /** Hexadecimal hash of the event, from `eventLeaf`. */
  readonly leaf: string
  readonly place: number
  /** From the leaf to the root: side and hexadecimal hash of each neighbour. */
  readonly path: readonly { readonly side: 'left' | 'right'; readonly hash: string }[]
  readonly chain: string
  /** The signed entry of the batch; undefined where the batch has none or is not what was signed. */
  readonly entry: LedgerEntry | undefined
}

const FAILED = { what: 'The place of the events in their batches cannot be read.', otherwise: 'PW-ST-018' } as const

interface Place {
  readonly event_id: string
  readonly batch: string
  readonly place: number
  readonly leaf: string
}

/** Proofs for events, in the order asked for; one that is not stored has none. */
export async function proveEvents(
  connection: Connection,
  folder: string,
  events: readonly { readonly eventId: string; readonly time: string }[],
): Promise<EventProof[]> {
  const places = await placesOf(connection, events)
  const entries = entriesByBatch(folder)
  const leaves = new Map<string, Buffer[]>()
  for (const batch of new Set(places.map((place) => place.batch))) {
    const fact = entries.get(batch)?.entry.fact
    if (fact?.kind !== 'batch' && fact?.kind !== 'adopted') continue
    const all = (await storedLeaves(connection, [batch], fact)).map(({ leaf }) => leaf)
    if (merkleRoot(all).toString('hex') === fact.root) leaves.set(batch, all)
  }
  return places.map(({ event_id: eventId, batch, place, leaf }) => {
    const all = leaves.get(batch)
    const path = all === undefined ? [] : merklePath(all, place).map(({ side, hash }) => ({ side, hash: hash.toString('hex') }))
    const signed = all === undefined ? undefined : entries.get(batch)
    return { eventId, leaf, place, path, chain: signed?.chain ?? '', entry: signed?.entry }
  })
}

async function placesOf(
  connection: Connection,
  events: readonly { readonly eventId: string; readonly time: string }[],
): Promise<Place[]> {
  if (events.length === 0) return []
  const times = events.map(({ time }) => time).sort()
  const sql = `SELECT event_id, batch_id AS batch, toFloat64(batch_seq) AS place, ${LEAF_SQL} AS leaf FROM audit.events
WHERE event_id IN {ids:Array(String)}
  AND time >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND time <= parseDateTime64BestEffort({to:String}, 6, 'UTC')`
  const params = { ids: events.map(({ eventId }) => eventId), from: times[0], to: times.at(-1) }
  const found = new Map((await connection.rows<Place>('app', sql, params, FAILED)).map((row) => [row.event_id, row]))
  return events.flatMap(({ eventId }) => found.get(eventId) ?? [])
}

function entriesByBatch(folder: string): Map<string, { chain: string; entry: LedgerEntry }> {
  const entries = new Map<string, { chain: string; entry: LedgerEntry }>()
  for (const chain of chainNames(folder))
    for (const entry of readChain(folder, chain).entries)
      if (entry?.fact.kind === 'batch' || entry?.fact.kind === 'adopted') entries.set(entry.fact.batch, { chain, entry })
  return entries
}
