/** Codes of certificates and tokens; each has an anchor in docs/reference/errors.md. */
export type PkiErrorCode =
  | 'PW-PK-001' // the folder cannot be used
  | 'PW-PK-002' // not a signing request we take
  | 'PW-PK-004' // no such token
  | 'PW-PK-005' // a change of the authority that would lock senders out

/** A failure of the authority or of tokens: what happened, why, what to do. */
export class PkiError extends Error {
  override readonly name = 'PkiError'
  readonly code: PkiErrorCode
  readonly why: string
  readonly todo: string

  constructor(code: PkiErrorCode, words: { what: string; why: string; do: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
    this.todo = words.do
  }
}
