import type { ContainerRow } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { containerVersion } from '../rows/fact-version.ts'
import type { ReadBatch } from './read-batch.ts'

/** Completes containers that are gone with what this batch or the store knows of them; one never seen is left out. */
export async function addGone(store: Store, { parcel, gone, known }: ReadBatch): Promise<void> {
  const missing = gone.map(({ containerId }) => containerId).filter((id) => !known.has(id))
  if (missing.length > 0) {
    const sql = `SELECT * EXCEPT version FROM audit.containers FINAL
      WHERE cluster = {cluster:String} AND node = {node:String} AND container_id IN {missing:Array(String)}`
    const { cluster, node } = parcel
    for await (const block of store.reader.stream<ContainerRow>(sql, { cluster, node, missing }))
      for (const row of block) known.set(row.container_id, row)
  }
  for (const { containerId, time } of gone) {
    const row = known.get(containerId)
    if (row === undefined) continue
    const ended = { ...row, init_pid: Number(row.init_pid), gone: time }
    parcel.containers.push({ ...ended, version: containerVersion(ended, 999) })
  }
}
