import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { type EventDraft, type SampleRow, timeMsOf } from '@podwitness/event'
import type { PublicKey, Store, TableName } from '@podwitness/store'
import { derive } from '../derive/derive.ts'
import { joinSpans, type TimeSpan } from '../derive/time-span.ts'
import { EventBatches } from '../ingest/event-batches.ts'
import { newSamples } from '../rows/new-samples.ts'
import {
  checkSignature,
  type ExportedFile,
  MANIFEST_FILE,
  readManifest,
  SIGNATURE_FILE,
  type SignatureVerdict,
} from './manifest.ts'

/** Of the tables of an export those that the others are made of. */
const EVIDENCE = ['events', 'samples', 'containers', 'pods', 'loss'] as const
/** Columns that a store fills in itself. */
const OWN_COLUMNS = ['received', 'kept_until', 'batch_id', 'batch_seq']
const ROWS_AT_ONCE = 5_000

/** What became of a file of an export. */
interface ImportedPart {
  readonly name: string
  /** `derived`: it is worked out anew. `refused`: it is not what the manifest says. */
  readonly result: 'stored' | 'derived' | 'refused'
  readonly rows: number
  /** Events that were there already. */
  readonly duplicates: number
  readonly why: string
}

export interface ExportImport {
  readonly signature: SignatureVerdict
  readonly parts: readonly ImportedPart[]
  readonly sessions: number
}

/** Whether a folder holds an export. */
export function isExport(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE)) && readManifest(readFileSync(join(folder, MANIFEST_FILE), 'utf8')) !== null
}

/**
 * Takes an export in: what is there already stays as it is, a damaged file is named and left out, and sessions are
 * worked out anew from the evidence.
 *
 * @param trusted Key that the export must be signed with.
 */
export async function importExport(store: Store, folder: string, trusted?: PublicKey): Promise<ExportImport> {
  const text = readFileSync(join(folder, MANIFEST_FILE), 'utf8')
  const manifest = readManifest(text)
  if (manifest === null) return { signature: { state: 'none', key: '' }, parts: [], sessions: 0 }
  const signaturePath = join(folder, SIGNATURE_FILE)
  const signature = checkSignature(text, existsSync(signaturePath) ? readFileSync(signaturePath, 'utf8') : '', manifest, trusted)
  // A manifest that was changed says nothing about its files.
  if (signature.state === 'bad')
    return { signature, parts: manifest.files.map((file) => refused(file, 'the manifest is not what was signed')), sessions: 0 }
  const spans = new Map<string, TimeSpan>()
  const parts: ImportedPart[] = []
  for (const file of inOrder(manifest.files)) parts.push(await takePart(store, folder, file, spans))
  let sessions = 0
  for (const [cluster, span] of spans) sessions += (await derive(store, { cluster, span })).sessions
  return { signature, parts, sessions }
}

/** Facts before events, so that nothing is worked out without them. */
function inOrder(files: readonly ExportedFile[]): ExportedFile[] {
  return [...files].sort((a, b) => Number(a.table === 'events') - Number(b.table === 'events'))
}

async function takePart(store: Store, folder: string, file: ExportedFile, spans: Map<string, TimeSpan>): Promise<ImportedPart> {
  const path = join(folder, file.name)
  const fault = await faultOf(path, file)
  if (fault !== '') return refused(file, fault)
  const table = EVIDENCE.find((name) => name === file.table)
  if (table === undefined) return { name: file.name, result: 'derived', rows: file.rows, duplicates: 0, why: '' }
  const parquet = file.name.endsWith('.parquet')
  if (parquet && !store.readsParquet) return refused(file, 'a ClickHouse server cannot read it here; export as jsonl')
  const found = parquet ? parquetRowsOf(store, table, path) : rowsOf(path)
  const { rows, duplicates } =
    table === 'events' ? await takeEvents(store, found, file, spans) : await takeRows(store, table, found, file)
  return { name: file.name, result: 'stored', rows, duplicates, why: '' }
}

async function faultOf(path: string, file: ExportedFile): Promise<string> {
  if (!existsSync(path)) return 'it is missing'
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex') === file.sha256 ? '' : 'its bytes are not those of the manifest'
}

type Rows = AsyncIterable<Record<string, unknown>>

async function* parquetRowsOf(store: Store, table: TableName, path: string): AsyncGenerator<Record<string, unknown>> {
  for await (const rows of store.parquetRows<Record<string, unknown>>(table, resolve(path)))
    for (const row of rows) yield withoutOwn(row)
}

async function* rowsOf(path: string): AsyncGenerator<Record<string, unknown>> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    yield withoutOwn(JSON.parse(line) as Record<string, unknown>)
  }
}

function withoutOwn(row: Record<string, unknown>): Record<string, unknown> {
  for (const column of OWN_COLUMNS) delete row[column]
  return row
}

async function takeEvents(store: Store, found: Rows, file: ExportedFile, spans: Map<string, TimeSpan>) {
  const byCluster = new Map<string, EventBatches>()
  for await (const row of found) {
    const event = row as unknown as EventDraft
    const timeMs = timeMsOf(event.time)
    spans.set(event.cluster, joinSpans(spans.get(event.cluster), { fromMs: timeMs, toMs: timeMs }))
    let batches = byCluster.get(event.cluster)
    if (batches === undefined) {
      const id = createHash('sha256').update(`${file.sha256}/${event.cluster}`).digest('hex')
      batches = new EventBatches(store, id)
      byCluster.set(event.cluster, batches)
    }
    batches.add(event)
    if (batches.full) await batches.flush()
  }
  let rows = 0
  let duplicates = 0
  for (const batches of byCluster.values()) {
    await batches.flush()
    rows += batches.counts().stored
    duplicates += batches.counts().duplicates
  }
  return { rows, duplicates }
}

/** Rows that are there already are told by comparing them: samples have no id. */
async function takeRows(store: Store, table: Exclude<(typeof EVIDENCE)[number], 'events'>, found: Rows, file: ExportedFile) {
  let part: object[] = []
  let rows = 0
  let duplicates = 0
  let piece = 0
  const flush = async (): Promise<void> => {
    const fresh = table === 'samples' ? await newSamples(store, part as SampleRow[]) : part
    duplicates += part.length - fresh.length
    if (fresh.length > 0)
      await store.writer.insert<TableName>(table, fresh as never[], `export|${file.sha256}|${piece++}|${fresh.length}`)
    rows += fresh.length
    part = []
  }
  for await (const row of found) {
    part.push(row)
    if (part.length >= ROWS_AT_ONCE) await flush()
  }
  if (part.length > 0) await flush()
  return { rows, duplicates }
}

function refused(file: ExportedFile, why: string): ImportedPart {
  return { name: file.name, result: 'refused', rows: 0, duplicates: 0, why }
}
