import type { LossLine } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import type { LineTaker } from '../line-taker.ts'

/** Records known to be lost on the node. */
export const takeLoss: LineTaker<LossLine> = (
  { boot, hop, since, until, count, reason, id },
  { parcel, key, line, cluster, node },
) => {
  parcel.losses.push({
    loss_id: id === undefined ? uuidOf('loss', key, String(line)) : uuidOf('loss', cluster, node, boot, id),
    cluster,
    node,
    boot,
    hop,
    since: storeTime(timeMsOf(since)),
    until: storeTime(timeMsOf(until)),
    count: count ?? -1,
    reason,
  })
  return null
}
