import { INTAKES, type RouteReply, type SourceState, type sourcesRoute } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { LiveIntake } from '../intake/live-intake.ts'
import { isoTime } from '../readers/row-mapping.ts'

/** What of a running intake the page shows. */
export interface RunningIntake extends Pick<LiveIntake, 'parts' | 'otherWays'> {
  /** `0.0.0.0:7273`. */
  readonly address: string
}

/** Something arrived within this time: the source is receiving, seconds. */
const RECEIVING_SECONDS = 600

interface Arrivals {
  lastReceived: string
  lastHour: number
  lastDay: number
}

/** Every way in with what came by it. What was imported from files is the import list's to tell. */
export async function readSources(store: Store, live: RunningIntake | undefined): Promise<RouteReply<typeof sourcesRoute>> {
  const arrivals = await arrivalsOf(store)
  const names = new Set([...INTAKES, ...arrivals.keys(), ...[...listeners(live).keys()]])
  const counts = live?.parts.rejects.counts() ?? []
  return {
    intakeOn: live !== undefined,
    sources: [...names].map((intake) => {
      const addresses = listeners(live).get(intake) ?? []
      const came = arrivals.get(intake)
      const refused = counts
        .filter(({ source }) => REJECT_SOURCES[source] === intake || source === intake)
        .map(({ code, count }) => ({ code, count }))
      return {
        intake,
        addresses,
        refused,
        ...stateOf(came, addresses),
        lastHour: came?.lastHour ?? 0,
        lastDay: came?.lastDay ?? 0,
      }
    }),
    rejectsFolder: live?.parts.rejects.folder ?? '',
  }
}

/** What the rejects room calls ways in, where it is not their name. */
const REJECT_SOURCES: Readonly<Record<string, string>> = { agent: 'agents', apiserver: 'apiserver-webhook' }

function stateOf(came: Arrivals | undefined, addresses: readonly string[]): Pick<SourceState, 'state' | 'lastReceived'> {
  const lastReceived = came === undefined ? null : isoTime(came.lastReceived)
  if (addresses.length === 0) return { state: 'off', lastReceived }
  if (lastReceived === null) return { state: 'waiting', lastReceived }
  const quiet = Date.now() - Date.parse(lastReceived) > RECEIVING_SECONDS * 1000
  return { state: quiet ? 'silent' : 'receiving', lastReceived }
}

function listeners(live: RunningIntake | undefined): Map<string, string[]> {
  if (live === undefined) return new Map()
  const found = new Map<string, string[]>(['agents', 'apiserver-webhook', 'http', 'otlp'].map((name) => [name, [live.address]]))
  for (const way of live.otherWays) {
    const [, name = '', rest = way] = /^(log file|\S+) (.*)$/.exec(way) ?? []
    const intake = name === 'log file' ? 'apiserver-log' : name
    found.set(intake, [...(found.get(intake) ?? []), rest])
  }
  return found
}

/** Arrivals within a day, by way in. Files that were imported (their batches begin with the import's id), findings and acts of our own came by none. */
async function arrivalsOf(store: Store): Promise<Map<string, Arrivals>> {
  const { rows } = await store.reader.query({
    sql: `SELECT
        multiIf(source IN ('apiserver-webhook', 'apiserver-log', 'http', 'otlp', 'fluent'), toString(source),
          startsWith(source, 'syslog-'), 'syslog', kind IN ('Command', 'LinuxAudit') OR source IN ('agent', 'proc'), 'agents', toString(source)) AS intake,
        toString(max(received)), countIf(received > now() - INTERVAL 1 HOUR), count()
      FROM audit.events
      WHERE received > now() - INTERVAL 1 DAY AND source != 'server' AND kind != 'AdminAct'
        AND substring(batch_id, 1, 32) NOT IN (SELECT substring(import_id, 1, 32) FROM audit.imports)
      GROUP BY intake`,
  })
  return new Map(
    rows.map(([intake, lastReceived, lastHour, lastDay]) => [
      String(intake),
      { lastReceived: String(lastReceived), lastHour: Number(lastHour), lastDay: Number(lastDay) },
    ]),
  )
}
