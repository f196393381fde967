import type { ApiErrorBody } from '@podwitness/api'

/** A failure that is the answer to a request: what happened, why, what to do, the HTTP status and when to try again. */
export abstract class AnsweredError<Code extends string> extends Error {
  readonly code: Code
  readonly status: number
  readonly why: string
  readonly todo: string
  /** Seconds after which the same may be asked again; undefined where that would not help. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: Code,
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

  /** The body of the answer. */
  toBody(): ApiErrorBody {
    return { code: this.code, what: this.message, why: this.why, do: this.todo }
  }
}
