import type { PodsLine } from '@podwitness/api'
import { listItems } from '@podwitness/kube'
import { podVersion } from '../../rows/fact-version.ts'
import { podRow } from '../../rows/pod-row.ts'
import type { LineTaker } from '../line-taker.ts'

/** Pods as the API or the kubelet gave them. */
export const takePods: LineTaker<PodsLine> = ({ list }, scope, bytes) => {
  const spans = listItems(bytes)
  let wrong = 0
  list.items.forEach((item, at) => {
    const [begin, end] = spans[at] ?? [0, 0]
    const text = end > 0 ? bytes.subarray(begin, end).toString('utf8') : JSON.stringify(item)
    const row = podRow(item, text, scope.cluster)
    if (row === null) wrong++
    else scope.parcel.pods.push({ ...row, version: podVersion(row, scope.line) })
  })
  return wrong === 0 ? null : { code: 'not_a_pod', message: `${wrong} of ${list.items.length} items are no pods.` }
}
