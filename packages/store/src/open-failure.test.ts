import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { StoreError } from './store-error.ts'

const parent = mkdtempSync(join(tmpdir(), 'podwitness-failure-'))
afterAll(() => rmSync(parent, { recursive: true, force: true }))

it('refuses a directory that cannot be one', async () => {
  const file = join(parent, 'file')
  writeFileSync(file, '')
  const failure = await openStore({ dataDir: join(file, 'data'), role: 'command' }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StoreError)
  expect(failure).toMatchObject({
    code: 'PW-ST-003',
    what: expect.stringContaining(file),
    todo: expect.stringContaining('--data'),
  })
})

it('passes on the last words of an engine that does not start', async () => {
  const dataDir = join(parent, 'broken')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'clickhouse'), 'not a directory')
  const failure = (await openStore({ dataDir, role: 'command' }).catch((error: unknown) => error)) as StoreError
  expect(failure.code).toBe('PW-ST-005')
  expect(failure.why).toMatch(/Its last words: .*clickhouse/s)
  expect(readdirSync(dataDir)).not.toContain('engine.json')
})

it('names what stands in the way of the schema', async () => {
  const dataDir = join(parent, 'no-tables')
  mkdirSync(join(dataDir, 'clickhouse'), { recursive: true })
  writeFileSync(join(dataDir, 'clickhouse', 'store'), 'not a directory')
  const failure = (await openStore({ dataDir, role: 'command' }).catch((error: unknown) => error)) as StoreError
  expect(failure).toMatchObject({ code: 'PW-ST-007', why: expect.stringContaining('Not a directory') })
  expect(readdirSync(dataDir)).not.toContain('engine.json')
})

it('can be cancelled while it waits', async () => {
  const signal = AbortSignal.abort()
  await expect(openStore({ dataDir: join(parent, 'cancelled'), role: 'command', signal })).rejects.toMatchObject({
    code: 'PW-ST-015',
  })
})
