import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore, readPublicKey, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importPaths } from '../ingest/import-paths.ts'
import { EXPORT_STREAM_NAMES, exportRange } from './export-range.ts'
import { importExport, isExport } from './import-export.ts'
import type { ExportManifest } from './manifest.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-archive-'))
const exported = join(folder, 'export')
let from: Store
let to: Store
let manifest: ExportManifest
const RANGE = { from: '2026-11-20T00:00:00Z', to: '2026-11-22T00:00:00Z' }

beforeAll(async () => {
  from = await openStore({ dataDir: join(folder, 'from'), role: 'command' })
  const files = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz']
  await importPaths(
    from,
    files.map((name) => RECORDING + name),
    { cluster: 'c', rejectsDir: join(folder, 'rejects') },
  )
  manifest = await exportRange(from, { ...RANGE, streams: EXPORT_STREAM_NAMES, format: 'jsonl', folder: exported })
  to = await openStore({ dataDir: join(folder, 'to'), role: 'command' })
}, 120_000)
afterAll(async () => {
  await from?.close()
  await to?.close()
  rmSync(folder, { recursive: true, force: true })
})

const rows = async (store: Store, sql: string): Promise<unknown[][]> =>
  [...(await store.reader.query({ sql, maxRows: 1_000_000 })).rows].map((row) => [...row])
const SAMPLES = 'SELECT count(), sum(cityHash64(node, time, container_id, pids)) FROM audit.samples'
const EVENTS = 'SELECT * EXCEPT (received, kept_until, batch_id, batch_seq) FROM audit.events ORDER BY event_id'
const CONTAINERS = 'SELECT * FROM audit.containers FINAL ORDER BY container_id'
const PODS = 'SELECT * FROM audit.pods FINAL ORDER BY pod_uid'
const SESSIONS = 'SELECT trace_id, entry, confidence, user, audit_ids, command_count FROM audit.sessions FINAL ORDER BY trace_id'

it('names and counts what it wrote, signed with the key of the ledger', () => {
  expect(isExport(exported)).toBe(true)
  expect(readdirSync(exported).sort()).toEqual(
    [...manifest.files.map(({ name }) => name), 'manifest.json', 'manifest.json.sig'].sort(),
  )
  expect(manifest.ledger).toEqual(
    [from.ledger?.head()].map((head) => ({ chain: head?.chain, entries: head?.seq, head: head?.head })),
  )
  expect(manifest.files.find(({ table }) => table === 'events')?.rows).toBeGreaterThan(10_000)
})

it('is taken in whole as Parquet, row by row the same, and once more as lines changes nothing', async () => {
  const parquet = join(folder, 'parquet')
  const written = await exportRange(from, { ...RANGE, streams: EXPORT_STREAM_NAMES, format: 'parquet', folder: parquet })
  for (const { name } of written.files) {
    // Source: Apache Parquet, File Format: the magic number stands at both ends.
    const content = readFileSync(join(parquet, name))
    expect([content.subarray(0, 4).toString(), content.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
  }
  const first = await importExport(to, parquet)
  expect(first.signature.state).toBe('good')
  expect(first.parts.filter(({ result }) => result === 'refused')).toEqual([])
  const state = async (store: Store) => Promise.all([EVENTS, SESSIONS, SAMPLES, CONTAINERS, PODS].map((sql) => rows(store, sql)))
  const expected = await state(from)
  expect(await state(to)).toEqual(expected)
  const again = await importExport(to, exported)
  expect(again.parts.filter(({ name, rows: count }) => /^(events|samples)/.test(name) && count > 0)).toEqual([])
  expect(await state(to)).toEqual(expected)
  expect(await to.ledger?.verify({})).toMatchObject({ intact: true, findings: [] })
}, 60_000)

it('refuses a file that is not what the manifest says, by name, and takes the rest', async () => {
  appendFileSync(join(exported, 'samples.jsonl.gz'), 'x')
  rmSync(join(exported, 'pods.jsonl.gz'))
  const { parts } = await importExport(to, exported)
  expect(parts.filter(({ result }) => result === 'refused').map(({ name, why }) => [name, why])).toEqual([
    ['samples.jsonl.gz', 'its bytes are not those of the manifest'],
    ['pods.jsonl.gz', 'it is missing'],
  ])
  expect(parts.filter(({ result }) => result === 'stored').length).toBeGreaterThan(1)
})

it('takes nothing of a manifest that was changed, or signed by somebody else', async () => {
  const key = readPublicKey(readFileSync(join(folder, 'to', 'ledger', 'signing-key.pub.pem')))
  expect((await importExport(to, exported, key)).signature.state).toBe('bad')
  const text = readFileSync(join(exported, 'manifest.json'), 'utf8')
  writeFileSync(join(exported, 'manifest.json'), text.replace('"rows": ', '"rows": 1'))
  const { signature, parts } = await importExport(to, exported)
  expect(signature.state).toBe('bad')
  expect(parts.every(({ result }) => result === 'refused')).toBe(true)
})
