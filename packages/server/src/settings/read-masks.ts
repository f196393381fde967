import type { masksRoute, maskTestRoute, RouteReply } from '@podwitness/api'
import { readKubeEvent } from '@podwitness/kube'
import type { StoreReader } from '@podwitness/store'
import { MASKED_LABEL, maskSecrets } from '../rows/mask-secrets.ts'

/** What was hidden, here and on the nodes. */
export async function readMasks(reader: StoreReader): Promise<RouteReply<typeof masksRoute>> {
  const api = await reader.query({
    sql: `SELECT resource, count(), sum(toUInt64OrZero(labels[{label:String}])) FROM audit.events
      WHERE kind = 'KubeAudit' AND mapContains(labels, {label:String}) GROUP BY resource ORDER BY resource`,
    params: { label: MASKED_LABEL },
  })
  const nodes = await reader.query({
    sql: `SELECT cluster, node, argMax(counters, time) FROM audit.heartbeats GROUP BY cluster, node ORDER BY cluster, node`,
    maxRows: 10_000,
  })
  return {
    api: api.rows.map(([resource, events, values]) => ({
      resource: String(resource),
      events: Number(events),
      values: Number(values),
    })),
    nodes: nodes.rows.map(([cluster, node, counters]) => ({
      cluster: String(cluster),
      node: String(node),
      redacted: (counters as Record<string, number>).redacted_total ?? null,
    })),
  }
}

/** What would be stored of an API event. @param text Its JSON. */
export function testMasks(text: string): RouteReply<typeof maskTestRoute> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { masked: 0, stored: '', fault: error instanceof Error ? error.message : String(error) }
  }
  const event = readKubeEvent(json)
  if ('code' in event) return { masked: 0, stored: '', fault: event.code }
  const { bytes, masked } = maskSecrets(event, Buffer.from(text, 'utf8'))
  return { masked, stored: bytes.toString('utf8'), fault: '' }
}
