// A stranger's way, timed: from `npm start` to who ran `curl` in which pod, by clicks alone.
// Usage: node scripts/stranger-path.mjs [folder for pictures]. Needs Chromium: /usr/bin/chromium, or named in CHROMIUM_PATH.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { ROOT } from './run-step.mjs'

const PROGRAM = 'curl'
/** From the overview to the answer. */
const MOST_CLICKS = 3
const STARTED_MS = 120_000
const pictures = process.argv[2] ?? join(ROOT, 'test-results')

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`
const say = (text) => process.stdout.write(`${seconds()}  ${text}\n`)
process.exitCode = await walk()

/** Walks the way; returns 1 where it took too many clicks or led to the wrong answer. */
async function walk() {
  const data = mkdtempSync(join(tmpdir(), 'podwitness-stranger-'))
  mkdirSync(pictures, { recursive: true })
  const server = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), '--listen', '127.0.0.1:0'], {
    env: { ...process.env, PODWITNESS_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, which Ctrl-C in a terminal would end as a whole.
    detached: true,
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  try {
    return await lookFrom(await addressOf(server))
  } finally {
    if (server.exitCode === null) process.kill(-server.pid, 'SIGINT')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}

/** The address that the server prints when it is ready. */
function addressOf(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server was not ready in time')), STARTED_MS)
    let text = ''
    server.stdout.on('data', (bytes) => {
      text += bytes
      const address = /http:\/\/\S+token=\S+/.exec(text)?.[0]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
    server.once('exit', () => reject(new Error('the server ended')))
  })
}

async function lookFrom(address) {
  say('the server is ready')
  const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path !== undefined && existsSync(path))
  const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    let clicks = 0
    const arrived = async (what) => {
      await page.screenshot({ path: join(pictures, `stranger-${clicks}.png`) })
      say(`${clicks} clicks: ${what}`)
    }
    const click = async (link) => {
      clicks++
      await link.click()
    }
    await page.goto(address)
    await page.locator('main table').first().waitFor()
    await arrived('the overview')
    await click(page.getByRole('navigation').getByRole('link', { name: 'Sessions', exact: true }))
    const search = page.getByRole('searchbox')
    await search.waitFor()
    await click(search)
    await page.keyboard.type(PROGRAM)
    const row = page.locator('li[data-index="0"]')
    await row.locator('mark').first().waitFor()
    const listed = (await row.innerText()).split('\n').filter((text) => text.trim() !== '')
    await arrived(`the list says ${listed.slice(1, 8).join(' | ')}`)
    await click(row.getByRole('link').first())
    const command = page.locator('[data-command][aria-current="true"]')
    await command.waitFor()
    const heading = (await page.locator('main h1').innerText()).replace(/\s+/g, ' ')
    await arrived(`the session says ${heading}, and ${(await command.innerText()).replace(/\s+/g, ' ')}`)
    return (await isRight(page, heading)) && clicks <= MOST_CLICKS ? 0 : 1
  } finally {
    await browser.close()
  }
}

/** Whether a query gives the same answer: the pages must not say anything else than the evidence. */
async function isRight(page, heading) {
  const { pathname, searchParams } = new URL(page.url())
  const query = `Commands | where Name == '${PROGRAM}' and EventId == '${searchParams.get('cmd')}' | project User, Namespace, Pod, TraceId`
  const address = `${new URL(page.url()).origin}/hunt?range=all&q=${encodeURIComponent(query)}`
  await page.goto(address)
  await page
    .getByText('1 rows', { exact: true })
    .or(page.getByText('1 row', { exact: true }))
    .first()
    .waitFor()
  const said = await page.locator('main').innerText()
  const [, user = '?', pod = '?'] = /^(.+?) (?:→ )?(\S+\/\S+)/.exec(heading) ?? []
  const right = [user.split(' ')[0], pod.split('/')[1], pathname.slice(3)].every((part) => said.includes(part))
  say(right ? 'a query over the evidence says the same' : `a query over the evidence says otherwise:\n${said}`)
  return right
}
