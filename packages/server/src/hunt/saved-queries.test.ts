import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@podwitness/api'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from '../serve.ts'
import { SavedQueries } from './saved-queries.ts'
import { SharedLinks } from './shared-links.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-saved-'))
const ALICE = { name: 'alice', admin: false }
const BOB = { name: 'bob', admin: false }
const ROOT = { name: 'root', admin: true }
const NOW = Date.UTC(2026, 10, 21)
const SPEC = { description: 'why', lang: 'kql', query: 'Commands', shared: false } as const
let store: Store
let saved: SavedQueries

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  saved = new SavedQueries(store)
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const names = async (keeper: typeof ALICE) => (await saved.visible(keeper)).map(({ name }) => name)

it('shows a private query to its owner alone and a shared one to everybody, who may not change it', async () => {
  const own = await saved.save(ALICE, { ...SPEC, name: ' mine ' }, NOW)
  const shared = await saved.save(ALICE, { ...SPEC, name: 'ours', shared: true, view: { columns: ['b', 'a'] } }, NOW)
  expect(await names(ALICE)).toEqual(['mine', 'ours'])
  expect(await names(BOB)).toEqual(['ours'])
  expect((await saved.visible(BOB))[0]).toMatchObject({ mine: false, owner: 'alice', view: { columns: ['b', 'a'] } })
  await expect(saved.save(BOB, { ...SPEC, id: shared.id, name: 'taken over' }, NOW)).rejects.toMatchObject({ code: 'PW-HQ-003' })
  await expect(saved.remove(BOB, shared.id, NOW)).rejects.toMatchObject({ code: 'PW-HQ-003' })
  // What is not shown does not exist, for an administrator too.
  for (const keeper of [BOB, ROOT]) await expect(saved.remove(keeper, own.id, NOW)).rejects.toMatchObject({ code: 'PW-HQ-001' })
  const changed = await saved.save(ROOT, { ...SPEC, id: shared.id, name: 'ours', shared: true, query: 'Sessions' }, NOW + 1)
  expect(changed.owner).toBe('alice')
  expect((await saved.visible(BOB))[0]?.query).toBe('Sessions')
})

it('has one query a name and owner', async () => {
  await expect(saved.save(ALICE, { ...SPEC, name: 'mine' }, NOW)).rejects.toMatchObject({ code: 'PW-HQ-002' })
  const bobs = await saved.save(BOB, { ...SPEC, name: 'mine' }, NOW)
  await saved.save(BOB, { ...SPEC, id: bobs.id, name: 'mine', description: 'again' }, NOW)
  await expect(saved.named(ROOT, 'mine')).rejects.toMatchObject({ code: 'PW-HQ-005' })
  await saved.remove(BOB, bobs.id, NOW)
  await expect(saved.remove(BOB, bobs.id, NOW)).rejects.toMatchObject({ code: 'PW-HQ-001' })
  expect((await saved.named(ROOT, 'mine')).owner).toBe('alice')
})

it('answers over HTTP, and refuses what is no query', async () => {
  const served = await serve(store, { host: '127.0.0.1', port: 0, token: 'a-token-of-thirty-two-characters' })
  try {
    const client = createClient({ baseUrl: served.url, token: 'a-token-of-thirty-two-characters' })
    const kept = await client.saveQuery({ name: 'by http', lang: 'sls', query: '*', description: '', shared: false })
    expect((await client.savedQueries()).queries).toContainEqual(kept)
    await client.removeQuery(kept.id)
    expect((await client.savedQueries()).queries.map(({ id }) => id)).not.toContain(kept.id)
    const wrong = client.saveQuery({ name: '  ', lang: 'kql', query: 'x', description: '', shared: false })
    await expect(wrong).rejects.toMatchObject({ status: 400, code: 'PW-AP-003' })
  } finally {
    await served.close()
  }
})

it('keeps a view under a short name, the same one for the same view', async () => {
  const links = new SharedLinks(store)
  const view = { address: '/hunt?q=Commands&from=2026-11-21T00:00:00.000Z', rows: 12 }
  const id = await links.share(view, 'alice', NOW)
  expect(await links.share(view, 'bob', NOW + 1)).toBe(id)
  expect(await links.get(id)).toEqual({ ...view, by: 'alice', made: new Date(NOW).toISOString() })
  expect(await links.share({ ...view, rows: 13 }, 'alice', NOW)).not.toBe(id)
  const contentHash = 'x'.repeat(43)
  const told = await links.share({ ...view, contentHash }, 'alice', NOW)
  expect(told).not.toBe(id)
  expect(await links.get(told)).toMatchObject({ rows: 12, contentHash })
  await expect(links.get('none')).rejects.toMatchObject({ code: 'PW-HQ-010' })
})
