import { AuditDecoder, type DecodedEvent } from '@podwitness/audit'
import type { EventDraft, EventRow } from '@podwitness/event'
import { readKubeLine } from '@podwitness/kube'
import type { StoreReader } from '@podwitness/store'
import { auditRow } from '../rows/audit-row.ts'
import { kubeRow } from '../rows/kube-row.ts'
import { rawBytes } from '../rows/raw-columns.ts'

/** A column that is not what the event's bytes say. */
export interface ColumnDifference {
  readonly eventId: string
  readonly batch: string
  readonly time: string
  readonly source: string
  readonly column: string
  readonly stored: string
  readonly fromBytes: string
}

export interface ColumnComparison {
  readonly compared: number
  /** Events of kinds whose columns are not made from their bytes alone. */
  readonly notComparable: number
  /** At most `MOST_DIFFERENCES`; `differing` counts all events that have one. */
  readonly differences: readonly ColumnDifference[]
  readonly differing: number
}

export const MOST_DIFFERENCES = 1000

/** Columns that say where an event came from and where it lies, not what it is. */
const NOT_FROM_BYTES = new Set(['batch_id', 'batch_seq', 'labels', 'raw'])

/**
 * Decodes the bytes of every stored event again and compares what comes out with its columns. The ledger vouches for
 * the bytes; this vouches for what queries see of them.
 */
export async function compareColumns(
  reader: StoreReader,
  onProgress: (compared: number) => void = () => {},
  signal?: AbortSignal,
): Promise<ColumnComparison> {
  const differences: ColumnDifference[] = []
  const decode = eventDecoder()
  let compared = 0
  let notComparable = 0
  let differing = 0
  for await (const rows of reader.stream<EventRow>('SELECT * EXCEPT received FROM audit.events ORDER BY kind, time')) {
    signal?.throwIfAborted()
    for (const row of rows) {
      const made = rowFromBytes(row, decode)
      if (made === undefined) {
        notComparable++
        continue
      }
      compared++
      // One that it has seen before (of another cluster, say) a decoder takes for late records: a new one decides.
      const first = differencesOf(row, made)
      const found = first.length === 0 ? first : differencesOf(row, rowFromBytes(row, eventDecoder()) ?? {})
      if (found.length > 0) differing++
      for (const difference of found) if (differences.length < MOST_DIFFERENCES) differences.push(difference)
    }
    onProgress(compared)
  }
  return { compared, notComparable, differences, differing }
}

/** The row that the bytes alone make; undefined for a kind that is made of more. An empty one where the bytes are no event at all. */
function rowFromBytes(row: EventRow, decode: (bytes: Buffer) => DecodedEvent[]): Partial<EventDraft> | undefined {
  const bytes = rawBytes(row)
  if (row.kind === 'KubeAudit') return kubeFromBytes(row, bytes)
  // Records that came after their event are known as late by when they came, which the bytes do not tell.
  if ((row.kind !== 'Command' && row.kind !== 'LinuxAudit') || row.action === 'late records') return undefined
  const events = decode(bytes)
  const [event] = events
  return event === undefined || events.length > 1 ? {} : auditRow(event, row, row.source)
}

/** Decodes one event after the other. A decoder remembers a good deal, so making one for each event would be slow. */
function eventDecoder(): (bytes: Buffer) => DecodedEvent[] {
  let events: DecodedEvent[] = []
  const decoder = new AuditDecoder({ onEvent: (event) => void events.push(event) })
  return (bytes) => {
    events = []
    decoder.push(bytes)
    decoder.push(LINE_END)
    decoder.end()
    return events
  }
}

function kubeFromBytes(row: EventRow, bytes: Buffer): Partial<EventDraft> {
  try {
    const event = readKubeLine(bytes.toString('utf8'))
    return 'code' in event ? {} : kubeRow(event, bytes, row.cluster, row.source)
  } catch {
    return {}
  }
}

const LINE_END = Buffer.from('\n')

function differencesOf(row: EventRow, made: Partial<EventDraft>): ColumnDifference[] {
  const place = { eventId: row.event_id, batch: row.batch_id, time: row.time, source: row.source }
  if (made.event_id === undefined) return [{ ...place, column: 'raw', stored: row.raw.slice(0, 200), fromBytes: 'no event' }]
  return Object.entries(made).flatMap(([column, value]) => {
    if (NOT_FROM_BYTES.has(column)) return []
    const stored = textOf(Reflect.get(row, column))
    const fromBytes = textOf(value)
    return stored === fromBytes ? [] : [{ ...place, column, stored: stored.slice(0, 200), fromBytes: fromBytes.slice(0, 200) }]
  })
}

/** Numbers may come as text from the engine. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value.map(String)) : String(value)
}
