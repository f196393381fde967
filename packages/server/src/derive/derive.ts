import { reconstruct } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { readEvidence } from './read-evidence.ts'
import { ALL_TIME, contextOf, effectOf, type TimeSpan } from './time-span.ts'
import { writeChanges } from './write-changes.ts'

/** Which part of the store to work out again. */
export interface DeriveOptions {
  readonly cluster: string
  /** Span of the evidence that is new; all time where it is not known. */
  readonly span?: TimeSpan
}

/**
 * Works out sessions, placements and entries of a cluster from the stored evidence and writes what
 * differs from what is stored. Idempotent: a second run changes nothing.
 *
 * @returns Sessions and placed commands of the span and its context, and how many rows were written.
 */
export async function derive(
  store: Store,
  { cluster, span = ALL_TIME }: DeriveOptions,
): Promise<{ sessions: number; commands: number; changed: number }> {
  return deriveTurn(store, cluster, () => deriveNow(store, cluster, span))
}

/** Rounds of one cluster go one after the other, on whatever server: what was read earlier must not be written later. */
export function deriveTurn<T>(store: Store, cluster: string, work: () => Promise<T>): Promise<T> {
  return store.inTurn(`derive/${cluster}`, work)
}

/** The same where the turn is taken already. */
export async function deriveNow(store: Store, cluster: string, span: TimeSpan) {
  const evidence = await readEvidence(store, cluster, contextOf(span))
  const result = reconstruct(evidence)
  const changed = await writeChanges(store, cluster, result, effectOf(span))
  return { sessions: result.sessions.length, commands: result.placements.length, changed }
}
