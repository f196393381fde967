import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ENGINE_USERS, type Passwords } from './engine-users.ts'

/** Who runs the engine of a directory, and how to reach it: `DIR/engine.json`, readable by its owner only. */
export interface EngineFile {
  readonly format: 1
  readonly role: 'server' | 'command'
  readonly ownerPid: number
  readonly enginePid: number
  readonly url: string
  readonly passwords: Passwords
  readonly started: string
}

const path = (dataDir: string) => join(dataDir, 'engine.json')

/** Writes the file whole or not at all. */
export function writeEngineFile(dataDir: string, content: EngineFile): void {
  const temporary = `${path(dataDir)}.${content.ownerPid}`
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path(dataDir))
}

/** The file's content, or `undefined` where there is none or it is not one of ours. */
export function readEngineFile(dataDir: string): EngineFile | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(path(dataDir), 'utf8'))
    return isEngineFile(content) ? content : undefined
  } catch {
    return undefined
  }
}

/** Removes the file if it is still this process's own. */
export function removeEngineFile(dataDir: string): void {
  if (readEngineFile(dataDir)?.ownerPid === process.pid) rmSync(path(dataDir), { force: true })
}

function isEngineFile(value: unknown): value is EngineFile {
  if (typeof value !== 'object' || value === null) return false
  const file = value as Partial<EngineFile>
  const passwords: Partial<Passwords> = file.passwords ?? {}
  return (
    file.format === 1 &&
    (file.role === 'server' || file.role === 'command') &&
    typeof file.ownerPid === 'number' &&
    /^http:\/\/127\.0\.0\.1:\d+$/.test(file.url ?? '') &&
    ENGINE_USERS.every((user) => typeof passwords[user] === 'string')
  )
}

/** Whether a process with this id exists. */
export function processExists(pid: number): boolean {
  // Zero and below address groups of processes.
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
