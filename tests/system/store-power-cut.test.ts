import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openStore } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'

// A file system of its own that stops as in a power cut: nothing that was not synced reaches the disk, not even the
// journal's last entries. Source: Linux, fs/ext4/ioctl.c, EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
const POWER_CUT = `import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`
const CHILD = fileURLToPath(new URL('../power-child.ts', import.meta.url))
const CUTS = 3
/** The power goes once so many batches are acknowledged. */
const BATCHES = 12

const folder = mkdtempSync(join(tmpdir(), 'podwitness-power-'))
const image = join(folder, 'disk.img')
const mount = join(folder, 'disk')
const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'ignore' })
const mountIt = (): void => run('mount', '-o', 'loop', image, mount)

beforeAll(() => {
  run('truncate', '-s', '600M', image)
  run('mkfs.ext4', '-q', image)
  mkdirSync(mount)
  mountIt()
})
afterAll(() => {
  run('umount', '-l', mount)
  rmSync(folder, { recursive: true, force: true })
})

/** Writes until the power goes; gives the batches that were acknowledged. */
async function writeUntilCut(name: string): Promise<string[]> {
  const options = ['--import', 'tsx', CHILD, join(mount, 'data'), name]
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const done = (): number => said.split('\n').length - 2
  while (done() < BATCHES && child.exitCode === null) await pause(5)
  run('python3', '-c', POWER_CUT, mount)
  await end(child)
  return said
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== 'ready')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  // The engine notices that its owner is gone and ends too; until then the file system is in use.
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      run('umount', mount)
      return
    } catch {
      await pause(100)
    }
  }
  throw new Error('the file system stays in use')
}

it('loses no acknowledged row in a power cut, and knows what became of the others', async () => {
  const acknowledged: string[] = []
  for (let cut = 0; cut < CUTS; cut++) {
    acknowledged.push(...(await writeUntilCut(`cut${cut}`)))
    mountIt()
    const store = await openStore({ dataDir: join(mount, 'data'), role: 'server' })
    try {
      const { rows } = await store.reader.query({
        sql: "SELECT cmdline, count(), uniqExact(event_id) FROM audit.events WHERE cluster = 'power' GROUP BY cmdline",
        maxRows: 1_000_000,
      })
      const stored = new Map(rows.map(([name, count, ids]) => [String(name), [Number(count), Number(ids)]]))
      const wrong = acknowledged.filter((name) => JSON.stringify(stored.get(name)) !== '[100,100]')
      expect(wrong).toEqual([])
      const behind = "SELECT count() FROM audit.placements FINAL WHERE cluster = 'power'"
      const placed = Number((await store.reader.query({ sql: behind })).rows[0]?.[0])
      expect(placed).toBeGreaterThanOrEqual(acknowledged.length * 100)
      // Settles the batch whose fate is unknown, so that the ledger says what is there.
      await store.ledger?.recordExpired()
      expect(await store.ledger?.verify({})).toMatchObject({ intact: true })
    } finally {
      await store.close()
    }
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(CUTS * BATCHES)
  process.stdout.write(`power cuts: ${CUTS}, acknowledged batches of 100: ${acknowledged.length}, lost: 0\n`)
}, 120_000)
