import { createHash, randomUUID } from 'node:crypto'
import { AuditDecoder } from '@podwitness/audit'
import { auditRow } from '../../rows/audit-row.ts'
import type { Parcel } from '../../rows/parcel.ts'
import { logParcel } from '../logs/log-parcel.ts'
import { plainRecord } from '../logs/plain-record.ts'
import { serverLoss } from '../server-loss.ts'
import type { ForwardEntry, ForwardMessage } from './forward-message.ts'

const SOURCE = 'fluent'
/** Names under which collectors put a line of audit.log: Fluentd's tail, Fluent Bit's tail, its systemd input, auoms. */
const LINE_NAMES = ['message', 'log', 'MESSAGE', 'AuditRecord', 'RecordText']

/**
 * A message of the forward protocol as a parcel: lines of audit.log among its records become audit events, everything
 * else logs of the application that its tag names. A chunk that is sent again is stored once.
 */
export function forwardParcel({ tag, entries, unusable, chunk }: ForwardMessage, cluster: string, nowMs: number): Parcel {
  const name = chunk ?? randomUUID()
  const lines = entries.map((entry) => auditLine(entry))
  const logs = entries.filter((_, at) => lines[at] === undefined)
  const origin = { cluster, app: tag, source: SOURCE }
  const records = logs.map(({ timeMs, record }) => ({ ...plainRecord(record), ...(Number.isNaN(timeMs) ? {} : { timeMs }) }))
  const parcel = logParcel(records, createHash('sha256').update(`${cluster}/${tag}/${name}`).digest(), origin, nowMs)
  const decoder = new AuditDecoder({ onEvent: (event) => parcel.events.push(auditRow(event, { cluster, node: '' }, SOURCE)) })
  for (const line of lines) {
    if (line === undefined) continue
    parcel.bytes += 2 * line.length
    decoder.push(Buffer.from(`${line}\n`))
  }
  decoder.end()
  parcel.rejected = unusable
  if (unusable > 0) parcel.losses.push(serverLoss(parcel, [{ code: 'fluent entry' }]))
  return parcel
}

function auditLine({ record }: ForwardEntry): string | undefined {
  const line = LINE_NAMES.map((name) => record[name]).find((value) => typeof value === 'string')
  return typeof line === 'string' && /msg=audit\(\d/.test(line) ? line.replaceAll('\n', ' ') : undefined
}
