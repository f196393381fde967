/** Codes of the spool; each has an anchor in docs/reference/errors.md. */
export type SpoolErrorCode =
  | 'PW-SP-001' // the folder cannot be used
  | 'PW-SP-002' // another process has the folder
  | 'PW-SP-003' // the spool is closed

/** A spool that cannot be opened or used: what happened, why, what to do. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError'
  readonly code: SpoolErrorCode
  readonly why: string
  readonly todo: string

  constructor(code: SpoolErrorCode, words: { what: string; why: string; do: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
    this.todo = words.do
  }
}
