import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../packages/', import.meta.url))

/** Which package may import which; a new edge needs a decision record (docs/decisions). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  event: [],
  audit: [],
  kube: ['event'],
  session: ['event'],
  query: ['event'],
  store: ['event'],
  api: ['event'],
  pipeline: ['event'],
  alert: ['event', 'query'],
  agent: ['event', 'audit', 'session', 'pipeline', 'api'],
  server: ['event', 'audit', 'kube', 'session', 'query', 'store', 'api', 'pipeline', 'alert'],
  cli: ['event', 'audit', 'kube', 'session', 'query', 'store', 'api', 'pipeline', 'alert', 'server', 'agent'],
  web: ['event', 'api', 'query'],
}

interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What is wrong with a package's imports: edges the table does not have, deep imports, ways around the package's door. */
function wrongImports(name: string, files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].flatMap(([, target = '']) => {
      const wrong = wrongTarget(name, target, path)
      return wrong === null ? [] : [`${name}/${path}: ${wrong}`]
    }),
  )
}

function wrongTarget(name: string, target: string, path: string): string | null {
  if (target.startsWith('.')) {
    const depth = path.split('/').length - 1
    const up = target.split('/').filter((part) => part === '..').length
    return up > depth ? `${target} leaves the package` : null
  }
  const [, other, deep] = /^@podwitness\/([^/]+)(\/.*)?$/.exec(target) ?? []
  if (other === undefined) return null
  if (deep !== undefined) return `${target} goes past the door of ${other}`
  return other === name || ALLOWED[name]?.includes(other) ? null : `${target} is not allowed`
}

/** What is wrong with a package's declared dependencies. */
function wrongDependencies(name: string, manifest: string): string[] {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(manifest) as Record<string, Record<string, string>>
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((dependency) => dependency.startsWith('@podwitness/'))
    .map((dependency) => dependency.slice('@podwitness/'.length))
    .filter((dependency) => !ALLOWED[name]?.includes(dependency))
    .map((dependency) => `${name} declares ${dependency}`)
}

/** Sources of a package; tests may import what they test with. */
function sourcesOf(name: string): SourceFile[] {
  const root = join(PACKAGES, name, 'src')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

it('knows every package', () => {
  expect(readdirSync(PACKAGES).sort()).toEqual(Object.keys(ALLOWED).sort())
})

describe.each(Object.keys(ALLOWED))('%s', (name) => {
  it('imports only what it may', () => {
    const sources = sourcesOf(name)
    expect(sources.length).toBeGreaterThan(0)
    expect(wrongImports(name, sources)).toEqual([])
  })

  it('declares only what it may', () => {
    expect(wrongDependencies(name, readFileSync(join(PACKAGES, name, 'package.json'), 'utf8'))).toEqual([])
  })
})

it.each([
  ['a value from above', "import { run } from '@podwitness/cli'"],
  ['a type from above', "import type { Store } from '@podwitness/server'"],
  ['an export from above', "export * from '@podwitness/server'"],
  ['a side effect', "import '@podwitness/server'"],
  ['a late import', "await import('@podwitness/server')"],
  ['past the door', "import { storeTime } from '@podwitness/event/src/store-time.ts'"],
  ['around the door', "import { storeTime } from '../../event/src/store-time.ts'"],
])('finds a planted violation: %s', (_what, text) => {
  expect(wrongImports('store', [{ path: 'open-store.ts', text }])).toHaveLength(1)
})

it('finds a planted dependency', () => {
  expect(wrongDependencies('event', '{"dependencies":{"@podwitness/store":"0.1.0","fastify":"5"}}')).toEqual([
    'event declares store',
  ])
})
