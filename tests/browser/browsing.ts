import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importPaths, type Served, type ServeOptions, serve } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { openRecordedStore } from '../../packages/server/testdata/recorded-store.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Pictures that the tests take, to be looked at by people. */
export const SHOTS = join(ROOT, 'test-results')
export const TOKEN = 'a-token-of-thirty-two-characters'
const RECORDING = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz', 'pods-end.json.gz']
const CHROMIUM = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** How a page is visited. */
export interface VisitOptions extends BrowserContextOptions {
  /** The server refuses something on this page. */
  readonly refusals?: boolean
}

/** A real server over the bundled recording, and a real browser. */
export interface Browsing {
  readonly directory: string
  readonly store: Store
  readonly served: Served
  readonly browser: Browser
  /** Opens an address, signed in, and gives the page to `look`; complaints of the browser fail the test. */
  readonly visit: (path: string, look: (page: Page) => Promise<void>, options?: VisitOptions) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Starts server and browser.
 *
 * @param before Runs on the empty store, before the recording is imported; none, and a store that has it already is copied.
 * @param more Further options of the server, given the folder of this run.
 */
export async function startBrowsing(
  before?: (store: Store) => Promise<void>,
  more: (directory: string) => Partial<ServeOptions> = () => ({}),
): Promise<Browsing> {
  if (CHROMIUM === undefined) throw new Error('Chromium is needed: install it, or name it in CHROMIUM_PATH')
  buildPage()
  mkdirSync(SHOTS, { recursive: true })
  const directory = mkdtempSync(join(tmpdir(), 'podwitness-browser-'))
  const data = join(directory, 'data')
  const store = before === undefined ? await openRecordedStore(data) : await importedAfter(before, data, directory)
  const served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN, ...more(directory) })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') })
  return {
    directory,
    store,
    served,
    browser,
    visit: (path, look, options) => visit({ browser, served }, path, look, options),
    close: async () => {
      await browser.close()
      await served.close()
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Rules and listeners see what arrives after them, so the recording has to arrive here. */
async function importedAfter(before: (store: Store) => Promise<void>, dataDir: string, rejectsDir: string): Promise<Store> {
  const store = await openStore({ dataDir, role: 'server' })
  await before(store)
  await importPaths(
    store,
    RECORDING.map((name) => join(ROOT, 'recordings/dev', name)),
    { cluster: 'dev', rejectsDir },
  )
  return store
}

function buildPage(): void {
  if (existsSync(join(ROOT, 'packages/web/dist/index.html'))) return
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync('npm', ['run', 'build', '-w', '@podwitness/web'], { cwd: ROOT, stdio: 'ignore', env })
}

async function visit(
  { browser, served }: Pick<Browsing, 'browser' | 'served'>,
  path: string,
  look: (page: Page) => Promise<void>,
  { refusals = false, ...options }: VisitOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401') && !(refusals && message.text().includes('400')))
      complaints.push(message.text())
  })
  try {
    await page.goto(`${served.url}${path}${path.includes('?') ? '&' : '?'}token=${TOKEN}`)
    await look(page)
  } catch (error) {
    await page.screenshot({ path: join(SHOTS, 'failed.png') }).catch(() => undefined)
    process.stderr.write(`${page.url()} says: ${await page.innerText('body').catch(String)}\n${complaints.join('\n')}\n`)
    throw error
  } finally {
    await context.close()
  }
  expect(complaints).toEqual([])
}

/** What keeps somebody out of a page, as axe finds it. */
export const violations = (page: Page): Promise<string[]> => axeOn(page)

/** The same by some of axe's rules, or by all but some. */
export async function axeOn(
  page: Page,
  rules: { only?: readonly string[]; without?: readonly string[] } = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
  const off = Object.fromEntries((rules.without ?? []).map((rule) => [rule, { enabled: false }]))
  const options = { ...(rules.only === undefined ? {} : { runOnly: rules.only }), rules: off, resultTypes: ['violations'] }
  return page.evaluate(async (chosen) => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run(chosen)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  }, options)
}

/** How wide the page is beyond what the window shows, in CSS pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
