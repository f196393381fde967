import { IntakeError } from './intake-error.ts'

/** Memory that all requests together may hold before they are stored; what goes over it comes again later. */
export class ByteBudget {
  readonly #limit: number
  #held = 0

  /** @param limit Bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get heldBytes(): number {
    return this.#held
  }

  /** @throws IntakeError PW-IN-007 where the budget is spent. */
  take(bytes: number): void {
    if (this.#held > 0 && this.#held + bytes > this.#limit)
      throw new IntakeError(
        'PW-IN-007',
        429,
        {
          what: 'Too much arrives at once.',
          why: `Requests hold ${this.#held} bytes that are not stored yet.`,
          do: 'Send the same again after the time in Retry-After.',
        },
        { retryAfterSeconds: 1 },
      )
    this.#held += bytes
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}
