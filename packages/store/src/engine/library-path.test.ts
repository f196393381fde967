import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { currentPlatform, libraryPath } from './library-path.ts'

it('finds the engine of this machine', () => {
  expect(libraryPath()).toMatch(/@chdb[/\\]lib-.*libchdb\.so$/)
})

it.each([
  [{ platform: 'linux', arch: 'x64', libc: 'musl' }, 'linux x64 with musl'],
  [{ platform: 'win32', arch: 'x64', libc: 'glibc' }, 'win32 x64'],
  [{ platform: 'linux', arch: 's390x', libc: 'glibc' }, 'linux s390x'],
] as const)('says that there is none for %o', (machine, words) => {
  expect(() => libraryPath(machine)).toThrow(
    expect.objectContaining({
      code: 'PW-ST-001',
      what: expect.stringContaining(words),
      todo: expect.stringContaining('--store'),
    }),
  )
})

it('says what to install where the package is missing', () => {
  const elsewhere = pathToFileURL('/nowhere/at/all.js').href
  expect(() => libraryPath({ ...currentPlatform(), platform: 'linux', arch: 'x64', libc: 'glibc' }, elsewhere)).toThrow(
    expect.objectContaining({ code: 'PW-ST-002', what: expect.stringContaining('@chdb/lib-linux-x64-gnu') }),
  )
})
