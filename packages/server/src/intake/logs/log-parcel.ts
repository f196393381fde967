import { createHash } from 'node:crypto'
import { storeTime } from '@podwitness/event'
import { emptyParcel, type Parcel } from '../../rows/parcel.ts'
import type { LogRecord } from './otlp-request.ts'

/** Who sent the records: an application, by its token. */
export interface LogOrigin {
  readonly cluster: string
  readonly app: string
  /** `http`, `otlp`. */
  readonly source: string
}

/** Attributes kept of one record, and characters of each. */
const MAX_ATTRIBUTES = 64
const MAX_ATTRIBUTE = 4096
const OVERHEAD_BYTES = 1024

/**
 * Records of an application as a parcel.
 *
 * @param body The request's body: a request that is sent again, byte for byte, is stored once.
 * @param nowMs Arrival, for records without time, milliseconds since the epoch.
 */
export function logParcel(
  records: readonly LogRecord[],
  body: Buffer,
  { cluster, app, source }: LogOrigin,
  nowMs: number,
): Parcel {
  const key = `${source}/${app}/${createHash('sha256').update(body).digest('hex')}`
  const parcel = emptyParcel({ key, cluster, node: '' })
  records.forEach(({ timeMs, severity, body: message, attributes }, at) => {
    const kept = Object.entries(attributes)
      .slice(0, MAX_ATTRIBUTES)
      .map(([name, value]) => [name.slice(0, 256), value.slice(0, MAX_ATTRIBUTE)])
    const raw = JSON.stringify({ message, severity, attributes })
    parcel.bytes += raw.length * 2 + OVERHEAD_BYTES
    parcel.events.push({
      time: storeTime(Number.isFinite(timeMs) && timeMs > 0 && timeMs < 7_258_118_400_000 ? timeMs : nowMs),
      event_id: createHash('sha256').update(`${key}/${at}`).digest('hex').slice(0, 32),
      kind: 'Syslog',
      action: 'log',
      level: severity,
      cluster,
      node: attributes['k8s.node.name'] ?? '',
      ns: attributes['k8s.namespace.name'] ?? '',
      pod: attributes['k8s.pod.name'] ?? '',
      container: attributes['k8s.container.name'] ?? '',
      source,
      name: app,
      message,
      labels: Object.fromEntries(kept) as Record<string, string>,
      raw,
    })
  })
  return parcel
}
