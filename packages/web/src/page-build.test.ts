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

test('all scripts together stay under the budget', () => {
  const scripts = readdirSync(join(directory, 'assets')).filter((name) => name.endsWith('.js'))
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(directory, 'assets', name))).length)
  expect(scripts.length).toBeGreaterThan(0)
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(SCRIPT_BYTES)
})

test('nothing is inline and nothing comes from elsewhere', () => {
  const page = readFileSync(join(directory, 'index.html'), 'utf8')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=|https?:/)
  const styles = readdirSync(join(directory, 'assets')).filter((name) => name.endsWith('.css'))
  for (const name of styles) expect(readFileSync(join(directory, 'assets', name), 'utf8')).not.toMatch(/url\(|@import/)
})
