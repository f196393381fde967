import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventProofReply, ProofFile } from '@podwitness/api'
import type { EventRow } from '@podwitness/event'
import { type LedgerEntry, PUBLIC_KEY_FILE, readPublicKey, type Store } from '@podwitness/store'
import { bundled, type EvidenceRow } from './collect-evidence.ts'
import { verifyBundle } from './verify-bundle.ts'

const NO_LEDGER: EventProofReply = { state: 'no-ledger', batch: null, leaf: '', key: '', checked: '', proof: null }

/**
 * Looks whether an event is in a signed batch as it was stored, and makes the file that proves it; null where there is no
 * such event. The verdict is that of the same check that the file is given to elsewhere.
 *
 * @param nowMs Milliseconds since the epoch, written into the file.
 */
export async function proveEvent(store: Store, eventId: string, nowMs: number): Promise<EventProofReply | null> {
  const row = await eventRow(store, eventId)
  if (row === undefined) return null
  const { ledger } = store
  const made = new Date(nowMs).toISOString()
  if (ledger === undefined || !existsSync(join(ledger.folder, PUBLIC_KEY_FILE))) return { ...NO_LEDGER, checked: made }
  const publicKey = readFileSync(join(ledger.folder, PUBLIC_KEY_FILE), 'utf8')
  const [found] = await ledger.prove([{ eventId, time: row.time }])
  const unproven = { state: 'unproven', batch: null, leaf: found?.leaf ?? '', key: '', checked: made, proof: null } as const
  if (found?.entry === undefined) return unproven
  const name = `${found.chain}#${found.entry.seq}`
  const event = { ...bundled(row), path: [...found.path], entry: name }
  const verdict = await verifyBundle({ events: [event], entries: { [name]: found.entry }, publicKey })
  const proven = verdict.unproven.length + verdict.badEntries.length === 0 && verdict.signaturesChecked
  const proof: ProofFile = { format: 'podwitness-proof/1', made, events: [event], entries: { [name]: found.entry }, publicKey }
  return {
    ...unproven,
    state: proven ? 'proven' : 'unproven',
    batch: batchOf(found.chain, found.entry, found.place),
    key: readPublicKey(publicKey).id,
    proof,
  }
}

function batchOf(chain: string, { seq, written, head, fact }: LedgerEntry, place: number): EventProofReply['batch'] {
  if (fact.kind !== 'batch' && fact.kind !== 'adopted') return null
  const { batch: name, rows, root, kind } = fact
  return { name, chain, entry: seq, signed: written, rows, place, root, head, adopted: kind === 'adopted' }
}

async function eventRow(store: Store, eventId: string): Promise<(EvidenceRow & Pick<EventRow, 'time'>) | undefined> {
  const sql = `SELECT event_id, time, kind, cluster, node, source, labels, raw FROM audit.events
    WHERE event_id = {eventId:String} LIMIT 1`
  for await (const block of store.reader.stream<EvidenceRow>(sql, { eventId })) if (block[0] !== undefined) return block[0]
  return undefined
}
