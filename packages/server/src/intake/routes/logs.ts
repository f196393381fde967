import { isRecord } from '@podwitness/kube'
import type { FastifyRequest } from 'fastify'
import { IntakeError } from '../intake-error.ts'
import type { IntakeRoute, IntakeScope } from '../intake-route.ts'
import { forbidden } from '../intake-senders.ts'
import { logParcel } from '../logs/log-parcel.ts'
import { type LogRecord, readOtlpJson, readOtlpProtobuf } from '../logs/otlp-request.ts'
import { plainRecord } from '../logs/plain-record.ts'
import { readBody } from '../read-body.ts'

const LIMITS = { sent: 8 * 1024 * 1024, unpacked: 32 * 1024 * 1024 }
/** Records of one request at most. */
const MAX_RECORDS = 20_000

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
    await take(request, scope, 'otlp', binary ? readOtlpProtobuf : (bytes) => readOtlpJson(parse(bytes)))
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
  const whole = parse(bytes)
  const items =
    whole === undefined
      ? bytes
          .toString('utf8')
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => parse(Buffer.from(line)))
      : Array.isArray(whole)
        ? whole
        : [whole]
  return items.every(isRecord) ? items.map(plainRecord) : null
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function unreadable(records: number | undefined): IntakeError {
  return new IntakeError('PW-IN-005', records === undefined ? 400 : 413, {
    what: 'The body cannot be read.',
    why:
      records === undefined
        ? 'It holds no log records in the form of this address.'
        : `It holds ${records} records, more than ${MAX_RECORDS}.`,
    do: 'See docs/reference/intake.md.',
  })
}
