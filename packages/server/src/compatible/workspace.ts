import { WHOLE_STORE } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { knownClusters } from '../readers/known-clusters.ts'

/** A workspace or database that does not exist. */
export class UnknownWorkspace extends Error {
  override readonly name = 'UnknownWorkspace'
  readonly workspace: string

  constructor(workspace: string) {
    super(`There is no workspace or database "${workspace}": name a cluster, or "podwitness" for all of them.`)
    this.workspace = workspace
  }
}

/**
 * What the workspaces of Log Analytics and the databases of Kusto are here: clusters.
 *
 * @returns The clusters a question is limited to; undefined for all.
 * @throws UnknownWorkspace for a name that is neither a cluster nor the whole store: another's rows would be no answer.
 */
export async function clustersOf(store: Store, names: readonly string[]): Promise<string[] | undefined> {
  if (names.some((name) => WHOLE_STORE.includes(name))) return undefined
  const clusters = [...new Set(names)]
  const known = await knownClusters(store, clusters)
  for (const name of clusters) if (!known.includes(name)) throw new UnknownWorkspace(name)
  return clusters
}

/** Every database a client may be shown. */
export async function databaseNames(store: Store): Promise<string[]> {
  const { rows } = await store.reader.query({ sql: 'SELECT DISTINCT cluster FROM audit.events ORDER BY cluster' })
  return ['podwitness', ...rows.map(([cluster]) => String(cluster)).filter((name) => name !== '')]
}
