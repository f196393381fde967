import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../packages/', import.meta.url))

/** Which package may import which; a new edge needs a decision record (docs/decisions). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  event: [],
  audit: [],
  kube: ['event'],
  session: ['event'],
  query: [],
  store: ['event'],
  api: ['event'],
  pipeline: [],
  alert: ['query'],
  agent: ['event', 'audit', 'pipeline'],
  server: ['event', 'audit', 'kube', 'session', 'query', 'store', 'api', 'alert'],
  cli: ['event', 'audit', 'kube', 'query', 'store', 'api', 'alert', 'server', 'agent'],
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

/** Files that import each other in a circle, and those on the way from one circle to another. */
function filesInCircles(files: readonly SourceFile[], imports: RegExp): string[] {
  const paths = new Set(files.map(({ path }) => path))
  const edges = files.flatMap(({ path, text }) =>
    [...text.matchAll(imports)].map(([, target = '']) => [path, normalize(join(dirname(path), target))] as const),
  )
  for (let before = Number.POSITIVE_INFINITY; paths.size < before; ) {
    before = paths.size
    const inside = edges.filter(([from, to]) => paths.has(from) && paths.has(to))
    const importing = new Set(inside.map(([from]) => from))
    const imported = new Set(inside.map(([, to]) => to))
    for (const path of paths) if (!importing.has(path) || !imported.has(path)) paths.delete(path)
  }
  return [...paths].sort()
}
/** Types count too: who reads one file must not have to read the other first. */
const ANY_IMPORT = /^(?:import|export)\b[^'"]*?\bfrom '(\.[^']+)'/gm

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

  it('has no circles', () => {
    expect(filesInCircles(sourcesOf(name), ANY_IMPORT)).toEqual([])
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

it('finds a planted circle, of types alone too', () => {
  const files = [
    { path: 'a/one.ts', text: "import { two } from '../two.ts'\nimport '../four.ts'" },
    { path: 'two.ts', text: "export {\n  three,\n} from './three.ts'" },
    { path: 'three.ts', text: "import type { One } from './a/one.ts'" },
    { path: 'four.ts', text: '' },
  ]
  expect(filesInCircles(files, ANY_IMPORT)).toEqual(['a/one.ts', 'three.ts', 'two.ts'])
})

it('finds a planted dependency', () => {
  expect(wrongDependencies('event', '{"dependencies":{"@podwitness/store":"0.1.0","fastify":"5"}}')).toEqual([
    'event declares store',
  ])
})
