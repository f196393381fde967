import type { Connection } from '../connection.ts'
import type { Store } from '../store.ts'

/** What a question is asked with. */
export interface Trial {
  readonly store: Store
  /** Every server by itself. */
  readonly servers: readonly Connection[]
  /** Ending of the tables that hold rows there. */
  readonly ending: string
}

/** Something podwitness depends on. */
export interface Question {
  readonly name: string
  /** @returns A word on how; undefined where there is nothing to add. @throws Where the answer is not what it must be. */
  ask(trial: Trial): Promise<string | undefined>
}
