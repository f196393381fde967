import { storeTime } from '@podwitness/event'

/** A span of time, both ends included, milliseconds since the Unix epoch. */
export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** All time. */
export const ALL_TIME: TimeSpan = { fromMs: 0, toMs: Date.UTC(2200, 0, 1) }

/**
 * How far around new evidence the old is read to understand it: a shell that was opened this long
 * ago is still known as the origin of what it starts, milliseconds.
 */
const CONTEXT_MS = 24 * 3_600_000
/** How far around new evidence answers may change: an exec request and its program are never further apart, milliseconds. */
const EFFECT_MS = 3_600_000

/** How far a session's start moves when it is named, milliseconds. */
const AROUND_MS = 60_000

/** What has to be read to understand evidence of a span. */
export function contextOf(span: TimeSpan): TimeSpan {
  return widen(span, CONTEXT_MS)
}

/** What may have to be written anew because of evidence of a span. */
export function effectOf(span: TimeSpan): TimeSpan {
  return widen(span, EFFECT_MS)
}

/** Where sessions of a span may have stood before: one that is named begins with its request. */
export function aroundOf(span: TimeSpan): TimeSpan {
  return widen(span, AROUND_MS)
}

/** The smallest span that holds both. */
export function joinSpans(a: TimeSpan | undefined, b: TimeSpan): TimeSpan {
  return a === undefined ? b : { fromMs: Math.min(a.fromMs, b.fromMs), toMs: Math.max(a.toMs, b.toMs) }
}

/** A span as the bound parameters `from` and `to` of a query. */
export function spanParams(span: TimeSpan): { from: string; to: string } {
  return { from: storeTime(span.fromMs), to: storeTime(span.toMs) }
}

function widen({ fromMs, toMs }: TimeSpan, byMs: number): TimeSpan {
  return { fromMs: Math.max(ALL_TIME.fromMs, fromMs - byMs), toMs: Math.min(ALL_TIME.toMs, toMs + byMs) }
}
