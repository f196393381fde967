import { isUtf8 } from 'node:buffer'
import type { EventRow } from '@podwitness/event'

/** Label that says in which encoding `raw` is, where it is not plain text. */
export const RAW_ENCODING = 'raw_encoding'

/**
 * Bytes as received, in the form the store keeps them: as text, or in base64 where they are no
 * UTF-8, because rows travel as JSON and not one byte of evidence may change.
 */
export function rawColumns(bytes: Buffer): Pick<EventRow, 'raw' | 'labels'> {
  return isUtf8(bytes)
    ? { raw: bytes.toString('utf8'), labels: {} }
    : { raw: bytes.toString('base64'), labels: { [RAW_ENCODING]: 'base64' } }
}

/** The bytes as received, from what `rawColumns` made of them. */
export function rawBytes(row: Pick<EventRow, 'raw' | 'labels'>): Buffer {
  return Buffer.from(row.raw, row.labels[RAW_ENCODING] === 'base64' ? 'base64' : 'utf8')
}
