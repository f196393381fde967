import { reconstruct } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { readEvidence } from './read-evidence.ts'
import { writeChanges } from './write-changes.ts'

/** Which part of the store to work out again. */
export interface DeriveOptions {
  readonly cluster: string
}

/**
 * Works out sessions, placements and entries of a cluster from the stored evidence and writes what
 * differs from what is stored. Idempotent: a second run changes nothing.
 *
 * @returns Sessions and placed commands as they now stand.
 */
export async function derive(
  store: Store,
  { cluster }: DeriveOptions,
): Promise<{ sessions: number; commands: number; changed: number }> {
  const evidence = await readEvidence(store, cluster)
  const result = reconstruct(evidence)
  const changed = await writeChanges(store, cluster, result)
  return { sessions: result.sessions.length, commands: result.placements.length, changed }
}
