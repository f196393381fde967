import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventDraft } from '@podwitness/event'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ClickHouseWriter } from '../clickhouse-writer.ts'
import { Connection } from '../connection.ts'
import { readEngineFile } from '../engine/engine-file.ts'
import { engineAddress } from '../engine/engine-host.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { readChain } from './chain-file.ts'
import { Ledger } from './ledger.ts'
import { readPublicKey } from './signing-key.ts'
import { verifyLedger } from './verify-ledger.ts'

const DAY_MS = 86_400_000
const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-ledger-crash-'))
let store: Store
let connection: Connection
let writer: ClickHouseWriter
let folder: string
let runs = 0

const rowsOf = (batch: string): EventDraft[] =>
  [0, 1, 2].map((place) => ({
    time: `2026-11-2${place} 02:00:00.5`,
    event_id: `${batch}-${place}`,
    kind: 'Command',
    cluster: 'c1',
    batch_id: batch,
    batch_seq: place,
    raw: `${batch} ${place}`,
  }))
const batchesOf = (batch: string) => [{ batch, stream: 'events', rows: rowsOf(batch) }]
const open = (): Promise<Ledger> => Ledger.open({ folder, connection, retention: { days: 180, streams: {} } })
const kinds = (): (string | undefined)[] => readChain(folder, 'chain-1').entries.map((entry) => entry?.fact.kind)
const verify = (nowMs = Date.now()) =>
  verifyLedger({ folder, connection, key: readPublicKey(readFileSync(join(folder, 'signing-key.pub.pem'))), nowMs })
const save = (rows: EventDraft[], token: string) => () => writer.insert('events', rows, token)
const killed = async (): Promise<never> => {
  throw new Error('killed')
}

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
  const file = readEngineFile(dataDir)
  if (file === undefined) throw new Error('no engine')
  connection = new Connection(engineAddress(file.url, file.passwords))
  writer = new ClickHouseWriter({ connection, shards: [connection], ending: '' }, () => false)
})
afterAll(async () => {
  await connection?.close()
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = join(dataDir, `ledger-${runs++}`)
  await connection.command('admin', 'TRUNCATE TABLE audit.events')
})

describe('a batch whose fate is unknown', () => {
  it('is withdrawn where nothing of it was stored', async () => {
    const ledger = await open()
    await expect(ledger.vouch(batchesOf('a'), killed)).rejects.toThrow('killed')
    await ledger.vouch(batchesOf('b'), save(rowsOf('b'), 'b1'))
    await ledger.close()
    expect(kinds()).toEqual(['begin', 'batch', 'withdrawn', 'batch'])
    expect(await verify()).toMatchObject({ intact: true, findings: [], rows: 3 })
  })

  it('stands where all of it was stored', async () => {
    const ledger = await open()
    const stored = async (): Promise<void> => {
      await save(rowsOf('a'), 'a2')()
      await killed()
    }
    await expect(ledger.vouch(batchesOf('a'), stored)).rejects.toThrow('killed')
    await ledger.close()
    await (await open()).close()
    expect(kinds()).toEqual(['begin', 'batch'])
    expect(await verify()).toMatchObject({ intact: true, findings: [], rows: 3 })
  })

  it('is signed anew for the part that was stored', async () => {
    const ledger = await open()
    const half = async (): Promise<void> => {
      await save(rowsOf('a').slice(0, 2), 'a3')()
      await killed()
    }
    await expect(ledger.vouch(batchesOf('a'), half)).rejects.toThrow('killed')
    await ledger.close()
    await (await open()).close()
    expect(kinds()).toEqual(['begin', 'batch', 'withdrawn', 'batch'])
    expect(await verify()).toMatchObject({ intact: true, findings: [], rows: 2 })
  })

  it('can be stored by the retry after it was withdrawn', async () => {
    const ledger = await open()
    await expect(ledger.vouch(batchesOf('a'), killed)).rejects.toThrow('killed')
    await ledger.vouch(batchesOf('a'), save(rowsOf('a'), 'a4'))
    await ledger.close()
    expect(kinds()).toEqual(['begin', 'batch', 'withdrawn', 'batch'])
    expect(await verify()).toMatchObject({ intact: true, rows: 3 })
  })
})

