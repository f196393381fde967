import { storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { DISK_LIMITS, type DiskLimits } from '../intake/disk-guard.ts'

const KIND = 'setting'
const ID = 'disk'

/** Leaves a server's limits in the store, so that commands beside it tell the same. */
export async function noteLimits(store: Store, limits: DiskLimits, nowMs: number): Promise<void> {
  const known = await knownLimits(store)
  if (known.refuseBelowBytes === limits.refuseBelowBytes && known.warnBelowBytes === limits.warnBelowBytes) return
  const { refuseBelowBytes, warnBelowBytes } = limits
  const spec = JSON.stringify({ refuseBelowBytes, warnBelowBytes })
  const row = { kind: KIND, id: ID, spec, changed: storeTime(nowMs), version: `${nowMs * 1000}`, is_deleted: 0 as const }
  await store.writer.insert('store_objects', [row], `${KIND}|${ID}|${nowMs}`)
}

/** The limits of the server that ran last; the usual ones where none ever did. */
export async function knownLimits(store: Pick<Store, 'reader'>): Promise<DiskLimits> {
  const sql = `SELECT spec FROM audit.store_objects FINAL WHERE kind = '${KIND}' AND id = '${ID}'`
  const [[spec] = []] = (await store.reader.query({ sql })).rows
  const noted = spec === undefined ? {} : (JSON.parse(String(spec)) as Partial<DiskLimits>)
  return { ...DISK_LIMITS, ...noted }
}
