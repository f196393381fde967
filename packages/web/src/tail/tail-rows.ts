import type { TailMessage } from '@podwitness/api'

/** Rows kept in the page, and rows that wait while it is paused. */
export const MOST_ROWS = 5000
/** Messages that the rates are made of: one comes each second. */
const RATE_MESSAGES = 10

/** What was told so far: bounded, however long somebody follows. */
export interface TailRows {
  readonly columns: TailMessage['columns']
  /** Newest first. */
  readonly rows: TailMessage['rows']
  /** Came while paused, newest first; at most `MOST_ROWS`. */
  readonly waiting: TailMessage['rows']
  /** Matched and not shown: too many at once, or too many while paused. */
  readonly skipped: number
  /** Shown before and gone, to make room. */
  readonly dropped: number
  /** Matches and events of every kind, by message, newest last. */
  readonly counts: readonly (readonly [number, number])[]
}

export const NO_ROWS: TailRows = { columns: [], rows: [], waiting: [], skipped: 0, dropped: 0, counts: [] }

type Told = Pick<TailMessage, 'columns' | 'rows' | 'skipped' | 'arrived'>

/** Takes in what was told; while paused it waits. */
export function addTold(before: TailRows, told: Told, paused: boolean): TailRows {
  const counts = [...before.counts, [told.rows.length + told.skipped, told.arrived] as const].slice(-RATE_MESSAGES)
  const columns = told.columns.length > 0 ? told.columns : before.columns
  const skipped = before.skipped + told.skipped
  if (told.rows.length === 0) return { ...before, columns, skipped, counts }
  const [kept, lost] = bounded([...told.rows].reverse(), paused ? before.waiting : before.rows)
  if (paused) return { ...before, columns, counts, waiting: kept, skipped: skipped + lost }
  return { ...before, columns, counts, rows: kept, skipped, dropped: before.dropped + lost }
}

/** Shows what waited. */
export function showWaiting(before: TailRows): TailRows {
  const [rows, lost] = bounded(before.waiting, before.rows)
  return { ...before, rows, waiting: [], dropped: before.dropped + lost }
}

/** Matches and events a second, over the last messages. */
export function ratesOf({ counts }: TailRows): { readonly matches: number; readonly events: number } {
  const sum = (at: 0 | 1) => counts.reduce((total, count) => total + count[at], 0) / Math.max(1, counts.length)
  return { matches: Math.round(sum(0) * 10) / 10, events: Math.round(sum(1) * 10) / 10 }
}

function bounded(newer: TailMessage['rows'], older: TailMessage['rows']): [TailMessage['rows'], number] {
  const all = [...newer, ...older]
  return [all.slice(0, MOST_ROWS), Math.max(0, all.length - MOST_ROWS)]
}
