import { type PodRow, storeTime } from '@podwitness/event'
import { readPod } from '@podwitness/kube'

/** The row of a pod object; null where it is none. @param text The object's JSON as received. */
export function podRow(item: unknown, text: string, cluster: string): PodRow | null {
  const pod = readPod(item)
  if (pod === null) return null
  const { namespace: ns, name, uid, node, hostIp, labels } = pod
  const observed = storeTime(observedMs(item))
  return { cluster, pod_uid: uid, ns, pod: name, node, host_ip: hostIp, labels, object: text, observed, version: '0' }
}

/** The latest moment an object speaks of: which of two copies is the newer. */
function observedMs(item: unknown): number {
  let latest = 0
  for (const [, text] of JSON.stringify(item).matchAll(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g))
    latest = Math.max(latest, Date.parse(text ?? '') || 0)
  return latest
}
