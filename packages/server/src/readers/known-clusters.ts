import type { Store } from '@podwitness/store'

/** Those of the names that are clusters with an event in the store. */
export async function knownClusters(store: Store, names: readonly string[]): Promise<string[]> {
  const known: string[] = []
  for (const name of names) {
    const { rows } = await store.reader.query({
      sql: 'SELECT 1 FROM audit.events WHERE cluster = {cluster:String} LIMIT 1',
      params: { cluster: name },
    })
    if (rows.length > 0) known.push(name)
  }
  return known
}
