import type { ApiErrorBody } from '@podwitness/api'

/** Codes of the intake listener; each has an anchor in docs/reference/errors.md. */
export type IntakeErrorCode =
  | 'PW-IN-001' // no certificate or token
  | 'PW-IN-002' // not allowed with this certificate or token
  | 'PW-IN-003' // join token not valid
  | 'PW-IN-004' // body too large
  | 'PW-IN-005' // body damaged or of another kind
  | 'PW-IN-006' // batch without a name
  | 'PW-IN-007' // too much at once
  | 'PW-IN-008' // the store does not take it now
  | 'PW-IN-009' // the store refused the rows
  | 'PW-IN-010' // the configuration is wrong
  | 'PW-IN-011' // the disk is nearly full
  | 'PW-IN-012' // no request, or one that does not end

/** A request that was not taken: what happened, why, what to do, the HTTP status and when to try again. */
export class IntakeError extends Error {
  override readonly name = 'IntakeError'
  readonly code: IntakeErrorCode
  readonly status: number
  readonly why: string
  readonly todo: string
  /** Seconds after which the same may be sent again; undefined where that would not help. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: IntakeErrorCode,
    status: number,
    words: { what: string; why: string; do: string },
    options: ErrorOptions & { retryAfterSeconds?: number } = {},
  ) {
    super(words.what, options)
    this.code = code
    this.status = status
    this.why = words.why
    this.todo = words.do
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  toBody(): ApiErrorBody {
    return { code: this.code, what: this.message, why: this.why, do: this.todo }
  }
}
