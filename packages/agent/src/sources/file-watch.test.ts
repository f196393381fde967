import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { FileWatch } from './file-watch.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-watch-'))
const never = new AbortController().signal
const LONG_MS = 60_000
afterAll(() => rmSync(folder, { recursive: true }))

/** A watch that has looked at its file twice in vain, so that it waits to be told. */
async function waiting(path: string): Promise<FileWatch> {
  const watch = new FileWatch(path)
  expect(await watch.changed(never, LONG_MS)).toBe(false)
  return watch
}

it('is told of what is written and of another name, also a second time', async () => {
  const path = join(folder, 'log')
  writeFileSync(path, 'a')
  const watch = await waiting(path)
  const first = watch.changed(never, LONG_MS)
  appendFileSync(path, 'b')
  expect(await first).toBe(true)
  watch.found()
  expect(await watch.changed(never, LONG_MS)).toBe(false) // Soon: the rest of an event.
  expect(await watch.changed(never, LONG_MS)).toBe(false)
  const second = watch.changed(never, LONG_MS)
  renameSync(path, `${path}.1`)
  expect(await second).toBe(true)
  watch.close()
})

it('waits no longer than it may, and looks now and then at a file that is not there', async () => {
  const path = join(folder, 'later')
  const watch = await waiting(path)
  expect(await watch.changed(never, LONG_MS)).toBe(false)
  writeFileSync(path, '')
  await watch.changed(never, LONG_MS)
  expect(await watch.changed(never, 10)).toBe(false)
  watch.close()
})

it('does without being told where changes come and nobody says so', async () => {
  const path = join(folder, 'deaf')
  writeFileSync(path, '')
  const watch = new FileWatch(path)
  for (let turn = 0; turn < 3; turn++) {
    await watch.changed(never, LONG_MS)
    expect(await watch.changed(never, 10)).toBe(false)
    watch.found() // Found by looking.
  }
  await watch.changed(never, LONG_MS)
  const unwatched = watch.changed(never, LONG_MS)
  appendFileSync(path, 'a')
  expect(await unwatched).toBe(false)
  watch.close()
})
