import type { HeartbeatLine } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { LineTaker } from '../line-taker.ts'

/** A sign of life. */
export const takeHeartbeat: LineTaker<HeartbeatLine> = ({ boot, time, counters, facts }, { parcel, cluster, node }) => {
  parcel.heartbeats.push({ cluster, node, time: storeTime(timeMsOf(time)), boot, counters, facts })
  return null
}
