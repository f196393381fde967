import { type EventDraft, timeMsOf } from '@podwitness/event'
import { StoreError } from '../store-error.ts'
import { RowBytes } from './row-bytes.ts'

const TEXT = 'String'
const WORD = 'LowCardinality(String)'
const WORDS = 'Array(LowCardinality(String))'

/** The columns in the order `writeRow` has, with the types the tables were made with: the engine refuses others. */
const COLUMNS: readonly (readonly [string, string])[] = [
  ['time', "DateTime64(6, 'UTC')"],
  ...columns(TEXT, 'event_id', 'batch_id'),
  ['batch_seq', 'UInt32'],
  ...columns(WORD, 'kind', 'action', 'outcome', 'cluster', 'node', 'boot', 'source'),
  ...columns(TEXT, 'audit_serial'),
  ...columns('Int64', 'serial'),
  ...columns(WORDS, 'record_types'),
  ...columns('Int32', 'syscall'),
  ...columns(WORD, 'arch', 'exit'),
  ...columns('Int64', 'pid', 'ppid', 'uid', 'auid', 'ses'),
  ...columns(WORD, 'tty', 'comm', 'exe', 'exe_dev', 'name'),
  ...columns(TEXT, 'cwd'),
  ...columns('Array(String)', 'argv'),
  ...columns(TEXT, 'cmdline'),
  ...columns(WORDS, 'keys'),
  ...columns('Array(String)', 'paths'),
  ...columns(TEXT, 'dst_ip'),
  ...columns('Int32', 'dst_port'),
  ...columns(TEXT, 'audit_id'),
  ...columns(WORD, 'stage', 'verb', 'api_group', 'resource', 'subresource', 'obj_ns'),
  ...columns(TEXT, 'obj_name'),
  ...columns(WORD, 'user'),
  ...columns(WORDS, 'groups'),
  ...columns(WORD, 'impersonated_user', 'source_ip', 'user_agent'),
  ...columns(TEXT, 'request_uri'),
  ...columns('Int32', 'status'),
  ...columns(WORD, 'level'),
  ...columns(TEXT, 'trace_id', 'container_id'),
  ...columns(WORD, 'ns', 'pod', 'pod_uid', 'container', 'image'),
  ...columns(TEXT, 'message'),
  ['labels', 'Map(LowCardinality(String), String)'],
  ...columns(TEXT, 'raw'),
]

function columns(type: string, ...names: readonly (keyof EventDraft)[]): [string, string][] {
  return names.map((name) => [name, type])
}

/** Memory for a row to begin with, bytes: the recorded events are some 2,000 long. */
const ROW_BYTES = 2500
/** What DateTime64 holds, microseconds: 1900 up to 2299 (an even number: above 2^53 there are no others). Source: https://clickhouse.com/docs/sql-reference/data-types/datetime64 */
const EARLIEST = -2_208_988_800_000_000
const LATEST = 10_413_791_999_999_998

/**
 * Events as RowBinaryWithNamesAndTypes: half the work of JSON for both sides. What a row has no value for is empty.
 *
 * @throws StoreError PW-ST-016 for a row without a time.
 */
export function eventRowBytes(rows: readonly EventDraft[]): Buffer {
  const to = new RowBytes(4096 + rows.length * ROW_BYTES)
  to.count(COLUMNS.length)
  for (const [name] of COLUMNS) to.text(name)
  for (const [, type] of COLUMNS) to.text(type)
  for (const row of rows) writeRow(to, row)
  return to.bytes()
}

/** Whether rows have only columns that `eventRowBytes` writes. */
export function hasOwnColumns(rows: readonly object[]): boolean {
  return !rows.some((row) => 'received' in row || 'kept_until' in row)
}

function writeRow(to: RowBytes, row: EventDraft): void {
  to.int64(microsOf(row))
  to.text(row.event_id)
  to.text(row.batch_id)
  to.int32(row.batch_seq)
  to.text(row.kind)
  to.text(row.action)
  to.text(row.outcome)
  to.text(row.cluster)
  to.text(row.node)
  to.text(row.boot)
  to.text(row.source)
  writeProcess(to, row)
  writeRequest(to, row)
  to.text(row.trace_id)
  to.text(row.container_id)
  to.text(row.ns)
  to.text(row.pod)
  to.text(row.pod_uid)
  to.text(row.container)
  to.text(row.image)
  to.text(row.message)
  to.map(row.labels)
  to.text(row.raw)
}

function writeProcess(to: RowBytes, row: EventDraft): void {
  to.text(row.audit_serial)
  to.int64(row.serial)
  to.texts(row.record_types)
  to.int32(row.syscall)
  to.text(row.arch)
  to.text(row.exit)
  to.int64(row.pid)
  to.int64(row.ppid)
  to.int64(row.uid)
  to.int64(row.auid)
  to.int64(row.ses)
  to.text(row.tty)
  to.text(row.comm)
  to.text(row.exe)
  to.text(row.exe_dev)
  to.text(row.name)
  to.text(row.cwd)
  to.texts(row.argv)
  to.text(row.cmdline)
  to.texts(row.keys)
  to.texts(row.paths)
  to.text(row.dst_ip)
  to.int32(row.dst_port)
}

function writeRequest(to: RowBytes, row: EventDraft): void {
  to.text(row.audit_id)
  to.text(row.stage)
  to.text(row.verb)
  to.text(row.api_group)
  to.text(row.resource)
  to.text(row.subresource)
  to.text(row.obj_ns)
  to.text(row.obj_name)
  to.text(row.user)
  to.texts(row.groups)
  to.text(row.impersonated_user)
  to.text(row.source_ip)
  to.text(row.user_agent)
  to.text(row.request_uri)
  to.int32(row.status)
  to.text(row.level)
}

function microsOf({ time, event_id: eventId }: EventDraft): number {
  const micros = Math.round(timeMsOf(time) * 1000)
  if (!Number.isNaN(micros)) return Math.min(LATEST, Math.max(EARLIEST, micros))
  throw new StoreError('PW-ST-016', {
    what: 'The rows were refused: one has no time.',
    why: `Event ${eventId} has the time ${JSON.stringify(time)}, which is not of the form 2026-11-21 02:52:43.176806.`,
    todo: 'This is a fault in podwitness: please report it.',
  })
}
