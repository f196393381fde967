import { type EventDraft, timeMsOf } from '@podwitness/event'
import { leafHash } from './merkle.ts'

/** What the ledger vouches for of an event, besides its place in the batch. The columns beside them are made from `raw`. */
export type LeafColumns = Pick<EventDraft, 'event_id' | 'kind' | 'cluster' | 'time' | 'raw'> &
  Partial<Pick<EventDraft, 'node' | 'source' | 'labels'>>

/** Hash of an event as the ledger signs it: its columns as netstrings, so that no byte can move from one to the next. */
export function eventLeaf(row: LeafColumns): Buffer {
  const micros = Math.round(timeMsOf(row.time) * 1000)
  const texts = [
    row.event_id,
    row.kind,
    row.cluster,
    row.node ?? '',
    row.source ?? '',
    `${micros}`,
    row.labels?.raw_encoding ?? '',
    row.raw,
  ]
  return leafHash(texts.map(netstring).join(''))
}

/** The same hash computed by the engine, 64 hexadecimal digits. */
export const LEAF_SQL = `lower(hex(SHA256(concat(char(0), ${[
  'event_id',
  'toString(kind)',
  'toString(cluster)',
  'toString(node)',
  'toString(source)',
  'toString(toUnixTimestamp64Micro(time))',
  "labels['raw_encoding']",
  'raw',
]
  .map((column) => `toString(length(${column})), ':', ${column}, ','`)
  .join(', ')}))))`

/** `length:bytes,` Source: D. J. Bernstein, Netstrings, https://cr.yp.to/proto/netstrings.txt. */
function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`
}
