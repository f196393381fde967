import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { DecodedEvent } from '@podwitness/audit'

const EVERY_MS = 60_000
const LIMIT_MS = 30_000
/** First argument of the probe's program, by which anybody can tell its events. */
const MARK = 'podwitness-probe'

/** Starts a harmless program now and then and looks for its event: proof that the whole way from the kernel works. */
export class PipelineProbe {
  #nonce = ''
  #sinceMs = 0
  #nextMs = 0
  /** Time from the start to the event of the last probe that came, milliseconds; −1 none did. */
  lastMs = -1
  sent = 0
  missed = 0
  /** The last probe did not come. */
  failing = false

  /** Looks for the probe in an event. */
  observe(event: DecodedEvent): void {
    if (this.#nonce === '' || event.argumentList() === undefined) return
    const argv = event.argv()
    if (argv[1] !== MARK || argv[2] !== this.#nonce) return
    this.lastMs = Date.now() - this.#sinceMs
    this.#nonce = ''
    this.failing = false
  }

  /** Starts a probe where one is due; true where the last one has just been given up. */
  tick(nowMs: number): boolean {
    const lost = this.#nonce !== '' && nowMs - this.#sinceMs > LIMIT_MS
    if (lost) {
      this.missed++
      this.#nonce = ''
      this.failing = true
    }
    if (this.#nonce === '' && nowMs >= this.#nextMs) {
      this.#nextMs = nowMs + EVERY_MS
      this.#nonce = randomBytes(8).toString('hex')
      this.#sinceMs = nowMs
      this.sent++
      execFile('/bin/true', [MARK, this.#nonce], () => {})
    }
    return lost
  }
}