it('goes on behind an append that a crash cut', async () => {
  const first = await open()
  await first.vouch(batchesOf('a'), save(rowsOf('a'), 'a5'))
  await first.close()
  const path = join(folder, 'chain-1.jsonl')
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"seq":3,"writ`)
  const second = await open()
  await second.vouch(batchesOf('b'), save(rowsOf('b'), 'b5'))
  await second.close()
  expect(await verify()).toMatchObject({ intact: true, findings: [], rows: 6 })
})

it('gives a second process a chain of its own', async () => {
  const [first, second] = [await open(), await open()]
  await first.vouch(batchesOf('a'), save(rowsOf('a'), 'a6'))
  await second.vouch(batchesOf('b'), save(rowsOf('b'), 'b6'))
  await Promise.all([first.close(), second.close()])
  const report = await verify()
  expect(report).toMatchObject({ intact: true, findings: [], rows: 6 })
  expect(report.chains.map(({ chain, entries }) => [chain, entries])).toEqual([
    ['chain-1', 2],
    ['chain-2', 2],
  ])
})

it('takes over what was stored before there was a ledger, and says so', async () => {
  await writer.insert('events', rowsOf('old'), 'old7')
  await (await open()).close()
  expect(kinds()).toEqual(['begin', 'adopted'])
  expect(await verify()).toMatchObject({ intact: true, rows: 3 })
})

describe('expiry', () => {
  const later = Date.now() + 200 * DAY_MS

  it('is no alarm when rows go after their time, and is one before', async () => {
    const ledger = await open()
    await ledger.vouch(batchesOf('a'), save(rowsOf('a'), 'a8'))
    await connection.command('admin', 'TRUNCATE TABLE audit.events')
    expect((await verify()).findings.map(({ code }) => code)).toEqual(['batch_missing'])
    expect(await verify(later)).toMatchObject({ intact: true, findings: [{ code: 'expired', severity: 'note' }] })
    expect(await ledger.recordExpired({ days: 180, streams: {} }, later)).toBe(1)
    expect(await ledger.recordExpired({ days: 180, streams: {} }, later)).toBe(0)
    await ledger.close()
    expect(kinds()).toEqual(['begin', 'batch', 'expired'])
    expect(await verify(later)).toMatchObject({ intact: true, findings: [] })
    expect((await verify()).findings.map(({ code }) => code)).toEqual(['batch_missing'])
  })

  it('of a batch of several days is noted part by part, recorded with the last, and hides no row that was put in', async () => {
    const ledger = await open()
    await ledger.vouch(batchesOf('a'), save(rowsOf('a'), 'a10'))
    const codes = async (nowMs?: number) => (await verify(nowMs)).findings.map(({ code }) => code)
    const drop = (day: string) => connection.command('admin', `ALTER TABLE audit.events DROP PARTITION '2026-11-${day}'`)
    await drop('20')
    expect(await codes()).toEqual(['rows_missing'])
    expect(await verify(later)).toMatchObject({ intact: true, findings: [{ code: 'expired', severity: 'note' }], rows: 2 })
    expect(await ledger.recordExpired({ days: 180, streams: {} }, later)).toBe(0)
    await drop('22')
    const [, own] = rowsOf('a')
    await writer.insert('events', own === undefined ? [] : [{ ...own, event_id: 'put in' }], 'a11')
    expect(await codes(later)).toEqual(['rows_added', 'expired'])
    await drop('21')
    expect(await codes(later)).toEqual(['expired'])
    expect(await ledger.recordExpired({ days: 180, streams: {} }, later)).toBe(1)
    expect(await codes(later)).toEqual([])
    await ledger.close()
  })

  it('keeps to the days that were in force', async () => {
    const ledger = await open()
    await ledger.vouch(batchesOf('a'), save(rowsOf('a'), 'a9'))
    await ledger.recordRetention({ days: 365, streams: {} })
    await ledger.close()
    await connection.command('admin', 'TRUNCATE TABLE audit.events')
    expect((await verify(later)).findings.map(({ code }) => code)).toEqual(['batch_missing'])
    expect(await verify(later + 200 * DAY_MS)).toMatchObject({ intact: true })
  })
})
