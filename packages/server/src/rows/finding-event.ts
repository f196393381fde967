import { type EventDraft, storeTime } from '@podwitness/event'

/** Something that somebody should look at. */
export interface FindingFact {
  /** The same for the same matter, so that it is stored once. */
  readonly id: string
  readonly timeMs: number
  /** Stable name of what was found, e.g. `node-silent`. */
  readonly rule: string
  readonly text: string
  readonly cluster: string
  readonly node: string
  /** `agent` or `server`. */
  readonly source: string
}

/** A finding as an event of kind `Finding`: it is signed, expires and is queried like any other. */
export function findingEvent({ id, timeMs, rule, text, cluster, node, source }: FindingFact): EventDraft {
  return {
    time: storeTime(timeMs),
    event_id: id,
    kind: 'Finding',
    action: rule,
    cluster,
    node,
    source,
    message: text,
    labels: { rule },
    raw: JSON.stringify({ rule, text }),
  }
}
