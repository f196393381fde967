import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Connection } from '../connection.ts'
import { syncFolder, writeDurably } from '../durable-file.ts'
import { readHealth } from '../health.ts'
import { chainNames, readChain } from '../ledger/chain-file.ts'
import { lastInsert } from '../ledger/last-insert.ts'
import { PUBLIC_KEY_FILE } from '../ledger/signing-key.ts'
import { BackupError } from './backup-error.ts'
import { copyFiles, filesBelow, hashFile, syncBelow } from './backup-files.ts'
import {
  BACKUP_MANIFEST,
  BACKUP_SIGNATURE,
  type BackupManifest,
  ENGINE_PART,
  FOLDER_PART,
  type LedgerPosition,
  newManifest,
} from './backup-manifest.ts'
import { backUpTables, type EngineWork } from './engine-backup.ts'
import { findBackups } from './find-backups.ts'

const DAY_MS = 86_400_000
/** A whole backup at least this often: what builds on one is worth no more than it. */
const WHOLE_EVERY_DAYS = 7
const LEDGER = 'ledger'

export interface CreateBackupOptions extends EngineWork {
  /** Folder that backups are kept in, one folder each. */
  readonly into: string
  /** Whole, even where an earlier one could be built on. */
  readonly whole?: boolean
  readonly nowMs?: number
}

/** What is backed up: a data folder and the engine that runs on it. */
export interface BackupSource {
  readonly dataDir: string
  readonly connection: Connection
  /** Signs with the ledger's key; base64. */
  sign(bytes: Uint8Array): string
}

/**
 * Writes a backup while the server runs. What was acknowledged before it began is in it; what comes meanwhile may be.
 *
 * The order makes it consistent: first the files beside the tables, so that where a followed log stood is never ahead
 * of its rows; then how far the ledger was, then the tables at one moment, then the ledger: an entry comes before its rows.
 *
 * @throws BackupError PW-BK-002, PW-BK-008.
 */
export async function createBackup(source: BackupSource, options: CreateBackupOptions): Promise<BackupManifest> {
  const nowMs = options.nowMs ?? Date.now()
  const created = new Date(nowMs).toISOString()
  const into = resolve(options.into)
  const id = created.replaceAll(/[:.]/g, '-')
  const draft = join(into, `.${id}.unfinished`)
  makeDraft(draft)
  const base = options.whole === true ? '' : baseOf(into, nowMs)
  try {
    const { dataDir, connection } = source
    const copied = copyFiles(dataDir, join(draft, FOLDER_PART), ordinaryFiles(dataDir, into))
    const certain = certainPositions(join(dataDir, LEDGER))
    const places = { folder: join(draft, ENGINE_PART), ...(base === '' ? {} : { base: join(into, base, ENGINE_PART) }) }
    await backUpTables(connection, places, options)
    const ledger = filesBelow(join(dataDir, LEDGER)).filter((name) => !name.endsWith('.lock'))
    copied.push(
      ...copyFiles(
        dataDir,
        join(draft, FOLDER_PART),
        ledger.map((name) => join(LEDGER, name)),
      ),
    )
    const health = await readHealth([connection], 0)
    const manifest = newManifest({
      ...{ id, created, finished: new Date().toISOString(), base, engine: health.version, schema: health.schema },
      ledger: positions(join(draft, FOLDER_PART, LEDGER), certain),
      files: filesBelow(draft).map((name) => hashFile(draft, name)),
      publicKey: publicKeyOf(dataDir),
    })
    await finish(source, draft, manifest)
    renameSync(draft, join(into, id))
    syncFolder(into)
    return manifest
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
}

/** The newest whole one, as long as it is young; building on what builds on another would need all of them. */
function baseOf(into: string, nowMs: number): string {
  const whole = findBackups(into).filter(({ manifest }) => manifest?.base === '')
  const newest = whole.at(-1)?.manifest
  return newest !== undefined && nowMs - Date.parse(newest.created) < WHOLE_EVERY_DAYS * DAY_MS ? newest.id : ''
}

function makeDraft(draft: string): void {
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new BackupError('PW-BK-008', {
      what: `No backup can be written to ${draft}.`,
      why: cause instanceof Error ? cause.message : String(cause),
      todo: 'Name a folder that this user, and the server, may write to.',
      cause,
    })
  }
}

/** What belongs to the engine, or to the processes that run now. */
const NOT_KEPT = /^(clickhouse|engine|ledger)\/|^engine\.json|^\.write-probe|\.lock$/

function ordinaryFiles(dataDir: string, into: string): string[] {
  const within = relative(dataDir, into)
  const inside = !within.startsWith('..') && within !== '' ? `${within}/` : undefined
  return filesBelow(dataDir, (name) => !NOT_KEPT.test(name) && (inside === undefined || !name.startsWith(inside)))
}

/** Entries whose rows are stored for certain: all but those of the last insert, which may still run. */
function certainPositions(ledger: string): Map<string, number> {
  return new Map(
    chainNames(ledger).map((chain) => {
      const { entries } = readChain(ledger, chain)
      return [chain, entries.length - lastInsert(entries).length]
    }),
  )
}

function positions(ledger: string, certain: ReadonlyMap<string, number>): LedgerPosition[] {
  return chainNames(ledger).map((chain) => {
    const { entries } = readChain(ledger, chain)
    return { chain, entries: entries.length, certain: certain.get(chain) ?? 0 }
  })
}

function publicKeyOf(dataDir: string): string {
  const path = join(dataDir, LEDGER, PUBLIC_KEY_FILE)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

async function finish(source: BackupSource, draft: string, manifest: BackupManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  if (manifest.publicKey !== '') writeDurably(join(draft, BACKUP_SIGNATURE), `${source.sign(Buffer.from(text))}\n`)
  await syncBelow(draft)
  writeDurably(join(draft, BACKUP_MANIFEST), text)
}
