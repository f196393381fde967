import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bundleFiles,
  collectEvidence,
  compareColumns,
  type EvidenceBundle,
  SessionsReader,
  verifyBundle,
} from '@podwitness/server'
import type { Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordedStore } from '../packages/server/testdata/recorded-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-evidence-'))
let store: Store
let bundle: EvidenceBundle

/** What somebody with all rights on the engine would do. */
async function asAdmin(sql: string): Promise<void> {
  const { url, passwords } = JSON.parse(readFileSync(join(folder, 'data/engine.json'), 'utf8'))
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin, Connection: 'close' }
  const response = await fetch(`${url}/?mutations_sync=2`, { method: 'POST', body: sql, headers })
  expect(await response.text()).toBe('')
}

beforeAll(async () => {
  store = await openRecordedStore(join(folder, 'data'))
  const { sessions } = await new SessionsReader(store.reader).list({ user: ['mallory'], limit: 1, sort: 'risk' })
  if (store.ledger === undefined) throw new Error('no ledger')
  const collected = await collectEvidence(store, store.ledger, sessions[0]?.traceId ?? '', Date.UTC(2026, 10, 21))
  if (collected === null) throw new Error('no session')
  bundle = collected
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('an imported recording is intact, every event in a signed batch', async () => {
  const report = await store.ledger?.verify({})
  expect(report).toMatchObject({ intact: true, findings: [], rows: 12_467 + 2_591 })
})

it('every column is what the bytes say, and a changed one is found although the bytes were left alone', async () => {
  expect(await compareColumns(store.reader)).toEqual({ compared: 15_058, notComparable: 0, differences: [], differing: 0 })
  const [command] = bundle.session.commands
  await asAdmin(`ALTER TABLE audit.events UPDATE cmdline = 'ls' WHERE event_id = '${command?.eventId}'`)
  const { differing, differences } = await compareColumns(store.reader)
  expect(differing).toBe(1)
  expect(differences).toMatchObject([{ eventId: command?.eventId, column: 'cmdline', stored: 'ls', fromBytes: command?.cmdline }])
  expect(await store.ledger?.verify({})).toMatchObject({ intact: true })
  await asAdmin(`ALTER TABLE audit.events UPDATE cmdline = '${command?.cmdline}' WHERE event_id = '${command?.eventId}'`)
})

describe('a bundle', () => {
  it('has the session, its commands and its API events, all proven', async () => {
    expect(bundle.session.user).toBe('mallory')
    expect(bundle.events.filter(({ kind }) => kind === 'Command').length).toBe(bundle.session.commands.length)
    expect(bundle.events.filter(({ kind }) => kind === 'KubeAudit').length).toBeGreaterThanOrEqual(2)
    expect(await verifyBundle(bundle)).toEqual({
      events: bundle.events.length,
      unproven: [],
      badEntries: [],
      signaturesChecked: true,
    })
  })

  it.each([
    ['a byte of the evidence', (event: EvidenceBundle['events'][number]) => ({ ...event, raw: event.raw.replace('1', '2') })],
    ['the time', (event: EvidenceBundle['events'][number]) => ({ ...event, timeMicros: event.timeMicros + 1 })],
    ['the node', (event: EvidenceBundle['events'][number]) => ({ ...event, node: 'other' })],
    ['the entry it points to', (event: EvidenceBundle['events'][number]) => ({ ...event, entry: 'chain-9#1' })],
  ])('shows that somebody changed %s', async (_what, change) => {
    const [first, ...rest] = bundle.events
    if (first === undefined) throw new Error('no events')
    expect((await verifyBundle({ ...bundle, events: [change(first), ...rest] })).unproven).toEqual([first.eventId])
  })

  it('shows that somebody changed a signed entry', async () => {
    const [[name, entry] = ['', undefined]] = Object.entries(bundle.entries)
    if (entry === undefined) throw new Error('no entry')
    const entries = { ...bundle.entries, [name]: { ...entry, written: '2020-01-01T00:00:00.000Z' } }
    expect((await verifyBundle({ ...bundle, entries })).badEntries).toEqual([name])
  })

  it('proves itself with nothing but Node, and a changed or differently signed one does not', () => {
    const ledger = store.ledger
    const write = (name: string, content: string): void => writeFileSync(join(folder, name), content)
    const files = bundleFiles(bundle, (bytes) => ledger?.sign(bytes) ?? '')
    for (const { name, content } of files) write(name, content)
    const check = (...args: string[]) => {
      const { status, stdout } = spawnSync(process.execPath, [join(folder, 'verify.mjs'), ...args], { encoding: 'utf8' })
      return [status, stdout.trimEnd().split('\n').at(-1)]
    }
    expect(check()).toEqual([0, `intact  ${bundle.events.length} events, each in a signed batch`])
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
    write('other.pem', String(other))
    expect(check(join(folder, 'other.pem'))).toEqual([1, 'not intact'])
    const events = files.find(({ name }) => name === 'events.jsonl')?.content ?? ''
    write('events.jsonl', events.replace('mallory', 'alice'))
    expect(check()).toEqual([1, 'not intact'])
  })

  it('is a page in which hostile text is only text', () => {
    const hostile = { ...bundle.session, command: ['</script><script>alert(1)</script>', '\u202egpj.exe'] }
    const page =
      bundleFiles({ ...bundle, session: hostile }, () => '').find(({ name }) => name === 'evidence.html')?.content ?? ''
    expect(page).not.toContain('<script>alert')
    expect(page.replace(/<script type="application\/json"[\s\S]*?<\/script>/, '')).not.toContain('\u202e')
    expect(page).toContain("default-src 'none'")
  })
})
