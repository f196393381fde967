import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { storeTime } from '@podwitness/event'
import { ledgerHeads, PUBLIC_KEY_FILE, type Store } from '@podwitness/store'
import { EXPORT_FORMAT, type ExportedFile, type ExportManifest, MANIFEST_FILE, SIGNATURE_FILE } from './manifest.ts'

/** What an export can hold; `events`, `samples`, `containers` and `pods` are what an import makes the rest of. */
const EXPORT_STREAMS = {
  events: { time: 'time', daily: true },
  samples: { time: 'time', daily: false },
  sessions: { time: 'start', daily: false },
  placements: { time: 'time', daily: false },
  entries: { time: 'time', daily: false },
  loss: { time: 'until', daily: false },
  containers: { time: '', daily: false },
  pods: { time: '', daily: false },
} as const
export type ExportStream = keyof typeof EXPORT_STREAMS
export const EXPORT_STREAM_NAMES = Object.keys(EXPORT_STREAMS) as ExportStream[]

export interface ExportOptions {
  /** ISO 8601, both included. */
  readonly from: string
  readonly to: string
  readonly streams: readonly ExportStream[]
  readonly format: 'jsonl' | 'parquet'
  /** Folder to fill; it must not hold an export yet. */
  readonly folder: string
  readonly onFile?: (file: ExportedFile) => void
}

/** Rows of these are replaced by newer ones until they are merged. */
const REPLACED: ReadonlySet<ExportStream> = new Set(['sessions', 'placements', 'entries', 'loss', 'containers', 'pods'])

/** Writes a range of the store as files, with a signed account of what they hold. The manifest comes last: without it an export is unfinished. */
export async function exportRange(store: Store, options: ExportOptions): Promise<ExportManifest> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  const files: ExportedFile[] = []
  for (const stream of options.streams) {
    const days = EXPORT_STREAMS[stream].daily ? await daysOf(store, options) : ['']
    for (const day of days) {
      const file = await writePart(store, stream, day, options)
      files.push(file)
      options.onFile?.(file)
    }
  }
  const manifest: ExportManifest = {
    ...{ format: EXPORT_FORMAT, created: new Date().toISOString(), from: options.from, to: options.to, files },
    ...account(store),
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  if (manifest.publicKey !== '' && store.ledger !== undefined)
    writeFileSync(join(options.folder, SIGNATURE_FILE), `${store.ledger.sign(Buffer.from(text))}\n`, { mode: 0o600 })
  writeFileSync(join(options.folder, MANIFEST_FILE), text, { mode: 0o600 })
  return manifest
}

/** Where the ledger stood, and the key that signs. */
function account({ ledger }: Store): Pick<ExportManifest, 'ledger' | 'publicKey'> {
  if (ledger === undefined) return { ledger: [], publicKey: '' }
  const path = join(ledger.folder, PUBLIC_KEY_FILE)
  return { ledger: ledgerHeads(ledger.folder), publicKey: existsSync(path) ? readFileSync(path, 'utf8') : '' }
}

async function daysOf(store: Store, { from, to }: ExportOptions): Promise<string[]> {
  const { rows } = await store.reader.query({
    sql: `SELECT DISTINCT toString(toDate(time)) AS day FROM audit.events WHERE ${between('time')} ORDER BY day`,
    params: bounds(from, to),
    maxRows: 100_000,
  })
  return rows.map(([day]) => String(day))
}

const bounds = (from: string, to: string) => ({ from: storeTime(Date.parse(from)), to: storeTime(Date.parse(to)) })
const between = (column: string): string => `${column} BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}`

function question(stream: ExportStream, day: string): string {
  const { time } = EXPORT_STREAMS[stream]
  const conditions = [time === '' ? '1' : between(time), ...(day === '' ? [] : [`toDate(${time}) = {day:String}`])]
  const order = stream === 'events' ? ' ORDER BY time, event_id' : ''
  return `SELECT * FROM audit.${stream}${REPLACED.has(stream) ? ' FINAL' : ''} WHERE ${conditions.join(' AND ')}${order}`
}

async function writePart(store: Store, stream: ExportStream, day: string, options: ExportOptions): Promise<ExportedFile> {
  const { folder, format, from, to } = options
  const name = `${stream}${day === '' ? '' : `-${day}`}.${format === 'jsonl' ? 'jsonl.gz' : 'parquet'}`
  const params = { ...bounds(from, to), day }
  const out = createWriteStream(join(folder, name), { mode: 0o600 })
  const hash = createHash('sha256')
  let bytes = 0
  const take = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk)
    bytes += chunk.length
    if (!out.write(chunk)) await once(out, 'drain')
  }
  const sql = question(stream, day)
  const rows = format === 'jsonl' ? await writeLines(store, sql, params, take) : await writeParquet(store, sql, params, take)
  out.end()
  await finished(out)
  return { name, table: stream, rows, bytes, sha256: hash.digest('hex') }
}

async function writeLines(store: Store, sql: string, params: Params, take: Take): Promise<number> {
  const gzip = createGzip()
  const passing = (async () => {
    for await (const chunk of gzip) await take(chunk as Buffer)
  })()
  let rows = 0
  for await (const block of store.reader.stream<object>(sql, params)) {
    rows += block.length
    const text = block.map((row) => `${JSON.stringify(row)}\n`).join('')
    if (!gzip.write(text)) await once(gzip, 'drain')
  }
  gzip.end()
  await passing
  return rows
}

async function writeParquet(store: Store, sql: string, params: Params, take: Take): Promise<number> {
  const { rows } = await store.reader.query({ sql: `SELECT count() FROM (${sql})`, params })
  for await (const chunk of store.parquet(sql, params)) await take(chunk)
  return Number(rows[0]?.[0] ?? 0)
}

type Params = Readonly<Record<string, unknown>>
type Take = (chunk: Uint8Array) => Promise<void>
