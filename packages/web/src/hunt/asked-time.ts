import type { TimeSearch } from '../time/time-range.ts'
import type { AskedBounds } from './server-language.ts'

/** Every parameter of time, absent: what is set beside it replaces them all. */
export const NO_TIME = { range: undefined, from: undefined, to: undefined, at: undefined }

type SaidTime = { readonly [Name in keyof TimeSearch]: TimeSearch[Name] | undefined }

/** What an address says of time. */
export function timeOf({ range, from, to, at }: SaidTime): TimeSearch {
  const said = Object.entries({ range, from, to, at }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said)
}

/** Bounds with both ends: an open one is where the data ends. Undefined where there is nothing between them. */
export function wholeSpan(
  bounds: AskedBounds | undefined,
  state: { oldest: string | null; newest: string | null } | undefined,
): { from: string; to: string } | undefined {
  const from = bounds?.from ?? state?.oldest ?? undefined
  // The end is not part of a span: the newest event is to be in it.
  const to = bounds?.to ?? (state?.newest ? new Date(Date.parse(state.newest) + 1000).toISOString() : undefined)
  return bounds === undefined || from === undefined || to === undefined || from >= to ? undefined : { from, to }
}
