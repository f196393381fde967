import { chmodSync, chownSync, lstatSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DesiredFile } from './desired-state.ts'
import type { Machine } from './machine.ts'
import type { NodeFacts } from './node-facts.ts'
import { type Backup, makeFolder, type OwnFile, writeAtomically } from './node-state.ts'
import { pluginTextFor } from './plugin-file.ts'

/** First line of every file of ours: it tells them apart when what we remember is lost. */
export const MARK = '# Written by podwitness; edits are overwritten.'

/** Where the distribution's loader finds rules at boot. */
export const RULES_FOLDER = '/etc/audit/rules.d'

/** A file as it shall be on the node. */
export interface Target {
  readonly path: string
  readonly text: string
  readonly file: DesiredFile
}

/** Where the desired files go on this node and with what text; OMS files only where that agent is. */
export function targetsOf(files: readonly DesiredFile[], facts: NodeFacts, omsFolder: string | null): Target[] {
  return files.flatMap((file) => {
    const folder = { rules: RULES_FOLDER, plugin: facts.pluginFolder, oms: omsFolder }[file.kind]
    if (folder === null) return []
    const text = file.kind === 'plugin' ? pluginTextFor(file.text, facts.fileVersion) : file.text
    return [{ path: `${folder}/${file.name}`, text: `${MARK}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}`, file }]
  })
}

/** How a file on the node compares with what it shall be. */
export type FileCondition = 'same' | 'missing' | 'changed' | 'foreign'

/** Looks at the file in a target's place. `foreign`: it is not of ours. */
export function fileCondition(machine: Machine, { path, text }: Target, owned: readonly OwnFile[]): FileCondition {
  const found = readText(machine.path(path))
  if (found === undefined) return 'missing'
  if (found === text) return 'same'
  return found.startsWith(MARK) || owned.some((file) => file.path === path) ? 'changed' : 'foreign'
}

/** Text of a file; undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Paths of the files in a folder of the node that carry our mark. */
export function markedFiles(machine: Machine, folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(machine.path(folder))
  } catch {
    return [] // auditd is not installed.
  }
  const paths = names.filter((name) => !name.startsWith('.')).map((name) => `${folder}/${name}`)
  return paths.filter((path) => readText(machine.path(path))?.startsWith(MARK) === true)
}

/** What must be kept of the file that stands at a path; null where none does, or one of ours. */
export function backupOf(machine: Machine, path: string): Backup | null {
  const at = machine.path(path)
  const info = lstatSync(at, { throwIfNoEntry: false })
  if (info?.isFile() !== true) return null
  const content = readFileSync(at)
  if (content.subarray(0, MARK.length).toString('latin1') === MARK) return null
  return { content: content.toString('base64'), mode: info.mode & 0o7777, uid: info.uid, gid: info.gid, mtimeMs: info.mtimeMs }
}

/** Writes a file of ours. 0640, as auditd's own: a plugin file that others may write is refused by auditd. */
export function writeOwn(machine: Machine, { path, text }: Target): string[] {
  const made = makeFolder(machine, dirname(path))
  writeAtomically(machine.path(path), text, 0o640)
  return made
}

/** Takes a file of ours away; what stood there before comes back. */
export function removeOwn(machine: Machine, { path, backup }: OwnFile): void {
  const at = machine.path(path)
  if (backup === null) {
    rmSync(at, { force: true })
    return
  }
  makeFolder(machine, dirname(path))
  writeAtomically(at, Buffer.from(backup.content, 'base64'), backup.mode)
  chownSync(at, backup.uid, backup.gid)
  chmodSync(at, backup.mode) // chown may clear set-id bits.
  utimesSync(at, backup.mtimeMs / 1000, backup.mtimeMs / 1000)
}
