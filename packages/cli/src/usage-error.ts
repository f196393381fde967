/** Codes of what the command line itself finds wrong. */
export type UsageErrorCode =
  | 'PW-CL-001' // wrong option or argument
  | 'PW-CL-002' // a value that is not what its option takes
  | 'PW-CL-003' // no such error code
  | 'PW-CL-004' // no data where it was looked for
  | 'PW-CL-005' // no such session, or several
  | 'PW-CL-006' // the recording is missing
  | 'PW-DE-001' // nothing to decode
  | 'PW-DE-002' // compressed data is damaged
  | 'PW-DE-003' // cannot read the file
  | 'PW-DE-004' // too large for a file of rules
  | 'PW-LG-001' // no public key
  | 'PW-LG-002' // no heads of a ledger
  | 'PW-LG-003' // a store without a ledger
  | 'PW-LG-004' // the folder for evidence exists
  | 'PW-LG-005' // not a proof of an event
  | 'PW-LG-006' // no such hold
  | 'PW-PO-001' // a policy with errors
  | 'PW-PO-002' // no such preset
  | 'PW-PO-003' // no audit event in the input
  | 'PW-SG-004' // a file of identities that cannot be used

/** A command that could not be carried out: what happened, why, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: UsageErrorCode
  readonly why: string
  readonly todo: string

  constructor(code: UsageErrorCode, words: { what: string; why: string; do: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
    this.todo = words.do
  }
}
