import type { Value } from '../functions/query-function.ts'

/** The stretches of time that `compare` and `ts_compare` set side by side. */
export interface TimeWindows {
  /** Seconds before the asked range; the range itself is the first, 0. */
  readonly shifts: readonly number[]
  /** Number of the window a row is of. */
  readonly sql: string
  /** A column of time, where the rows have one. */
  readonly time: Value | undefined
}
