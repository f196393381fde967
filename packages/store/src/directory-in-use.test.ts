import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { blankRow } from './blank-row.ts'
import { processExists, readEngineFile } from './engine/engine-file.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const script = fileURLToPath(new URL('../testdata/hold-store.ts', import.meta.url))
const directories: string[] = []
const children: ChildProcess[] = []
const stores: Store[] = []

const directory = () => {
  const path = mkdtempSync(join(tmpdir(), 'podwitness-held-'))
  directories.push(path)
  return path
}
const open = async (options: Parameters<typeof openStore>[0]) => {
  const store = await openStore(options)
  stores.push(store)
  return store
}
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(stores.splice(0).map((store) => store.close()))
})
afterAll(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 5 })
})

/** Another process that holds the store of a directory. */
async function holder(dataDir: string, role: string): Promise<{ child: ChildProcess; kind: string; enginePid: number }> {
  const node = ['--import', 'tsx', script, dataDir, role]
  const child = spawn(process.execPath, node, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk) => resolve(String(chunk)))
    child.once('exit', (code) => reject(new Error(`exit ${code}`)))
  })
  return { child, ...(JSON.parse(line) as { kind: string; enginePid: number }) }
}

async function until(condition: () => boolean, timeoutMs = 8_000): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return condition()
}
const event = (id: string) => ({
  ...blankRow('events'),
  ...{ event_id: id, kind: 'Command' as const, time: '2026-11-21 02:00:00.000001', cluster: 'c' },
})
const ids = async (store: Store) =>
  (await store.reader.query({ sql: 'SELECT event_id FROM audit.events ORDER BY 1' })).rows.flat()

describe('a directory in use', () => {
  it('a command attaches to the engine of a server, and a second server is refused', async () => {
    const dataDir = directory()
    const server = await holder(dataDir, 'server')
    const store = await open({ dataDir, role: 'command' })
    expect([server.kind, store.kind]).toEqual(['embedded', 'attached'])
    await store.writer.insert('events', [event('a1')], 'a1')
    expect(await ids(store)).toEqual(['a1'])
    const second = openStore({ dataDir, role: 'server' })
    await expect(second).rejects.toMatchObject({
      code: 'PW-ST-004',
      message: expect.stringContaining(`process ${server.child.pid}`),
    })
    expect(statSync(join(dataDir, 'engine.json')).mode & 0o077).toBe(0)
    expect(statSync(join(dataDir, 'engine', `${server.child.pid}`, 'users.xml')).mode & 0o077).toBe(0)
    await store.close()
    expect(processExists(server.enginePid)).toBe(true)
  })

  it('an attached command goes on when the engine of the server is lost', async () => {
    const dataDir = directory()
    const server = await holder(dataDir, 'server')
    const store = await open({ dataDir, role: 'command' })
    await store.writer.insert('events', [event('c1')], 'c1')
    process.kill(server.enginePid, 'SIGKILL')
    expect(await until(() => !processExists(server.enginePid))).toBe(true)
    await store.writer.insert('events', [event('c2')], 'c2')
    expect(await ids(store)).toEqual(['c1', 'c2'])
    expect(await until(() => readEngineFile(dataDir)?.enginePid !== server.enginePid)).toBe(true)
  })

  it('leaves no engine behind when its owner is killed, and opens again with every row', async () => {
    const dataDir = directory()
    const server = await holder(dataDir, 'server')
    const attached = await open({ dataDir, role: 'command' })
    await attached.writer.insert('events', [event('b1')], 'b1')
    server.child.kill('SIGKILL')
    expect(await until(() => !processExists(server.enginePid))).toBe(true)
    expect(readEngineFile(dataDir)?.enginePid).toBe(server.enginePid) // Stale, and no hindrance.
    const store = await open({ dataDir, role: 'server' })
    expect([store.kind, await ids(store)]).toEqual(['embedded', ['b1']])
    expect(readdirSync(join(dataDir, 'engine'))).toEqual([`${process.pid}`])
  })

  it('waits for another command, says so, and names it when it does not end', async () => {
    const dataDir = directory()
    const other = await holder(dataDir, 'command')
    const notices: string[] = []
    const onNotice = (text: string) => notices.push(text)
    const impatient = openStore({ dataDir, role: 'command', onNotice, waitMs: 1_500 })
    await expect(impatient).rejects.toMatchObject({
      code: 'PW-ST-004',
      message: expect.stringContaining(`process ${other.child.pid}`),
    })
    expect(notices).toEqual([expect.stringContaining(`Waiting for process ${other.child.pid}`)])
    const patient = open({ dataDir, role: 'command' })
    other.child.kill('SIGTERM')
    expect((await patient).kind).toBe('embedded')
  })

  it('ignores an engine file that is damaged, foreign or of a dead process', async () => {
    const dataDir = directory()
    writeFileSync(join(dataDir, 'engine.json'), '{"format":1,"role":"server","ownerPid":4194304')
    const store = await open({ dataDir, role: 'command' })
    const mine = readFileSync(join(dataDir, 'engine.json'), 'utf8')
    await store.close()
    expect(readEngineFile(dataDir)).toBeUndefined()
    writeFileSync(join(dataDir, 'engine.json'), mine.replace(/"ownerPid": \d+/, '"ownerPid": 4194304'))
    expect((await open({ dataDir, role: 'server' })).kind).toBe('embedded')
  })
})
