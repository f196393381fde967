import { crc32 } from 'node:zlib'
import type { TableName } from '../table-rows.ts'

/**
 * What decides on which shard a row is. Rows that replace each other have the same key, so they meet on one shard; a
 * placement is where its event is, because the view that makes the first one writes to the event's own server.
 */
const KEYS: Readonly<Partial<Record<TableName, string>>> = {
  events: 'event_id',
  placements: 'event_id',
  entries: 'event_id',
  sessions: 'trace_id',
  containers: 'container_id',
  pods: 'pod_uid',
  samples: 'container_id',
  imports: 'import_id',
  loss: 'loss_id',
  heartbeats: 'node',
  batches: 'batch',
  alert_objects: 'id',
  alerts: 'alert_id',
  alert_runs: 'rule_id',
  alert_deliveries: 'delivery_id',
  alert_leases: 'slot',
  access_objects: 'id',
  leases: 'name',
  ledger_entries: 'chain',
  store_objects: 'kind',
}

/** Number of the shard a row is on, from 0. Tables without a key of their own are on the first. */
export function shardOf(table: TableName, row: object, shards: number): number {
  const key = KEYS[table]
  if (shards === 1 || key === undefined) return 0
  return crc32(String(Reflect.get(row, key) ?? '')) % shards
}
