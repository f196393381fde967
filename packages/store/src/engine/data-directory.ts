import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder } from '../durable-file.ts'
import { StoreError } from '../store-error.ts'
import { configXml } from './engine-config.ts'
import { processExists } from './engine-file.ts'
import { type Passwords, usersXml } from './engine-users.ts'

/** Where things are in a data directory. */
export interface DataDirectory {
  readonly path: string
  /** Of this process alone: one that finds the directory taken must not change what another's engine will read. */
  readonly config: string
  /** The engine's own part. */
  readonly data: string
}

/**
 * Makes a data directory ready to be used; one that exists already stays as it is.
 *
 * @throws StoreError PW-ST-003 (cannot be written), PW-ST-012 (disk full).
 */
export function prepareDirectory(path: string): DataDirectory {
  const directory = { path, config: join(path, 'engine', `${process.pid}`, 'config.xml'), data: join(path, 'clickhouse') }
  try {
    const fresh = !existsSync(path)
    mkdirSync(join(path, 'engine'), { recursive: true, mode: 0o700 })
    if (fresh) chmodSync(path, 0o700)
    const probe = join(path, `.write-probe.${process.pid}`)
    writeFileSync(probe, 'x')
    rmSync(probe)
  } catch (error) {
    throw unwritable(path, error)
  }
  return directory
}

/** Writes the engine's configuration, readable by its owner only. */
export function writeConfiguration(directory: DataDirectory, passwords: Passwords): void {
  const users = join(dirname(directory.config), 'users.xml')
  try {
    mkdirSync(dirname(directory.config), { recursive: true, mode: 0o700 })
    for (const [file, content] of [
      [users, usersXml(passwords)],
      [directory.config, configXml(users)],
    ] as const) {
      rmSync(file, { force: true })
      writeFileSync(file, content, { mode: 0o600 })
    }
  } catch (error) {
    throw unwritable(directory.path, error)
  }
}

/** Removes this process's configuration: its passwords are of no more use. */
export function removeConfiguration(directory: DataDirectory): void {
  rmSync(dirname(directory.config), { recursive: true, force: true })
}

/** Removes what processes left behind that were killed. */
export function removeStaleConfigurations(directory: DataDirectory): void {
  const all = dirname(dirname(directory.config))
  for (const name of readdirSync(all)) if (!processExists(Number(name))) rmSync(join(all, name), { recursive: true, force: true })
}

/** Pid of the engine that has the directory open, as it wrote it into its lock file; 0 where unknown. */
export function lockHolder(directory: DataDirectory): number {
  try {
    return Number(/^PID: (\d+)/m.exec(readFileSync(join(directory.data, 'status'), 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/**
 * Syncs the directories that hold tables. The engine syncs files but not the directories above a table, so without
 * this a power cut soon after a migration takes the new tables with it.
 */
export function syncTableDirectories(directory: DataDirectory): void {
  syncTree(directory.data, 1)
  syncTree(join(directory.data, 'metadata'), 1)
  syncTree(join(directory.data, 'store'), 2)
}

function syncTree(path: string, depth: number): void {
  if (!existsSync(path)) return
  syncFolder(path)
  if (depth === 0) return
  for (const child of readdirSync(path, { withFileTypes: true }))
    if (child.isDirectory()) syncTree(join(path, child.name), depth - 1)
}

function unwritable(path: string, error: unknown): StoreError {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StoreError('PW-ST-012', { what: `The disk of ${path} is full.`, todo: 'Free space on it.', cause: error })
  return new StoreError('PW-ST-003', {
    what: `The data directory ${path} cannot be written.`,
    why: `${message}.`,
    todo: 'Give another directory with --data, or give this user the right to write there.',
    cause: error,
  })
}
