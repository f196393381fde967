import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type PublicKey, readPublicKey } from '../ledger/signing-key.ts'
import { BackupError } from './backup-error.ts'

/** The file that says what a backup holds, and its signature. It is written last: a folder without one is no backup. */
export const BACKUP_MANIFEST = 'manifest.json'
export const BACKUP_SIGNATURE = 'manifest.json.sig'
/** Where the engine's own files and those of the data folder are in it. */
export const ENGINE_PART = 'engine'
export const FOLDER_PART = 'folder'
const FORMAT = 'podwitness-backup/1'

export interface BackedUpFile {
  /** Below the backup, with slashes. */
  readonly name: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/** What a backup holds. */
export interface BackupManifest {
  readonly format: typeof FORMAT
  /** Name of its folder. */
  readonly id: string
  /** ISO 8601: what was acknowledged before `created` is in it. */
  readonly created: string
  readonly finished: string
  /** Id of the backup whose files it builds on, in the folder beside it; empty where it is whole. */
  readonly base: string
  readonly engine: string
  readonly schema: number
  /** Where each chain of the ledger stood; rows of entries up to `certain` are in it, later ones may be. */
  readonly ledger: readonly LedgerPosition[]
  readonly files: readonly BackedUpFile[]
  /** Of the key it is signed with, PEM; empty where nothing was ever signed. */
  readonly publicKey: string
}

export interface LedgerPosition {
  readonly chain: string
  readonly entries: number
  readonly certain: number
}

export const newManifest = (content: Omit<BackupManifest, 'format'>): BackupManifest => ({ format: FORMAT, ...content })

/** A manifest as it lies in a backup. @throws BackupError PW-BK-003 where there is none. */
export function readBackupManifest(folder: string): { manifest: BackupManifest; text: string } {
  const path = join(folder, BACKUP_MANIFEST)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const manifest = parse(text)
  if (manifest !== undefined) return { manifest, text }
  throw new BackupError('PW-BK-003', {
    what: `${folder} is no backup.`,
    why: text === '' ? 'It has no manifest.json, which is written last.' : 'Its manifest.json is not one of ours.',
    todo: `See which there are: podwitness backup list FOLDER`,
  })
}

/** Whether the manifest is what was signed, by its own key or by one kept elsewhere. */
export function manifestFault(folder: string, text: string, manifest: BackupManifest, trusted?: PublicKey): string {
  if (manifest.id !== basename(folder)) return `it was made as ${manifest.id}`
  if (manifest.publicKey === '' && trusted === undefined) return ''
  const path = join(folder, BACKUP_SIGNATURE)
  if (!existsSync(path)) return 'its signature is missing'
  try {
    const key = trusted ?? readPublicKey(manifest.publicKey)
    const good = key.verify(Buffer.from(text), Buffer.from(readFileSync(path, 'utf8').trim(), 'base64'))
    return good ? '' : `it is not what was signed with key ${key.id}`
  } catch {
    return 'its key cannot be read'
  }
}

function parse(text: string): BackupManifest | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isManifest(json) ? json : undefined
  } catch {
    return undefined
  }
}

const TEXTS = ['id', 'created', 'finished', 'base', 'engine', 'publicKey']

function isManifest(json: unknown): json is BackupManifest {
  if (typeof json !== 'object' || json === null) return false
  const fields = json as Record<string, unknown>
  return (
    fields.format === FORMAT &&
    TEXTS.every((name) => typeof fields[name] === 'string') &&
    typeof fields.schema === 'number' &&
    isPlain(String(fields.id)) &&
    (fields.base === '' || isPlain(String(fields.base))) &&
    Array.isArray(fields.ledger) &&
    fields.ledger.every(isPosition) &&
    Array.isArray(fields.files) &&
    fields.files.every(isFile)
  )
}

/** A name in one folder: what a manifest says must not lead out of it. */
const isPlain = (name: string): boolean => /^[0-9A-Za-z][0-9A-Za-z._-]*$/.test(name)

function isPosition(json: unknown): json is LedgerPosition {
  const { chain, entries, certain } = (json ?? {}) as Record<string, unknown>
  return typeof chain === 'string' && Number.isInteger(entries) && Number.isInteger(certain)
}

function isFile(json: unknown): json is BackedUpFile {
  const { name, bytes, sha256 } = (json ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || !Number.isInteger(bytes) || typeof sha256 !== 'string') return false
  return !name.startsWith('/') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
