import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type LedgerReport, openStore, type PublicKey, restoreBackup, type TableRetention } from '@podwitness/store'
import { type ColumnComparison, compareColumns } from '../evidence/compare-columns.ts'

export interface DrillOptions {
  /** Folder of the backup. */
  readonly from: string
  /** Existing folder that the drill makes its own, passing, data folder in; it needs the room of a whole store. */
  readonly at: string
  /** Key kept elsewhere, which backup and ledger must be signed with. */
  readonly trusted?: PublicKey
  readonly signal?: AbortSignal
  /** Is told what goes on. */
  readonly onStep?: (text: string) => void
}

/** What came out of restoring a backup for trial. */
export interface DrillReport {
  readonly backup: string
  readonly base: string
  /** What was acknowledged before this is in it, ISO 8601. */
  readonly created: string
  /** Nothing that was signed is missing or changed, and every column is what its bytes say. */
  readonly sound: boolean
  readonly restoreSeconds: number
  readonly verifySeconds: number
  /** Entries of the ledger from while the backup was made that have no rows in it. */
  readonly withdrawn: number
  readonly tables: readonly Pick<TableRetention, 'table' | 'rows' | 'newest'>[]
  readonly ledger: LedgerReport
  readonly columns: ColumnComparison
}

/**
 * Restores a backup into a folder of its own, checks every signature, row and column there, and removes it again.
 *
 * @throws BackupError where the backup is damaged or cannot be restored.
 */
export async function backupDrill(options: DrillOptions): Promise<DrillReport> {
  const { onStep = () => {}, trusted, signal } = options
  const folder = mkdtempSync(join(resolve(options.at), 'podwitness-drill-'))
  const dataDir = join(folder, 'data')
  const common = { dataDir, ...(signal === undefined ? {} : { signal }) }
  try {
    onStep('restoring')
    const begun = Date.now()
    const restored = await restoreBackup({ ...common, from: options.from, ...(trusted === undefined ? {} : { trusted }) })
    const restoredMs = Date.now()
    const store = await openStore({ ...common, role: 'command' })
    try {
      onStep('checking the ledger')
      const ledger = await store.ledger?.verify(trusted === undefined ? {} : { key: trusted })
      if (ledger === undefined) throw new Error('a data folder has a ledger')
      onStep('decoding every event again')
      const columns = await compareColumns(store.reader, () => {}, signal)
      const { manifest } = restored
      return {
        ...{ backup: manifest.id, base: manifest.base, created: manifest.created },
        sound: ledger.intact && columns.differing === 0,
        restoreSeconds: (restoredMs - begun) / 1000,
        verifySeconds: (Date.now() - restoredMs) / 1000,
        withdrawn: restored.ledger.withdrawn,
        tables: (await store.retention()).map(({ table, rows, newest }) => ({ table, rows, newest })),
        ...{ ledger, columns },
      }
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
