import type { Integrity } from '@podwitness/api'
import type { LedgerReport, Store } from '@podwitness/store'

const MOST_FINDINGS = 500

const NOTHING: Integrity = {
  available: true,
  running: false,
  done: 0,
  all: 0,
  started: '',
  finished: '',
  intact: null,
  rows: 0,
  batches: 0,
  key: '',
  chains: [],
  findings: [],
  failure: '',
}

/** Checks of the ledger that people start from the page: one at a time, the last result kept. */
export class IntegrityCheck {
  readonly #store: Store
  #state: Integrity

  constructor(store: Store) {
    this.#store = store
    this.#state = { ...NOTHING, available: store.ledger !== undefined }
  }

  state(): Integrity {
    return this.#state
  }

  /** Begins a check unless one runs. What it finds is asked for by `state`. */
  start(): Integrity {
    const { ledger } = this.#store
    if (ledger === undefined || this.#state.running) return this.#state
    this.#state = { ...this.#state, running: true, done: 0, all: 0, started: new Date().toISOString(), failure: '' }
    const onProgress = (done: number, all: number): void => {
      this.#state = { ...this.#state, done, all }
    }
    ledger.verify({ onProgress }).then(
      (report) => this.#finish(report),
      (error: unknown) => this.#fail(error instanceof Error ? error.message : String(error)),
    )
    return this.#state
  }

  #finish({ intact, rows, batches, key, chains, findings }: LedgerReport): void {
    const finished = new Date().toISOString()
    const shown = findings
      .slice(0, MOST_FINDINGS)
      .map((finding) => ({ ...finding, ...(finding.sources ? { sources: [...finding.sources] } : {}) }))
    this.#state = {
      ...this.#state,
      running: false,
      finished,
      intact,
      rows,
      batches,
      key,
      chains: [...chains],
      findings: shown as Integrity['findings'],
    }
  }

  #fail(failure: string): void {
    this.#state = { ...this.#state, running: false, finished: new Date().toISOString(), intact: null, failure }
  }
}
