import { wordsOf } from '../text/plain-search.ts'

const STATES = ['open', 'acknowledged', 'resolved'] as const

/** What the Alerts page shows. */
export interface AlertsSearch {
  readonly state?: (typeof STATES)[number] | undefined
}

/** Reads the URL of the Alerts page; a value that means nothing is dropped. */
export function alertsSearchOf(search: Readonly<Record<string, unknown>>): AlertsSearch {
  const state = wordsOf(search.state, STATES)?.[0]
  return state === undefined ? {} : { state }
}
