import { isRecord } from '@podwitness/kube'
import type { FastifyRequest } from 'fastify'
import { IntakeError } from '../intake-error.ts'
import type { IntakeRoute, IntakeScope } from '../intake-route.ts'
import { forbidden } from '../intake-senders.ts'
import { parseBounded } from '../json-bounds.ts'
import { linesOf } from '../lines-of.ts'
import { logParcel } from '../logs/log-parcel.ts'
import { type LogRecord, readOtlpJson, readOtlpProtobuf } from '../logs/otlp-request.ts'
import { plainRecord } from '../logs/plain-record.ts'
import { readBody } from '../read-body.ts'

const LIMITS = { sent: 8 * 1024 * 1024, unpacked: 32 * 1024 * 1024 }
/** Records of one request at most. */
const MAX_RECORDS = 20_000
/** Values of log records are not deep; 20 000 of them have some dozens each. */
const BOUNDS = { depth: 64, values: 2_000_000 }

/** Logs of applications as JSON: an array, one object, or one object a line. */
export const logs: IntakeRoute = {
  method: 'POST',
  path: '/intake/v1/logs',
  handle: (request, scope) => take(request, scope, 'http', readPlain),
}

/** OTLP/HTTP logs, JSON or protobuf, at the path the protocol sets. */
export const otlpLogs: IntakeRoute = {
  method: 'POST',
  path: '/v1/logs',
  handle: async (request, scope) => {
    const binary = /protobuf/.test(request.headers['content-type'] ?? '')
    await take(request, scope, 'otlp', binary ? readOtlpProtobuf : (bytes) => readOtlpJson(parseBounded(bytes, BOUNDS)))
    return {} // ExportLogsServiceResponse without partial success.
  },
}

async function take(
  request: FastifyRequest,
  { senders, budget, writer }: IntakeScope,
  source: string,
  read: (bytes: Buffer) => LogRecord[] | null,
): Promise<{ accepted: number }> {
  const app = senders.bearer(request.raw, 'app')
  if (app === null) {
    if (senders.ofConnection(request.raw) !== null) throw forbidden()
    throw senders.unknown(request.raw)
  }
  const body = await readBody(request.raw, LIMITS, budget)
  try {
    const records = read(body.bytes)
    if (records === null || records.length > MAX_RECORDS) throw unreadable(records?.length)
    await writer.submit(logParcel(records, body.bytes, { cluster: app.cluster, app: app.name || app.id, source }, Date.now()))
    return { accepted: records.length }
  } finally {
    body.release()
  }
}

function readPlain(bytes: Buffer): LogRecord[] | null {
  const whole = parseBounded(bytes, BOUNDS)
  if (whole === undefined) return readLines(bytes)
  const items: unknown[] = Array.isArray(whole) ? whole : [whole]
  return items.every(isRecord) ? items.map(plainRecord) : null
}

function readLines(bytes: Buffer): LogRecord[] | null {
  const records: LogRecord[] = []
  for (const line of linesOf(bytes)) {
    if (line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) continue
    const item = parseBounded(line, BOUNDS)
    if (!isRecord(item)) return null
    records.push(plainRecord(item))
    if (records.length > MAX_RECORDS) break
  }
  return records
}

function unreadable(records: number | undefined): IntakeError {
  return new IntakeError('PW-IN-005', records === undefined ? 400 : 413, {
    what: 'The body cannot be read.',
    why:
      records === undefined
        ? 'It holds no log records in the form of this address.'
        : `It holds ${records} records, over the ${MAX_RECORDS} of a request.`,
    do: 'See docs/reference/intake.md.',
  })
}
