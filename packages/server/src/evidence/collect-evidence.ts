import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionDetail } from '@podwitness/api'
import { type EventRow, timeMsOf } from '@podwitness/event'
import { PUBLIC_KEY_FILE, type Store, type StoreLedger } from '@podwitness/store'
import { SessionsReader } from '../readers/sessions-reader.ts'
import type { BundledEvent, EvidenceBundle } from './bundle.ts'

/** Most events of one bundle: proofs are worked out in memory. */
const MOST_EVENTS = 20_000

/** What of an event is signed. */
export type EvidenceRow = Pick<EventRow, 'event_id' | 'time' | 'kind' | 'cluster' | 'node' | 'source' | 'labels' | 'raw'>

/**
 * A session with all its commands and API events, each with its bytes and its proof; null where there is no such
 * session. At most 20,000 events.
 *
 * @param nowMs Milliseconds since the epoch, written into the bundle.
 */
export async function collectEvidence(
  store: Store,
  ledger: StoreLedger,
  traceId: string,
  nowMs: number,
): Promise<EvidenceBundle | null> {
  const session = await new SessionsReader(store.reader).detail(traceId)
  if (session === null) return null
  const rows = await evidenceRows(store, session)
  const proofs = new Map(
    (await ledger.prove(rows.map(({ event_id, time }) => ({ eventId: event_id, time })))).map((proof) => [proof.eventId, proof]),
  )
  const entries: Record<string, EvidenceBundle['entries'][string]> = {}
  const events = rows.map((row): BundledEvent => {
    const proof = proofs.get(row.event_id)
    const name = proof?.entry === undefined ? '' : `${proof.chain}#${proof.entry.seq}`
    if (proof?.entry !== undefined) entries[name] = proof.entry
    return { ...bundled(row), path: proof?.path ?? [], entry: name }
  })
  const publicKey = readFileSync(join(ledger.folder, PUBLIC_KEY_FILE), 'utf8')
  return { format: 'podwitness-evidence/1', made: new Date(nowMs).toISOString(), session, events, entries, publicKey }
}

async function evidenceRows(store: Store, session: SessionDetail): Promise<EvidenceRow[]> {
  const audits = [...session.auditIds, ...session.candidates.map(({ auditId }) => auditId)]
  const commands = 'SELECT event_id FROM audit.placements FINAL WHERE trace_id = {traceId:String}'
  const sql = `SELECT event_id, time, kind, cluster, node, source, labels, raw FROM audit.events
WHERE event_id IN (${commands}) OR (kind = 'KubeAudit' AND audit_id IN {audits:Array(String)} AND cluster = {cluster:String})
ORDER BY time, kind, serial LIMIT ${MOST_EVENTS}`
  const rows: EvidenceRow[] = []
  const params = { traceId: session.traceId, audits, cluster: session.cluster }
  for await (const block of store.reader.stream<EvidenceRow>(sql, params)) rows.push(...block)
  return rows
}

/** An event as a bundle or a proof holds it. */
export function bundled(row: EvidenceRow): Omit<BundledEvent, 'path' | 'entry'> {
  return {
    eventId: row.event_id,
    kind: row.kind,
    cluster: row.cluster,
    node: row.node,
    source: row.source,
    timeMicros: Math.round(timeMsOf(row.time) * 1000),
    rawEncoding: row.labels.raw_encoding ?? '',
    raw: row.raw,
  }
}
