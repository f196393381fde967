import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '../connection.ts'
import { storeFailure } from '../store-failure.ts'
import { BackupError, type BackupErrorCode } from './backup-error.ts'

const LOOK_EVERY_MS = 200

/** Folders of the engine's own files; `base` of those it builds on. They must be readable by the engine's process. */
export interface EnginePlaces {
  readonly folder: string
  readonly base?: string
}

export interface EngineWork {
  readonly signal?: AbortSignal | undefined
  /** Bytes done so far and bytes in all, as far as known. */
  readonly onProgress?: (done: number, all: number) => void
}

/**
 * Has the engine write all tables as they are at one moment, while rows go on arriving.
 * Source: ClickHouse, docs/en/operations/backup.md.
 */
export async function backUpTables(connection: Connection, places: EnginePlaces, work: EngineWork): Promise<void> {
  const sql = `BACKUP DATABASE audit TO ${place(places.folder)}${withBase(places)}`
  await runInEngine(connection, sql, work, ['PW-BK-002', 'The engine could not write the backup.'])
}

/** Has the engine read all tables back into a database that has none. */
export async function restoreTables(connection: Connection, places: EnginePlaces, work: EngineWork): Promise<void> {
  const sql = `RESTORE DATABASE audit FROM ${place(places.folder)}${withBase(places)}`
  await runInEngine(connection, sql, work, ['PW-BK-007', 'The engine could not read the backup back.'])
}

interface State {
  readonly status: string
  readonly error: string
  readonly done: string
  readonly total: string
}

/** In the background, looked at again and again: a request that is silent for minutes would be given up. */
async function runInEngine(
  connection: Connection,
  sql: string,
  { signal, onProgress }: EngineWork,
  [code, what]: readonly [BackupErrorCode, string],
): Promise<void> {
  const failed = { what, otherwise: 'PW-ST-018' } as const
  let id = ''
  try {
    id = (await connection.text('admin', `${sql} ASYNC`)).split('\t')[0] ?? ''
  } catch (error) {
    throw storeFailure(error, failed)
  }
  const look = `SELECT toString(status) AS status, error, toString(greatest(bytes_read, compressed_size)) AS done, toString(total_size) AS total
FROM system.backups WHERE id = {id:String}`
  for (;;) {
    const [state] = await connection.rows<State>('admin', look, { id }, failed)
    if (state === undefined) throw new BackupError(code, { what, why: 'It forgot about it: it was started again meanwhile.' })
    if (state.status === 'BACKUP_CREATED' || state.status === 'RESTORED') return
    if (/FAILED|CANCELLED/.test(state.status))
      throw new BackupError(code, { what, why: `It says: ${state.error.split('\n')[0]}` })
    onProgress?.(Number(state.done), Number(state.total))
    if (signal?.aborted === true) await cancel(connection, id)
    signal?.throwIfAborted()
    await pause(LOOK_EVERY_MS)
  }
}

async function cancel(connection: Connection, id: string): Promise<void> {
  const which = `query_id IN (SELECT query_id FROM system.backups WHERE id = '${id.replaceAll(/[^0-9a-f-]/g, '')}')`
  await connection.command('admin', `KILL QUERY WHERE ${which} SYNC`)
}

const place = (folder: string): string => `File('${folder.replaceAll(/[\\']/g, (character) => `\\${character}`)}/')`
const withBase = ({ base }: EnginePlaces): string => (base === undefined ? '' : ` SETTINGS base_backup = ${place(base)}`)
