/** How much may come, from one sender. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number
  /** At once, after a quiet while. */
  readonly burst: number
}

interface Bucket {
  tokens: number
  timeMs: number
}

/** Senders remembered; over it the one that was quiet longest is forgotten. */
const MAX_SENDERS = 20_000

/** Counts requests by sender: a bucket of `burst` that fills with `perSecond`. */
export class RateLimit {
  rate: Rate
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: Rate) {
    this.rate = rate
  }

  /** @param nowMs Milliseconds since the epoch. @returns 0 where it may go on, else the seconds to wait. */
  take(sender: string, nowMs: number): number {
    const { perSecond, burst } = this.rate
    const last = this.#buckets.get(sender) ?? { tokens: burst, timeMs: nowMs }
    const elapsedMs = Math.max(0, nowMs - last.timeMs)
    const tokens = Math.min(burst, last.tokens + (elapsedMs / 1000) * perSecond)
    const may = tokens >= 1
    this.#buckets.delete(sender)
    this.#buckets.set(sender, { tokens: may ? tokens - 1 : tokens, timeMs: nowMs })
    const [quietest] = this.#buckets.keys()
    if (this.#buckets.size > MAX_SENDERS && quietest !== undefined) this.#buckets.delete(quietest)
    return may ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond))
  }
}
