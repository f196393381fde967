/** One error code as `explain` and the reference page tell it. */
export interface ErrorEntry {
  /** What happened, in general. */
  readonly title: string
  readonly why: string
  readonly todo: string
  /** Exit code of a command that ends with it: 1 found problems, 2 usage, 3 cannot reach, 4 no permission. */
  readonly exit: 1 | 2 | 3 | 4
}

/** The codes of one area. */
export type ErrorEntries = Readonly<Record<string, ErrorEntry>>

export const entry = (exit: ErrorEntry['exit'], title: string, why: string, todo: string): ErrorEntry => ({
  title,
  why,
  todo,
  exit,
})
