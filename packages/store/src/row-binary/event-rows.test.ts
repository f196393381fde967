import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventDraft, EventRow } from '@podwitness/event'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blankRow } from '../blank-row.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { eventRowBytes } from './event-rows.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-row-binary-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const BLANK = blankRow('events')
const COLUMNS = Object.keys(BLANK) as (keyof EventRow)[]
const INT32: ReadonlySet<string> = new Set(['syscall', 'dst_port', 'status'])

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

/** Values of every kind a column may hold, the longest that are told apart by how their length is written among them. */
function arbitraryOf(column: keyof EventRow): fc.Arbitrary<unknown> {
  const blank = BLANK[column]
  const word = fc.string({ unit: CHARACTER, maxLength: 60 })
  if (column === 'time')
    return fc.integer({ min: 1_600_000_000_000_000, max: 1_600_100_000_000_000 }).map((micros) => textOf(micros))
  if (column === 'batch_seq' || column === 'kind' || column === 'batch_id') return fc.constant(blank)
  if (typeof blank === 'number')
    return INT32.has(column) ? fc.integer() : fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, 2 ** 32, -(2 ** 32) - 1))
  if (Array.isArray(blank)) return fc.array(word, { maxLength: 4 })
  if (column === 'labels') return fc.dictionary(word, word, { maxKeys: 3 })
  if (column === 'raw') return fc.oneof(word, fc.string({ unit: CHARACTER, minLength: 5000, maxLength: 6000 }))
  return word
}

const textOf = (micros: number): string =>
  `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 23).replace('T', ' ')}${String(micros % 1000).padStart(3, '0')}`

it('stores every column as it was given, byte for byte', async () => {
  const row = fc.record(Object.fromEntries(COLUMNS.map((column) => [column, arbitraryOf(column)])), {
    requiredKeys: ['time', 'kind', 'raw'],
  })
  const drawn = fc.sample(row, 200) as Partial<EventRow>[]
  const rows = drawn.map((one, at) => ({ ...one, event_id: `e${at}`, cluster: 'c' })) as EventDraft[]
  await store.writer.insert('events', rows, 'all')
  const columns = COLUMNS.filter((column) => column !== 'batch_id' && column !== 'batch_seq')
  const found = new Map<string, EventRow>()
  for await (const block of store.reader.stream<EventRow>(
    `SELECT ${columns.join(', ')} FROM audit.events WHERE cluster = 'c'`,
    {},
  ))
    for (const one of block) found.set(one.event_id, one)
  expect(found.size).toBe(rows.length)
  for (const one of rows) {
    const stored = found.get(one.event_id)
    for (const column of columns) {
      const value = stored?.[column]
      const wanted = one[column] ?? BLANK[column]
      expect(typeof wanted === 'number' ? Number(value) : value, `${column} of ${one.event_id}`).toEqual(wanted)
    }
  }
  const report = await store.ledger?.verify({})
  expect(report?.findings.filter(({ severity }) => severity === 'alarm')).toEqual([])
}, 60_000)

it('gives half a surrogate pair the character that stands for what cannot be read', () => {
  const row: EventDraft = { time: '2026-11-21 02:52:43.176806', event_id: '\ud800', kind: 'Command', cluster: '', raw: '' }
  expect(eventRowBytes([row]).includes(Buffer.from('\ufffd'))).toBe(true)
})

it.each(['', 'yesterday', '2026-11-21'])('refuses a row whose time is %j', (time) => {
  expect(() => eventRowBytes([{ time, event_id: 'e', kind: 'Command', cluster: '', raw: '' }])).toThrow('one has no time')
})
