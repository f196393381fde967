import { type SampleRow, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'

type Sample = Pick<SampleRow, 'cluster' | 'node' | 'time' | 'container_id' | 'pids'>

/** Samples that are not stored yet, and each of them once. They have no id, so what they say is compared. */
export async function newSamples<S extends Sample>(store: Pick<Store, 'reader'>, samples: readonly S[]): Promise<S[]> {
  if (samples.length === 0) return []
  const times = samples.map(({ time }) => time).sort()
  const params = {
    ...{ from: times[0] ?? '', to: times.at(-1) ?? '' },
    ...{ clusters: [...new Set(samples.map(({ cluster }) => cluster))], nodes: [...new Set(samples.map(({ node }) => node))] },
  }
  const sql = `SELECT cluster, node, toString(time), container_id, pids FROM audit.samples
WHERE cluster IN {clusters:Array(String)} AND node IN {nodes:Array(String)} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}`
  const { rows } = await store.reader.query({ sql, params, maxRows: 1_000_000 })
  const known = new Set(
    rows.map(([cluster, node, time, container, pids]) => keyOf(String(cluster), String(node), String(time), container, pids)),
  )
  return samples.filter(({ cluster, node, time, container_id, pids }) => {
    const key = keyOf(cluster, node, time, container_id, pids)
    if (known.has(key)) return false
    known.add(key)
    return true
  })
}

const keyOf = (cluster: string, node: string, time: string, container: unknown, pids: unknown): string =>
  JSON.stringify([cluster, node, timeMsOf(time), container, pids])
