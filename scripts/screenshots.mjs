// Draws docs/images: the server over the bundled recording, its pages in a real Chromium, light and dark, in both languages.
// Usage: npm run build && node scripts/screenshots.mjs [page…]. Needs Chromium: /usr/bin/chromium, or named in CHROMIUM_PATH.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { AccessObjects, AlertLoop, AlertObjects, importPaths, installShippedRules, serve, Users } from '@podwitness/server'
import { openStore } from '@podwitness/store'
import { chromium } from 'playwright-core'
import { ROOT } from './run-step.mjs'
import { smallerPng } from './smaller-png.mjs'

/** So large may a picture be, in bytes: a README should open at once. */
const LARGEST_BYTES = 250_000
/** And all of them together. */
const LARGEST_SUM_BYTES = 6_000_000
const IMAGES = join(ROOT, 'docs/images')
const TOKEN = 'a-token-of-thirty-two-characters'
const RECORDING = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz', 'pods-end.json.gz']
const VARIANTS = [
  { suffix: '', colorScheme: 'light', locale: 'en-US' },
  { suffix: '-dark', colorScheme: 'dark', locale: 'en-US' },
  { suffix: '-zh', colorScheme: 'light', locale: 'zh-CN' },
  { suffix: '-zh-dark', colorScheme: 'dark', locale: 'zh-CN' },
]
const QUERY = `Commands
| where Name in ('curl', 'nc', 'nsenter', 'chroot', 'rm')
| project TimeGenerated, User, Namespace, Pod, CommandLine, TraceId, EventId
| order by TimeGenerated desc`

/** Events that were made to come in, so that each has an id of its own. */
let arrivals = 0

/** What is drawn: an address, and what has to be there before the picture is taken. */
const PAGES = {
  // First, so that the overview can say what the check found.
  integrity: {
    path: '/integrity',
    ready: async (page) => {
      await page.locator('main h1').waitFor()
      await page.keyboard.press('v')
      await page.locator('[data-intact="true"]').waitFor()
    },
  },
  overview: { path: '/?range=all', ready: (page) => page.locator('main table').first().waitFor() },
  sessions: { path: '/sessions?range=all&sort=risk', ready: (page) => page.locator('li[data-index="0"]').waitFor() },
  session: {
    path: '/sessions?range=all&user=mallory&command=nsenter',
    ready: async (page) => {
      await page.locator('[aria-busy="false"] mark').first().waitFor()
      await page.locator('li[data-index="0"] a').first().click()
      await page.locator('[data-command][aria-current="true"]').waitFor()
    },
  },
  hunt: {
    path: `/hunt?from=2026-11-21T02:51:00.000Z&to=2026-11-21T02:55:00.000Z&q=${encodeURIComponent(QUERY)}`,
    ready: async (page) => {
      await page.locator('[aria-busy="false"] table').waitFor()
      await page.locator('figure svg').waitFor()
    },
  },
  event: {
    path: '/sessions?range=all&user=mallory&command=nsenter',
    ready: async (page) => {
      await page.locator('[aria-busy="false"] mark').first().waitFor()
      await page.locator('li[data-index="0"] a').first().click()
      await page.locator('[data-command][aria-current="true"]').waitFor()
      const event = new URL(page.url()).searchParams.get('cmd')
      await page.goto(`${new URL(page.url()).origin}/e/${event}`)
      await page.locator('[data-event][aria-current="true"]').waitFor()
      await page.locator('[data-proven="true"]').waitFor()
    },
  },
  proof: {
    path: '/sessions?range=all&user=mallory&command=nsenter',
    ready: async (page) => {
      await PAGES.event.ready(page)
      await page.keyboard.press('4')
    },
  },
  alerts: {
    path: '/alerts',
    ready: (page) => page.locator('li[data-severity]').first().waitFor(),
  },
  rules: { path: '/rules', ready: (page) => page.locator('tbody tr').nth(5).waitFor() },
  nodes: { path: '/nodes', ready: (page) => page.locator('main pre').first().waitFor() },
  live: {
    path: `/tail?q=${encodeURIComponent('Commands')}`,
    ready: async (page, { arrives }) => {
      await page.locator('[data-state="live"]').first().waitFor()
      await arrives()
      await page.locator('tbody[data-index]').first().waitFor()
    },
  },
  access: {
    path: '/settings/access',
    ready: (page) => page.locator('main table').nth(1).waitFor(),
  },
  channels: { path: '/settings/channels', ready: (page) => page.locator('main form').first().waitFor() },
  streams: { path: '/settings/streams', ready: (page) => page.locator('main table').first().waitFor() },
  about: { path: '/settings/about', ready: (page) => page.locator('main dl').first().waitFor() },
  'set-up': { path: '/settings/set-up', ready: (page) => page.locator('li[data-state]').first().waitFor() },
  sources: { path: '/settings/sources', ready: (page) => page.locator('main table').nth(1).waitFor() },
  senders: { path: '/settings/senders', ready: (page) => page.locator('main form').first().waitFor() },
  usage: { path: '/settings/usage', ready: (page) => page.locator('main table').first().waitFor() },
  identities: { path: '/settings/identities', ready: (page) => page.locator('main li').first().waitFor() },
  masks: { path: '/settings/masks', ready: (page) => page.locator('main form').first().waitFor() },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in PAGES))
