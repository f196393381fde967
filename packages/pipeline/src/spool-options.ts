import { Bell } from './bell.ts'
import { DEFAULT_LIMITS, type SpoolLimits } from './spool-limits.ts'

/** What a full spool does: makes the source wait, or lets the oldest lines go and says so. */
export type FullPolicy = 'block' | 'drop-oldest'

export interface SpoolOptions {
  readonly folder: string
  readonly policy: FullPolicy
  readonly limits?: SpoolLimits
  /** Default 16 MiB, and at most an eighth of the bound. */
  readonly segmentBytes?: number
  /** Longest wait for further lines before a group is made durable, milliseconds. Default 20. */
  readonly flushMs?: number
  /** Bytes that may wait in memory; what is over is lost where the policy is `drop-oldest`. Default 32 MiB. */
  readonly maxPendingBytes?: number
  /** Rung when lines have been written. */
  readonly written?: Bell
}

/** What a spool has done since it was opened; lines, except where it says bytes. */
export interface SpoolCounters {
  appended: number
  acked: number
  dropped: number
  /** Tries to write that the file system refused. */
  writeErrors: number
}

/** A spool is at least this many segments, so that there is an old one to give up; and none is smaller than this. */
export const SEGMENTS = 8
export const LEAST_SEGMENT_BYTES = 64 * 1024

/** Options with every value that was left out. */
export function withDefaults(options: SpoolOptions): Required<SpoolOptions> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const eighth = Math.max(LEAST_SEGMENT_BYTES, Math.floor(limits.maxBytes / SEGMENTS))
  const segmentBytes = Math.min(options.segmentBytes ?? 16 * 1024 * 1024, eighth)
  return { flushMs: 20, maxPendingBytes: 32 * 1024 * 1024, written: new Bell(), ...options, limits, segmentBytes }
}
