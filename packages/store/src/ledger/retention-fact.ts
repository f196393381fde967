import { EVENT_STREAMS, type EventDays } from '../event-streams.ts'
import { readChain } from './chain-file.ts'
import type { StreamDays } from './ledger-entry.ts'

/** Days as an entry holds them. */
export function daysFact({ days, streams }: EventDays): { retentionDays: number; streams?: StreamDays } {
  const own = EVENT_STREAMS.flatMap((stream) => {
    const value = streams[stream]
    return value === undefined || value === days ? [] : [[stream, value] as const]
  })
  return own.length === 0 ? { retentionDays: days } : { retentionDays: days, streams: Object.fromEntries(own) }
}

/** The days that a chain knows of last, as `daysFact` has them, in JSON; empty where it knows of none. */
export function lastRetention(folder: string, chain: string): string {
  const facts = readChain(folder, chain).entries.flatMap((entry) => (entry === undefined ? [] : [entry.fact]))
  const last = facts.findLast(({ kind }) => kind === 'begin' || kind === 'retention')
  if (last === undefined || !('retentionDays' in last)) return ''
  const { retentionDays, streams } = last
  return JSON.stringify(streams === undefined ? { retentionDays } : { retentionDays, streams })
}
