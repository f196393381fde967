import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-web-'))
/** What a first visit may load, in bytes after gzip. */
const SCRIPT_BYTES = 250 * 1024

beforeAll(async () => {
  // The test runner says `test`, which would bundle the development build of React.
  vi.stubEnv('NODE_ENV', 'production')
  await build({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'error',
    build: { outDir: directory, emptyOutDir: true },
  })
  vi.unstubAllEnvs()
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const size = (names: readonly string[]): number =>
  names.map((name) => gzipSync(readFileSync(join(directory, 'assets', name))).length).reduce((sum, one) => sum + one, 0)
const scripts = (): string[] => readdirSync(join(directory, 'assets')).filter((name) => name.endsWith('.js'))

/** Scripts that the page asks for at once: those it names, and what these import before they run. */
function firstScripts(): string[] {
  const page = readFileSync(join(directory, 'index.html'), 'utf8')
  const found = new Set([...page.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name = '']) => name))
  for (const name of found) {
    const text = readFileSync(join(directory, 'assets', name), 'utf8')
    for (const [, other = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) found.add(other)
  }
  return [...found]
}

test('the scripts of a first visit stay under the budget, and the editor is not among them', () => {
  const first = firstScripts()
  expect(first.length).toBeGreaterThan(0)
  expect(size(first)).toBeLessThan(SCRIPT_BYTES)
  const later = scripts().filter((name) => !first.includes(name))
  expect(later.some((name) => name.startsWith('hunt-page'))).toBe(true)
})

test('no page loads more than once again as much', () => {
  expect(size(scripts())).toBeLessThan(2 * SCRIPT_BYTES)
})

test('nothing is inline and nothing comes from elsewhere', () => {
  const page = readFileSync(join(directory, 'index.html'), 'utf8')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=|https?:/)
  const styles = readdirSync(join(directory, 'assets')).filter((name) => name.endsWith('.css'))
  for (const name of styles) expect(readFileSync(join(directory, 'assets', name), 'utf8')).not.toMatch(/url\(|@import/)
})
