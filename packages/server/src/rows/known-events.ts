import { type EventDraft, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'

/** A pause in the events longer than this splits the question which ids are stored already, milliseconds. */
const RANGE_PAUSE_MS = 60_000
/** Of `2026-01-31 12:34:56.789`, what names the minute. */
const MINUTE_LENGTH = 16

/**
 * Ids of events of one cluster that are stored already, asked for span by span so that one stray time does not fetch a year.
 *
 * @param rows Events of one cluster.
 * @returns More ids than were asked about: all of the spans.
 */
export async function knownEvents(store: Store, rows: readonly EventDraft[]): Promise<Set<string>> {
  const times = rows.map((row) => row.time).sort()
  const kinds = [...new Set(rows.map((row) => row.kind))]
  const cluster = rows[0]?.cluster ?? ''
  const known = new Set<string>()
  for (const [from, to] of spans(times)) {
    for (const id of await store.writer.knownEventIds({ from, to, cluster, kinds })) known.add(id)
  }
  return known
}

function* spans(times: readonly string[]): Generator<[string, string]> {
  let from = times[0]
  let last = from
  for (const time of times) {
    if (from === undefined || last === undefined) return
    // Most are of the same minute as the one before: told by the text, without reading a time.
    if (!time.startsWith(last.slice(0, MINUTE_LENGTH)) && timeMsOf(time) - timeMsOf(last) > RANGE_PAUSE_MS) {
      yield [from, last]
      from = time
    }
    last = time
  }
  if (from !== undefined && last !== undefined) yield [from, last]
}
