import { randomUUID } from 'node:crypto'
import { storeTime } from '@podwitness/event'
import type { Connection } from '../connection.ts'
import type { StoreWriter } from '../store-writer.ts'

const FAILED = { what: 'The id of the store cannot be read.', otherwise: 'PW-ST-018' } as const
const READ = `SELECT id FROM audit.store_objects FINAL WHERE kind = 'store' LIMIT 1`

/** The id of a store, made by whoever opens it first: of inserts under one token the store takes one. */
export async function storeId(connection: Connection, writer: StoreWriter): Promise<string> {
  const [known] = await connection.rows<{ id: string }>('admin', READ, {}, FAILED)
  if (known !== undefined) return known.id
  const changed = storeTime(Date.now())
  const row = { kind: 'store', id: randomUUID(), spec: '{}', changed, version: '1', is_deleted: 0 as const }
  await writer.insert('store_objects', [row], 'store-id')
  const [made] = await connection.rows<{ id: string }>('admin', READ, {}, FAILED)
  return made?.id ?? row.id
}
