/** Stable codes of a failed import; each has an anchor in docs/reference/errors.md. */
export type ImportErrorCode =
  | 'PW-IM-001' // not a format we know
  | 'PW-IM-002' // cannot read the file
  | 'PW-IM-003' // compressed data ends early or is damaged
  | 'PW-IM-004' // JSON document is wrong
  | 'PW-IM-005' // nothing usable in the file
  | 'PW-IM-006' // stopped on request
  | 'PW-IM-007' // another import is running on this store
  | 'PW-IM-008' // document too large to read whole

/** An import that could not be done: what happened, why, and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: ImportErrorCode
  readonly why: string
  readonly todo: string

  constructor(code: ImportErrorCode, words: { what: string; why: string; do: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
    this.todo = words.do
  }
}
