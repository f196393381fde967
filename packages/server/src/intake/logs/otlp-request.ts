import { isRecord } from '@podwitness/kube'
import { ProtobufReader } from './protobuf-reader.ts'

/** One log record, whatever form it came in. */
export interface LogRecord {
  /** Milliseconds since the epoch; NaN where the sender says none. */
  readonly timeMs: number
  readonly severity: string
  readonly body: string
  readonly attributes: Record<string, string>
}

/**
 * Reads an ExportLogsServiceRequest in its JSON form.
 * Source: OTLP 1.x, opentelemetry/proto/collector/logs/v1/logs_service.proto, with the JSON mapping of the specification.
 */
export function readOtlpJson(json: unknown): LogRecord[] | null {
  if (!isRecord(json) || !Array.isArray(json.resourceLogs)) return null
  return json.resourceLogs.flatMap((resource: unknown) => {
    if (!isRecord(resource)) return []
    const common = isRecord(resource.resource) ? jsonAttributes(resource.resource.attributes) : {}
    return list(resource.scopeLogs).flatMap((scope) =>
      list(scope.logRecords).map((record) => ({
        timeMs: Number(record.timeUnixNano || record.observedTimeUnixNano || Number.NaN) / 1e6,
        severity: typeof record.severityText === 'string' ? record.severityText : '',
        body: textOf(jsonValue(record.body)),
        attributes: { ...common, ...jsonAttributes(record.attributes) },
      })),
    )
  })
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function jsonAttributes(value: unknown): Record<string, string> {
  return Object.fromEntries(list(value).map(({ key, value: held }) => [String(key), textOf(jsonValue(held))]))
}

function jsonValue(value: unknown): unknown {
  if (!isRecord(value)) return ''
  const [held] = Object.values(value)
  if (isRecord(held) && Array.isArray(held.values) && 'arrayValue' in value) return held.values.map(jsonValue)
  if (isRecord(held) && Array.isArray(held.values)) return jsonAttributes(held.values)
  return held
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Reads an ExportLogsServiceRequest in protobuf; null where it is none. */
export function readOtlpProtobuf(bytes: Buffer): LogRecord[] | null {
  try {
    const records: LogRecord[] = []
    for (const resource of new ProtobufReader(bytes).messages(1)) {
      const [about] = resource.messages(1)
      const common = about === undefined ? {} : attributesOf(about, 1)
      for (const scope of resource.messages(2)) for (const record of scope.messages(2)) records.push(recordOf(record, common))
    }
    return records
  } catch {
    return null
  }
}

function recordOf(record: ProtobufReader, common: Record<string, string>): LogRecord {
  const nanos = record.fixed64(1) || record.fixed64(11)
  const [body] = record.messages(5)
  return {
    timeMs: nanos === 0n ? Number.NaN : Number(nanos / 1000n) / 1000,
    severity: record.text(3),
    body: body === undefined ? '' : textOf(anyValueOf(body, 0)),
    attributes: { ...common, ...attributesOf(record, 6) },
  }
}

function attributesOf(message: ProtobufReader, field: number, depth = 0): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of message.messages(field)) {
    const [value] = pair.messages(2)
    found[pair.text(1)] = value === undefined ? '' : textOf(anyValueOf(value, depth))
  }
  return found
}

/** How deep values may hold values. */
const MAX_DEPTH = 8

/** An AnyValue. Source: opentelemetry/proto/common/v1/common.proto. */
function anyValueOf(value: ProtobufReader, depth: number): unknown {
  if (depth > MAX_DEPTH) return ''
  if (value.has(1)) return value.text(1)
  if (value.has(2)) return value.varint(2) === 1n
  if (value.has(3)) return Number(BigInt.asIntN(64, value.varint(3)))
  if (value.has(4)) return value.double(4)
  const [array] = value.messages(5)
  if (array !== undefined) return [...array.messages(1)].map((one) => anyValueOf(one, depth + 1))
  const [map] = value.messages(6)
  if (map !== undefined) return attributesOf(map, 1, depth + 1)
  return value.has(7) ? value.bytes(7).toString('base64') : ''
}