if (unknown.length > 0) {
  process.stderr.write(`There is no page ${unknown.join(', ')}. Pages: ${Object.keys(PAGES).join(', ')}.\n`)
  process.exit(2)
}
process.exitCode = await draw(wanted.length > 0 ? wanted : Object.keys(PAGES))

/** Draws the named pages; returns 1 where a picture came out too large. */
async function draw(names) {
  const directory = mkdtempSync(join(tmpdir(), 'podwitness-pictures-'))
  mkdirSync(IMAGES, { recursive: true })
  const store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  try {
    await fill(store, directory)
    const served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN, settings: { folder: directory } })
    const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path !== undefined && existsSync(path))
    const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ['--no-sandbox'] })
    try {
      let tooLarge = false
      for (const variant of VARIANTS)
        for (const name of names)
          tooLarge = (await drawPage(browser, served.url, name, variant, () => arrive(store))) > LARGEST_BYTES || tooLarge
      const sum = readdirSync(IMAGES).reduce((bytes, file) => bytes + statSync(join(IMAGES, file)).size, 0)
      process.stdout.write(`${IMAGES}  ${Math.round(sum / 1000)} kB in all\n`)
      return tooLarge || sum > LARGEST_SUM_BYTES ? 1 : 0
    } finally {
      await browser.close()
      await served.close()
    }
  } finally {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The recording, and the alerts that the shipped rules raise over it. */
async function fill(store, directory) {
  const now = Date.now()
  await installShippedRules(store, now - 5_000)
  const paths = RECORDING.map((name) => join(ROOT, 'recordings/dev', name))
  await importPaths(store, paths, { cluster: 'dev', rejectsDir: directory })
  const users = new Users(new AccessObjects(store))
  await users.add('vera', { role: 'viewer', namespaces: ['infra'], clusters: null }, 'owner')
  await users.add('chen', { role: 'auditor', namespaces: null, clusters: null }, 'owner')
  const channel = { id: 'ops', name: 'Operations', type: 'slack', options: { url: 'env:PODWITNESS_SECRET_SLACK' } }
  await new AlertObjects(store).saveChannel(channel, now, true)
  let clock = now
  const loop = new AlertLoop(store, {
    origin: 'http://127.0.0.1:7070',
    send: { allowTargets: [], env: {} },
    now: () => clock,
  })
  // Rules are due once a minute; late rows are waited for.
  for (let round = 0; round < 3; round++) {
    clock += 60_000
    await loop.tick()
  }
}

/** Some commands of the recording once more, as if they came in now. */
async function arrive(store) {
  const { rows } = await store.reader.query({
    sql: "SELECT cluster, node, ns, pod, container, image, name, exe, argv, cmdline, cwd, pid, ppid, raw FROM audit.commands WHERE trace_id != '' AND pod != '' ORDER BY time LIMIT 24",
  })
  const names = [
    'cluster',
    'node',
    'ns',
    'pod',
    'container',
    'image',
    'name',
    'exe',
    'argv',
    'cmdline',
    'cwd',
    'pid',
    'ppid',
    'raw',
  ]
  const events = rows.map((values, at) => ({
    ...Object.fromEntries(names.map((name, column) => [name, values[column]])),
    ...{ event_id: `arrived-${++arrivals}`, kind: 'Command', time: storeTime(Date.now() - (rows.length - at) * 400) },
  }))
  await store.writer.insert('events', events, `arrived|${arrivals}`)
}

/** Draws one page in one variant; returns the size of the picture in bytes. */
async function drawPage(browser, origin, name, { suffix, ...options }, arrives) {
  const context = await browser.newContext({ ...options, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const { path, ready } = PAGES[name]
  await page.goto(`${origin}${path}${path.includes('?') ? '&' : '?'}token=${TOKEN}`)
  try {
    await ready(page, { arrives })
  } catch (error) {
    process.stderr.write(
      `${name}${suffix} did not come to stand as expected; it says:\n${await page.locator('body').innerText()}\n`,
    )
    throw error
  }
  await page.evaluate(() => document.fonts.ready)
  const file = join(IMAGES, `${name}${suffix}.png`)
  writeFileSync(file, smallerPng(await page.screenshot()))
  await context.close()
  const { size } = statSync(file)
  process.stdout.write(`${file}  ${Math.round(size / 1000)} kB\n`)
  return size
}
