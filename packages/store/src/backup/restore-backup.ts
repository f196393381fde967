import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { embeddedSide } from '../embedded-side.ts'
import { prepareDirectory } from '../engine/data-directory.ts'
import { EngineHost, startFailure } from '../engine/engine-host.ts'
import { type SettledLedger, settleRestored } from '../ledger/settle-restored.ts'
import type { PublicKey } from '../ledger/signing-key.ts'
import { migrate } from '../migrate.ts'
import { BackupError } from './backup-error.ts'
import { copyFiles, emptyFolder, isEmptyFolder, syncBelow } from './backup-files.ts'
import { type BackupManifest, ENGINE_PART, FOLDER_PART } from './backup-manifest.ts'
import { type BackupFault, checkBackup } from './check-backup.ts'
import { type EngineWork, restoreTables } from './engine-backup.ts'

/** Faults that a message names; the rest is counted. */
const NAMED = 5

export interface RestoreOptions extends EngineWork {
  /** Folder of the backup. */
  readonly from: string
  /** Data folder to fill; it must be empty or missing. */
  readonly dataDir: string
  /** Key kept elsewhere, which the backup must be signed with. */
  readonly trusted?: PublicKey
  readonly onNotice?: (text: string) => void
}

export interface Restored {
  readonly manifest: BackupManifest
  readonly ledger: SettledLedger
}

/**
 * Makes a data folder out of a backup: every byte is checked first, and the ledger then says under signature what was
 * restored. What fails leaves the folder empty.
 *
 * @throws BackupError PW-BK-003 to PW-BK-007; StoreError where the engine does not start or the backup is of a newer version.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const dataDir = resolve(options.dataDir)
  if (!isEmptyFolder(dataDir)) throw notEmpty(dataDir)
  const { manifest, faults } = checkBackup(options.from, options.trusted)
  if (faults.length > 0) throw damaged(manifest, faults)
  const fresh = !existsSync(dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (fresh) chmodSync(dataDir, 0o700)
  try {
    const ledger = await fill(options, manifest, dataDir)
    await syncBelow(dataDir)
    return { manifest, ledger }
  } catch (error) {
    emptyFolder(dataDir)
    throw error
  }
}

async function fill(options: RestoreOptions, manifest: BackupManifest, dataDir: string): Promise<SettledLedger> {
  const from = resolve(options.from)
  const names = manifest.files.map(({ name }) => name).filter((name) => name.startsWith(`${FOLDER_PART}/`))
  copyFiles(
    join(from, FOLDER_PART),
    dataDir,
    names.map((name) => name.slice(FOLDER_PART.length + 1)),
  )
  const directory = prepareDirectory(dataDir)
  const onNotice = options.onNotice ?? (() => {})
  const host = await EngineHost.start({ directory, role: 'command', onNotice }, options.signal).catch((error: unknown) => {
    throw startFailure(dataDir, error)
  })
  const side = embeddedSide(host, directory)
  try {
    const base = manifest.base === '' ? {} : { base: join(dirname(from), manifest.base, ENGINE_PART) }
    await restoreTables(side.connection, { folder: join(from, ENGINE_PART), ...base }, options)
    await migrate(side.connection)
    const certain = new Map(manifest.ledger.map((position) => [position.chain, position.certain]))
    const folder = join(dataDir, 'ledger')
    return await settleRestored({ folder, connection: side.connection, certain, backup: manifest.id, created: manifest.created })
  } finally {
    await side.stop()
  }
}

function notEmpty(dataDir: string): BackupError {
  return new BackupError('PW-BK-006', {
    what: `${dataDir} is not empty, so nothing is restored there.`,
    why: 'A restore makes a whole data folder and never writes over one.',
    todo: 'Stop the server and move that folder away, or name another one with --data.',
  })
}

function damaged(manifest: BackupManifest, faults: readonly BackupFault[]): BackupError {
  const named = faults.slice(0, NAMED).map(({ backup, file, why }) => `${backup}/${file}: ${why}`)
  const more = faults.length > NAMED ? [`and ${faults.length - NAMED} more`] : []
  return new BackupError('PW-BK-004', {
    what: `Backup ${manifest.id} is damaged, so nothing is restored from it.`,
    why: `${[...named, ...more].join('; ')}.`,
    todo: 'Take another backup: podwitness backup list FOLDER.',
  })
}
