import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** How often files are read, milliseconds. Their names may lead elsewhere overnight (a ConfigMap is a symbolic link). */
const EVERY_MS = 5_000

/** Looks whether what files hold is something else than before. */
export class WatchedFiles {
  readonly #paths: () => readonly string[]
  #seen: string

  constructor(paths: () => readonly string[]) {
    this.#paths = paths
    this.#seen = this.#state()
  }

  /** Whether anything changed since this was asked last. */
  changed(): boolean {
    const now = this.#state()
    const changed = now !== this.#seen
    this.#seen = now
    return changed
  }

  /** Asks every few seconds. @returns Ends it. */
  every(onChange: () => void): () => void {
    const timer = setInterval(() => {
      if (this.changed()) onChange()
    }, EVERY_MS)
    timer.unref()
    return () => clearInterval(timer)
  }

  #state(): string {
    const hash = createHash('sha256')
    for (const path of this.#paths()) {
      try {
        hash.update(readFileSync(path))
      } catch {
        hash.update('absent') // Being replaced: the next look sees it whole.
      }
    }
    return hash.digest('hex')
  }
}
