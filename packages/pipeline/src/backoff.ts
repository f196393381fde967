/** Waits between tries. */
export interface BackoffOptions {
  /** First bound, milliseconds. */
  readonly firstMs: number
  /** Bound that is never passed, milliseconds. */
  readonly maxMs: number
  /** Between 0 and 1; a test gives its own. */
  readonly random?: () => number
}

/**
 * Growing random waits: the bound doubles with each failure, the wait lies between half the bound and the bound.
 * Many agents that lost one server at once come back spread out.
 */
export class Backoff {
  readonly #options: BackoffOptions
  #failures = 0

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures
  }

  /** Notes a failure and says how long to wait, milliseconds; never less than `atLeastMs`, which a server may ask for. */
  next(atLeastMs = 0): number {
    const { firstMs, maxMs, random = Math.random } = this.#options
    const bound = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 30))
    this.#failures++
    return Math.round(Math.max(atLeastMs, bound / 2) + (random() * bound) / 2)
  }

  reset(): void {
    this.#failures = 0
  }
}

/** Waits; ends early without an error when the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
