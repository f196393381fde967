import { isRecord } from '@podwitness/kube'
import type { LogRecord } from './otlp-request.ts'

/**
 * A log record of an object with the names that loggers commonly use (`time`, `level`, `message`, `log` of container
 * runtimes); everything else is an attribute, and what collectors add about the pod is told by the attributes' standard
 * names. Source: OpenTelemetry semantic conventions, "Kubernetes"; Fluent Bit, "Kubernetes filter".
 */
export function plainRecord(item: Readonly<Record<string, unknown>>): LogRecord {
  const { time, timestamp, level, severity, message, msg, log, kubernetes, ...rest } = item
  const when = time ?? timestamp
  const body = message ?? msg ?? log
  const others = { ...rest, ...(body === log || log === undefined ? {} : { log }), ...podAttributes(kubernetes) }
  return {
    timeMs: typeof when === 'number' ? when : Date.parse(textOf(when)),
    severity: textOf(level ?? severity),
    body: textOf(body),
    attributes: Object.fromEntries(Object.entries(others).map(([key, value]) => [key, textOf(value)])),
  }
}

const POD_NAMES = {
  'k8s.node.name': 'host',
  'k8s.namespace.name': 'namespace_name',
  'k8s.pod.name': 'pod_name',
  'k8s.container.name': 'container_name',
} as const

function podAttributes(kubernetes: unknown): Record<string, unknown> {
  if (!isRecord(kubernetes)) return kubernetes === undefined ? {} : { kubernetes }
  const named = Object.entries(POD_NAMES).filter(([, name]) => typeof kubernetes[name] === 'string')
  return { kubernetes, ...Object.fromEntries(named.map(([attribute, name]) => [attribute, kubernetes[name]])) }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  return value === undefined ? '' : JSON.stringify(value)
}
