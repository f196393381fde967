import { type LossRow, storeTime } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import type { Parcel } from '../rows/parcel.ts'

/** What the server itself could not use of a parcel, as a row of the loss ledger. */
export function serverLoss({ key, cluster, node, rejected }: Parcel, examples: readonly { readonly code: string }[]): LossRow {
  const now = Date.now()
  const codes = [...new Set(examples.map(({ code }) => code))].sort().join(', ')
  return {
    loss_id: uuidOf('server', key === '' ? String(now) : key, cluster, node, String(rejected), codes),
    cluster,
    node,
    boot: '',
    hop: 'server',
    since: storeTime(now),
    until: storeTime(now),
    count: rejected,
    reason: codes,
  }
}
