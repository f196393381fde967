import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { PublicKey } from '../ledger/signing-key.ts'
import { BackupError } from './backup-error.ts'
import { filesBelow, hashFile } from './backup-files.ts'
import {
  BACKUP_MANIFEST,
  BACKUP_SIGNATURE,
  type BackedUpFile,
  type BackupManifest,
  manifestFault,
  readBackupManifest,
} from './backup-manifest.ts'

/** A file of a backup, or of the one it builds on, that is not what was written. */
export interface BackupFault {
  readonly backup: string
  readonly file: string
  readonly why: string
}

export interface BackupCheck {
  readonly manifest: BackupManifest
  /** That of the backup it builds on. */
  readonly base: BackupManifest | undefined
  readonly faults: readonly BackupFault[]
  readonly files: number
  readonly bytes: number
}

/**
 * Reads a backup and the one it builds on, every byte.
 *
 * @param trusted Key kept elsewhere, which must have signed both.
 * @throws BackupError PW-BK-003 where there is none, PW-BK-005 where its base is missing.
 */
export function checkBackup(path: string, trusted?: PublicKey): BackupCheck {
  const folder = resolve(path)
  const { manifest, faults } = checkOne(folder, trusted)
  if (manifest.base === '') return { manifest, base: undefined, faults, ...sizeOf([manifest]) }
  const baseFolder = join(dirname(folder), manifest.base)
  if (!existsSync(join(baseFolder, BACKUP_MANIFEST)))
    throw new BackupError('PW-BK-005', {
      what: `Backup ${manifest.id} builds on ${manifest.base}, which is not beside it.`,
      todo: `Put ${manifest.base} back into ${dirname(folder)}, or take another backup.`,
    })
  const base = checkOne(baseFolder, trusted)
  return { manifest, base: base.manifest, faults: [...faults, ...base.faults], ...sizeOf([manifest, base.manifest]) }
}

function checkOne(folder: string, trusted?: PublicKey) {
  const { manifest, text } = readBackupManifest(folder)
  const faults: BackupFault[] = []
  const find = (file: string, why: string): void => void faults.push({ backup: manifest.id, file, why })
  const fault = manifestFault(folder, text, manifest, trusted)
  if (fault !== '') find(BACKUP_MANIFEST, fault)
  const known = new Set([BACKUP_MANIFEST, BACKUP_SIGNATURE])
  for (const file of manifest.files) {
    known.add(file.name)
    const why = fileFault(folder, file)
    if (why !== '') find(file.name, why)
  }
  for (const name of filesBelow(folder)) if (!known.has(name)) find(name, 'it is not of this backup')
  return { manifest, faults }
}

function fileFault(folder: string, { name, bytes, sha256 }: BackedUpFile): string {
  const stat = statSync(join(folder, name), { throwIfNoEntry: false })
  if (stat === undefined || !stat.isFile()) return 'it is missing'
  if (stat.size !== bytes) return `it has ${stat.size} bytes instead of ${bytes}`
  try {
    return hashFile(folder, name).sha256 === sha256 ? '' : 'its bytes are not those that were written'
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

function sizeOf(manifests: readonly BackupManifest[]): { files: number; bytes: number } {
  const files = manifests.flatMap((manifest) => manifest.files)
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}
