import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventDraft } from '@podwitness/event'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readEngineFile } from '../engine/engine-file.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { eventLeaf } from './event-leaf.ts'
import { checkEntry, type LedgerEntry } from './ledger-entry.ts'
import { rootOfPath } from './merkle.ts'
import { loadSigningKey, readPublicKey } from './signing-key.ts'
import type { StoreLedger } from './store-ledger.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-ledger-'))
const dataDir = join(folder, 'data')
let store: Store

/** What somebody with all rights on the engine would do. */
async function asAdmin(sql: string): Promise<void> {
  const file = readEngineFile(dataDir)
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': file?.passwords.admin ?? '', Connection: 'close' }
  const response = await fetch(`${file?.url}/?mutations_sync=2`, { method: 'POST', body: sql, headers })
  if (!response.ok) throw new Error(await response.text())
  await response.text()
}

const event = (batch: string, place: number, rest: Partial<EventDraft> = {}): EventDraft => ({
  time: `2026-11-2${batch.length % 5} 02:00:0${place}.000123`,
  event_id: `${batch}-${place}`,
  kind: 'Command',
  cluster: 'c1',
  node: 'n1',
  source: 'audit.log',
  batch_id: batch,
  batch_seq: place,
  raw: `type=SYSCALL ${batch} ${place} 名\u0001"\\`,
  ...rest,
})
const insert = (batch: string, count = 4): Promise<void> =>
  store.writer.insert(
    'events',
    Array.from({ length: count }, (_, place) => event(batch, place)),
    batch,
  )
function ledger(): StoreLedger {
  if (store.ledger === undefined) throw new Error('no ledger')
  return store.ledger
}
const chainPath = (): string => join(dataDir, 'ledger', 'chain-1.jsonl')
const alarms = async (): Promise<string[]> => {
  const { findings, intact } = await ledger().verify({})
  const found = findings.filter(({ severity }) => severity === 'alarm').map(({ code, batch = '' }) => `${code} ${batch}`.trim())
  expect(intact).toBe(found.length === 0)
  return found.sort()
}

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
  await insert('first')
  await insert('second')
  await insert('third!', 3)
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('finds nothing in a store nobody touched', async () => {
  const report = await ledger().verify({})
  expect(report).toMatchObject({ intact: true, findings: [], batches: 3, rows: 11 })
  expect(report.chains).toEqual([{ chain: 'chain-1', entries: 4, head: ledger().head().head }])
})

it('hashes a row in the engine as outside of it', async () => {
  const [proof] = await ledger().prove([{ eventId: 'second-2', time: event('second', 2).time }])
  expect(proof?.leaf).toBe(eventLeaf(event('second', 2)).toString('hex'))
})

it('keeps one entry for an insert that is repeated', async () => {
  const before = ledger().head()
  await insert('first')
  expect(ledger().head()).toEqual(before)
  expect(await alarms()).toEqual([])
})

describe('proof of an event', () => {
  it('leads from its bytes to a signed entry, without the store', async () => {
    const row = event('third!', 1)
    const [proof] = await ledger().prove([{ eventId: row.event_id, time: row.time }])
    const path = (proof?.path ?? []).map(({ side, hash }) => ({ side, hash: Buffer.from(hash, 'hex') }))
    const fact = proof?.entry?.fact
    expect(fact).toMatchObject({ kind: 'batch', batch: 'third!', root: rootOfPath(eventLeaf(row), path).toString('hex') })
    expect(fact).not.toMatchObject({ root: rootOfPath(eventLeaf({ ...row, raw: 'x' }), path).toString('hex') })
  })
})

