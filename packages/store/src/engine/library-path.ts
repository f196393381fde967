import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { StoreError } from '../store-error.ts'

/** Packages of npm `chdb` that carry the engine, by `platform-arch`. Source: chdb 3.4.0, dist/loader.js. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
}
const USE_A_SERVER = 'Run a ClickHouse server and give its address: --store http://user:password@host:8123'

/** What the engine can run on; read from the running process unless a test says otherwise. */
export interface Platform {
  readonly platform: string
  readonly arch: string
  /** C library of a Linux; anything else has none that matters. */
  readonly libc: 'glibc' | 'musl'
}

/** The machine this process runs on. */
export function currentPlatform(): Platform {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  const glibc = report?.header?.glibcVersionRuntime !== undefined
  return { platform: process.platform, arch: process.arch, libc: process.platform !== 'linux' || glibc ? 'glibc' : 'musl' }
}

/**
 * Path of `libchdb.so` for a platform.
 *
 * @throws StoreError PW-ST-001 (no engine for this platform), PW-ST-002 (not installed).
 */
export function libraryPath(machine: Platform = currentPlatform(), from: string = import.meta.url): string {
  const name = PACKAGES[`${machine.platform}-${machine.arch}`]
  if (name === undefined || machine.libc === 'musl') {
    const system = `${machine.platform} ${machine.arch}${machine.libc === 'musl' ? ' with musl' : ''}`
    throw new StoreError('PW-ST-001', {
      what: `The embedded engine does not run on ${system}.`,
      why: 'It exists for Linux with glibc and for macOS, each on x64 and arm64.',
      todo: USE_A_SERVER,
    })
  }
  const path = resolveLibrary(name, from)
  if (path === undefined)
    throw new StoreError('PW-ST-002', {
      what: `The embedded engine is not installed: npm package ${name} is missing.`,
      why: 'It comes with the optional dependency chdb, which an install with --omit=optional leaves out.',
      todo: `Run npm install again with optional dependencies. ${USE_A_SERVER}`,
    })
  return path
}

/** The package may be hoisted beside us or nested below `chdb`, so both places are asked. */
function resolveLibrary(name: string, from: string): string | undefined {
  for (const base of [from, resolveFrom(from, 'chdb')]) {
    const door = base === undefined ? undefined : resolveFrom(base, `${name}/package.json`)
    const path = door === undefined ? undefined : join(dirname(door), 'libchdb.so')
    if (path !== undefined && existsSync(path)) return path
  }
  return undefined
}

function resolveFrom(base: string, request: string): string | undefined {
  try {
    return createRequire(base).resolve(request)
  } catch {
    return undefined
  }
}
