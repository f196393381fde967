import type { FindingLine } from '@podwitness/api'
import { timeMsOf } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import { findingEvent } from '../../rows/finding-event.ts'
import type { LineTaker } from '../line-taker.ts'

/** Something the agent itself noticed. */
export const takeFinding: LineTaker<FindingLine> = ({ time, rule, text }, { parcel, key, line, cluster, node }) => {
  const id = uuidOf('finding', key, String(line))
  parcel.events.push(findingEvent({ id, timeMs: timeMsOf(time), rule, text, cluster, node, source: 'agent' }))
  return null
}