describe('what somebody with all rights on the engine does is found', () => {
  const CHANGES: [string, string, string, string[]][] = [
    [
      'a changed byte of evidence',
      "ALTER TABLE audit.events UPDATE raw = replaceOne(raw, 'SYSCALL', 'SYSCALX') WHERE event_id = 'first-1'",
      "ALTER TABLE audit.events UPDATE raw = replaceOne(raw, 'SYSCALX', 'SYSCALL') WHERE event_id = 'first-1'",
      ['rows_changed first'],
    ],
    [
      'an event moved to another node',
      "ALTER TABLE audit.events UPDATE node = 'n2' WHERE event_id = 'first-1'",
      "ALTER TABLE audit.events UPDATE node = 'n1' WHERE event_id = 'first-1'",
      ['rows_changed first'],
    ],
    [
      'rows in another order',
      "ALTER TABLE audit.events UPDATE batch_seq = 3 - batch_seq WHERE batch_id = 'second'",
      "ALTER TABLE audit.events UPDATE batch_seq = 3 - batch_seq WHERE batch_id = 'second'",
      ['rows_changed second'],
    ],
    [
      'a batch under another name',
      "ALTER TABLE audit.events UPDATE batch_id = 'mine' WHERE batch_id = 'second'",
      "ALTER TABLE audit.events UPDATE batch_id = 'second' WHERE batch_id = 'mine'",
      ['batch_missing second', 'batch_unknown mine'],
    ],
  ]
  it.each(CHANGES)('%s', async (_title, change, undo, expected) => {
    await asAdmin(change)
    expect(await alarms()).toEqual(expected)
    await asAdmin(undo)
    expect(await alarms()).toEqual([])
  })

  it('a row that was put in, a row put in twice, a row that is gone, a part that is gone', async () => {
    await asAdmin(
      "INSERT INTO audit.events (time, event_id, kind, batch_id) VALUES ('2026-11-20 01:00:00', 'false', 'Command', 'theirs')",
    )
    expect(await alarms()).toEqual(['batch_unknown theirs'])
    await asAdmin("ALTER TABLE audit.events DELETE WHERE batch_id = 'theirs'")
    await asAdmin("INSERT INTO audit.events SELECT * FROM audit.events WHERE event_id = 'first-2'")
    expect(await alarms()).toEqual(['rows_added first'])
    await asAdmin("ALTER TABLE audit.events DELETE WHERE event_id IN ('first-2', 'second-0')")
    expect(await alarms()).toEqual(['rows_missing first', 'rows_missing second'])
    const { findings } = await ledger().verify({})
    expect(findings[0]).toMatchObject({
      chain: 'chain-1',
      seq: 2,
      batch: 'first',
      sources: ['audit.log'],
      from: '2026-11-20T02:00:00.000123Z',
    })
    await asAdmin("ALTER TABLE audit.events DETACH PARTITION '2026-11-21'")
    expect(await alarms()).toEqual(['batch_missing second', 'batch_missing third!', 'rows_missing first'])
    await asAdmin("ALTER TABLE audit.events ATTACH PARTITION '2026-11-21'")
  })
})

describe('what is done to the ledger itself is found', () => {
  const original = (): string => readFileSync(join(folder, 'kept.jsonl'), 'utf8')
  const lines = (): string[] => original().trimEnd().split('\n')
  const rewrite = (changed: readonly string[]): void => writeFileSync(chainPath(), `${changed.join('\n')}\n`)
  beforeAll(() => cpSync(chainPath(), join(folder, 'kept.jsonl')))
  afterEach(() => cpSync(join(folder, 'kept.jsonl'), chainPath()))
  /** Only what is found about the chain: rows are missing from the tests before. */
  const about = async (anchors: Parameters<StoreLedger['verify']>[0]['anchors'] = []): Promise<string[]> => {
    const { findings } = await ledger().verify({ anchors })
    return [...new Set(findings.map(({ code }) => code))].filter((code) => !code.startsWith('rows_')).sort()
  }

  it('a changed entry', async () => {
    rewrite(lines().map((line) => line.replace('"rows":3', '"rows":2')))
    expect(await about()).toEqual(['entry_changed'])
  })

  it('an entry that is gone', async () => {
    rewrite(lines().toSpliced(2, 1))
    expect(await about()).toEqual(['batch_unknown', 'entry_missing'])
  })

  it('entries in another order', async () => {
    const [a = '', b = '', c = '', d = ''] = lines()
    rewrite([a, c, b, d])
    expect(await about()).toEqual(['entry_missing'])
  })

  it('a line that is no entry', async () => {
    rewrite(lines().with(1, '{"seq":2}'))
    expect(await about()).toContain('entry_unreadable')
  })

  it('the end cut off', async () => {
    const { head, seq } = JSON.parse(lines().at(-1) ?? '') as LedgerEntry
    rewrite(lines().slice(0, -1))
    expect(await about()).toEqual(['batch_unknown'])
    expect(await about([{ chain: 'chain-1', seq, head }])).toEqual(['anchor_missing', 'batch_unknown'])
  })

  it('another key', async () => {
    const other = mkdtempSync(join(folder, 'key-'))
    loadSigningKey(other)
    const key = readPublicKey(readFileSync(join(other, 'signing-key.pub.pem')))
    const { findings } = await ledger().verify({ key })
    expect(new Set(findings.map(({ code }) => code))).toContain('wrong_key')
  })

  it('an entry signed for another content is not valid under the right key', () => {
    const key = readPublicKey(readFileSync(join(dataDir, 'ledger', 'signing-key.pub.pem')))
    const [first, second] = lines().map((line) => JSON.parse(line) as LedgerEntry)
    if (first === undefined || second === undefined) throw new Error('no entries')
    expect(checkEntry(second, first, key)).toBeUndefined()
    expect(checkEntry({ ...second, signature: first.signature }, first, key)).toBe('signature')
    expect(checkEntry({ ...second, written: '2020-01-01T00:00:00.000Z' }, first, key)).toBe('head')
  })

  it('an append that a crash cut is only noted', async () => {
    writeFileSync(chainPath(), `${original()}{"seq":5,"wri`)
    expect(await about()).toEqual(['torn_end'])
  })
})
