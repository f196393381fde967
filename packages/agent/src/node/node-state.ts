import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DesiredFile } from './desired-state.ts'
import { reasonOf } from './desired-state.ts'
import type { AuditStatus } from './kernel-audit.ts'
import type { Machine } from './machine.ts'
import { NodeError, type NodeProblem } from './node-error.ts'

/** Folder on the node where we remember what we did. */
export const STATE_FOLDER = '/var/lib/podwitness/node'
const STATE_FILE = `${STATE_FOLDER}/state.json`
const SETS_KEPT = 5

/** A file that stood where we wrote ours. */
export interface Backup {
  /** Its content, base64: it may be anything. */
  readonly content: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
}

/** A file of ours on the node. */
export interface OwnFile {
  readonly path: string
  readonly backup: Backup | null
}

/** What we found and what we did: enough to undo it, after any crash. */
export interface NodeState {
  readonly version: 1
  /** How the node was before the first change; null until then. */
  readonly found: { readonly rules: readonly string[]; readonly status: AuditStatus; readonly auditdRan: boolean } | null
  readonly files: readonly OwnFile[]
  /** Folders we made, outermost first. */
  readonly folders: readonly string[]
  /** Rules in the kernel that are ours, as written. */
  readonly loaded: readonly string[]
  /** Rules that were there and became ours by adopting their file; put back on uninstall. */
  readonly adopted: readonly string[]
  /** Settings we changed, and their last value of ours. */
  readonly settings: Readonly<Record<string, string>>
  /** Packages that came with our installation. */
  readonly packages: readonly string[]
  readonly startedAuditd: boolean
  /** Plugin files changed and auditd has not been told yet. */
  readonly untold: boolean
  /** Hashes of the sets that were in force, newest last. */
  readonly history: readonly { readonly hash: string; readonly at: string }[]
  /** The set that the kernel refused, and what it said: tried again when it changes. */
  readonly refusal: { readonly hash: string; readonly problem: NodeProblem } | null
  /** The set that was rolled back: it is not applied again until it changes. */
  readonly rejected: string | null
}

const EMPTY_STATE: NodeState = {
  version: 1,
  found: null,
  files: [],
  folders: [],
  loaded: [],
  adopted: [],
  settings: {},
  packages: [],
  startedAuditd: false,
  untold: false,
  history: [],
  refusal: null,
  rejected: null,
}

/** Reads what we remember; the empty state where there is nothing, or nothing that can be read. */
export function readState(machine: Machine): NodeState {
  try {
    const state: unknown = JSON.parse(readFileSync(machine.path(STATE_FILE), 'utf8'))
    if (typeof state === 'object' && state !== null && 'version' in state && state.version === 1)
      return { ...EMPTY_STATE, ...(state as Partial<NodeState>) }
  } catch {
    // Not there, or damaged: the node converges anew, and our files are known by their mark.
  }
  return EMPTY_STATE
}

/** Remembers, so that a crash leaves the old or the new. Answers the state with the folders it had to make. */
export function writeState(machine: Machine, state: NodeState): NodeState {
  const made = makeFolder(machine, STATE_FOLDER)
  const full = { ...state, folders: [...new Set([...state.folders, ...made])] }
  writeAtomically(machine.path(STATE_FILE), `${JSON.stringify(full, null, 1)}\n`, 0o600)
  return full
}

/** Keeps a set that is in force, for rolling back; answers the state with it as the newest. */
export function keepSet(machine: Machine, state: NodeState, hash: string, files: readonly DesiredFile[], at: Date): NodeState {
  if (state.history.at(-1)?.hash === hash && existsSync(setPath(machine, hash))) return state
  makeFolder(machine, `${STATE_FOLDER}/sets`)
  writeAtomically(setPath(machine, hash), JSON.stringify(files), 0o600)
  const history = [...state.history.filter((set) => set.hash !== hash), { hash, at: at.toISOString() }]
  for (const old of history.slice(0, -SETS_KEPT)) rmSync(setPath(machine, old.hash), { force: true })
  return { ...state, history: history.slice(-SETS_KEPT) }
}

/** The files of a kept set; undefined where it is gone. */
export function readSet(machine: Machine, hash: string): readonly DesiredFile[] | undefined {
  try {
    return JSON.parse(readFileSync(setPath(machine, hash), 'utf8')) as DesiredFile[]
  } catch {
    return undefined
  }
}

/** Forgets everything, and removes the folders we made where they are empty. */
export function forgetState(machine: Machine, state: NodeState): void {
  rmSync(machine.path(STATE_FOLDER), { recursive: true, force: true })
  for (const folder of [...state.folders].reverse()) {
    try {
      rmdirSync(machine.path(folder))
    } catch {
      // Somebody else keeps something there, or it is gone.
    }
  }
}

/** Makes a folder and what is above it; answers those that were made, outermost first. */
export function makeFolder(machine: Machine, folder: string): string[] {
  const missing: string[] = []
  for (let at = folder; at !== '/' && !existsSync(machine.path(at)); at = dirname(at)) missing.unshift(at)
  try {
    for (const path of missing) mkdirSync(machine.path(path), { mode: 0o750 })
  } catch (error) {
    throw cannotWrite(folder, error)
  }
  return missing
}

/** Writes beside and renames: a reader sees the old text or the new one. */
export function writeAtomically(path: string, text: string | Uint8Array, mode: number): void {
  const beside = join(dirname(path), `.podwitness-${process.pid}.tmp`)
  try {
    writeFileSync(beside, text, { mode, flush: true })
    chmodSync(beside, mode) // The umask may have taken bits away.
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw cannotWrite(path, error)
  }
}

function setPath(machine: Machine, hash: string): string {
  return machine.path(`${STATE_FOLDER}/sets/${hash.replace(/\W/g, '')}.json`)
}

function cannotWrite(path: string, cause: unknown): NodeError {
  return new NodeError('PW-ND-016', { what: `${path} cannot be written.`, why: reasonOf(cause) }, { cause })
}
