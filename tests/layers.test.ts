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
  agent: ['event', 'audit', 'session', 'pipeline'],
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

/** An import from one file of a package to another. Types count too: who reads one must not have to read the other first. */
type Edge = readonly [from: string, to: string]

const edgesOf = (files: readonly SourceFile[]): Edge[] =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:import|export)\b[^'"]*?\bfrom '(\.[^']+)'/gm)].map(
      ([, target = '']) => [path, normalize(join(dirname(path), target))] as const,
    ),
  )

/** What is imported in a circle, and what lies on the way from one circle to another. */
function inCircles(edges: readonly Edge[]): string[] {
  const places = new Set(edges.flat())
  for (let before = Number.POSITIVE_INFINITY; places.size < before; ) {
    before = places.size
    const inside = edges.filter(([from, to]) => places.has(from) && places.has(to))
    const importing = new Set(inside.map(([from]) => from))
    const imported = new Set(inside.map(([, to]) => to))
    for (const place of places) if (!importing.has(place) || !imported.has(place)) places.delete(place)
  }
  return [...places].sort()
}

/** Rooms (folders, and files beside them) that need each other in a circle, though no two of their files do. */
function roomsInCircles(edges: readonly Edge[]): string[] {
  const byFolder = new Map<string, Edge[]>()
  for (const [from, to] of edges) {
    const [a, b] = [from.split('/'), to.split('/')]
    const at = a.findIndex((part, i) => part !== b[i])
    if (at < 0) continue
    const rooms = [a, b].map((parts) => parts.slice(0, at + 1).join('/')) as [string, string]
    const folder = a.slice(0, at).join('/')
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), rooms])
  }
  return [...byFolder.values()].flatMap(inCircles).sort()
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

  it('has no circles', () => {
    const edges = edgesOf(sourcesOf(name))
    expect(inCircles(edges)).toEqual([])
    expect(roomsInCircles(edges)).toEqual([])
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
  expect(inCircles(edgesOf(files))).toEqual(['a/one.ts', 'three.ts', 'two.ts'])
})

it('finds planted rooms in a circle', () => {
  const files = [
    { path: 'a/deep/one.ts', text: "import { two } from '../../b/two.ts'" },
    { path: 'b/two.ts', text: '' },
    { path: 'b/three.ts', text: "import { four } from '../a/deep/four.ts'" },
    { path: 'a/deep/four.ts', text: '' },
  ]
  expect(inCircles(edgesOf(files))).toEqual([])
  expect(roomsInCircles(edgesOf(files))).toEqual(['a', 'b'])
})

it('finds a planted dependency', () => {
  expect(wrongDependencies('event', '{"dependencies":{"@podwitness/store":"0.1.0","fastify":"5"}}')).toEqual([
    'event declares store',
  ])
})
