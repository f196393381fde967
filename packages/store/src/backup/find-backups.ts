import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type BackupManifest, readBackupManifest } from './backup-manifest.ts'

/** A folder that is, or was to be, a backup. */
export interface FoundBackup {
  readonly folder: string
  /** Undefined where its manifest cannot be read. */
  readonly manifest: BackupManifest | undefined
}

/** The backups in a folder, oldest first; unfinished ones, whose names begin with a dot, are none. */
export function findBackups(into: string): FoundBackup[] {
  const path = resolve(into)
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d{4}-\d\d-\d\dT/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ folder: join(path, name), manifest: manifestOf(join(path, name)) }))
}

function manifestOf(folder: string): BackupManifest | undefined {
  try {
    return readBackupManifest(folder).manifest
  } catch {
    return undefined
  }
}

/** The backup a path means: itself, or the newest one in it. */
export function newestBackup(path: string): string {
  const folder = resolve(path)
  return findBackups(folder).at(-1)?.folder ?? folder
}
