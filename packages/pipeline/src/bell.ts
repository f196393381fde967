/** Wakes one waiter when there is something to do: between rings nothing runs. A ring that nobody waits for is kept. */
export class Bell {
  #rung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Forgets a ring: what it was for has been seen. */
  still(): void {
    this.#rung = false
  }

  /**
   * Waits for a ring; does not wait where there was one since the last call.
   *
   * @param atMostMs Longest wait, milliseconds; without it only a ring or the signal ends it.
   * @returns Whether it rang.
   */
  async heard(signal: AbortSignal, atMostMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (!this.#rung && !signal.aborted) await this.#wait(signal, atMostMs)
    const rung = this.#rung
    this.#rung = false
    return rung
  }

  #wait(signal: AbortSignal, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#wake = undefined
        resolve()
      }
      const timer = atMostMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(done, atMostMs)
      signal.addEventListener('abort', done, { once: true })
      this.#wake = done
    })
  }
}
