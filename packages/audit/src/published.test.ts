import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const home = join(import.meta.dirname, '..')
const modules = join(home, '../../node_modules')
const folder = mkdtempSync(join(tmpdir(), 'podwitness-published-'))
const installed = join(folder, 'node_modules/@podwitness/audit')
const log = join(home, 'testdata/execve-split/input.log')
let packed: { files: { path: string }[]; filename: string }

/** Builds the package into an empty folder, packs it, and unpacks it where `node` of that folder finds it: as npm installs it. */
beforeAll(() => {
  const built = join(folder, 'package')
  mkdirSync(built)
  for (const name of ['package.json', 'README.md', 'LICENSE', 'src'])
    cpSync(join(home, name), join(built, name), { recursive: true, filter: (path) => !basename(path).endsWith('.test.ts') })
  compile(['-p', join(home, 'tsconfig.json'), '--outDir', join(built, 'dist'), '--tsBuildInfoFile', join(folder, 'build-info')])
  packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--offline', '--pack-destination', folder], { cwd: built }).toString(),
  )[0]
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function compile(args: readonly string[]): void {
  execFileSync(process.execPath, [join(modules, 'typescript/bin/tsc'), ...args], { cwd: folder, stdio: 'pipe' })
}

function run(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return execFileSync(process.execPath, [name], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
}

describe('the package as it is published', () => {
  it('depends on nothing and is not private', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    expect(manifest.private).toBeUndefined()
    expect(Object.keys(manifest).filter((key) => /dependencies$/i.test(key))).toEqual([])
  })

  it('holds what is built, its sources, its licence, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']))
    expect(
      paths.filter(
        (path) => !/^(LICENSE|README\.md|package\.json|(dist|src)\/[\w/-]+\.(js|ts|d\.ts|js\.map|d\.ts\.map))$/.test(path),
      ),
    ).toEqual([])
    expect(paths.filter((path) => path.includes('.test.'))).toEqual([])
  })

  it('is what publint wants', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
    expect(messages).toEqual([])
  })

  it('is imported by plain JavaScript', () => {
    const output = run(
      'plain.mjs',
      `import { createDecoder } from '@podwitness/audit'
import { readFileSync } from 'node:fs'
const decoder = createDecoder()
decoder.push(new Uint8Array(readFileSync(${JSON.stringify(log)})))
decoder.end()
for await (const event of decoder) console.log(JSON.stringify(event.argv()))`,
    )
    expect(JSON.parse(output)).toEqual(['/bin/echo', 'two words', '', 'ABCDEFGH', '\n\t', 'abcd'])
  })

  it('is understood by TypeScript without any other package of ours', () => {
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
    for (const name of ['@types/node', 'undici-types']) symlinkSync(join(modules, name), join(folder, 'node_modules', name))
    writeFileSync(
      join(folder, 'typed.mts'),
      `import { type AuditEvent, createDecoder } from '@podwitness/audit'
const decoder = createDecoder({ onEvent: (event) => void (event.toJSON() satisfies AuditEvent) })
decoder.push(new Uint8Array(1))
// @ts-expect-error: no such option
createDecoder({ nothing: 1 })\n`,
    )
    compile([
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
      '--skipLibCheck',
      'false',
      'typed.mts',
    ])
  })

  const readme = readFileSync(join(home, 'README.md'), 'utf8')
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string)

  it('has examples', () => expect(examples.length).toBeGreaterThan(3))

  it.each(examples.map((text, i) => [i + 1, text] as const))('runs example %i of its page', (number, text) => {
    const output = run(`example-${number}.mjs`, text.replaceAll('/var/log/audit/audit.log', log))
    expect(output).not.toBe('')
  })
})
