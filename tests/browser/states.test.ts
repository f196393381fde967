import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AccessObjects, ApiTokens, type Served, serve, Users } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailHtml } from '../../packages/alert/src/channels/mail-html.ts'
import { safeText } from '../../packages/alert/src/safe-text.ts'
import { axeOn, type Browsing, overflow, startBrowsing, TOKEN } from './browsing.ts'
import { WAYS } from './hostile-store.ts'

/** A page, what it asks first, and what it says where that is not there. */
interface PageStates {
  readonly name: string
  readonly path: string
  /** Its main request. */
  readonly asks: string
  /** On a server that holds nothing; a page that is then as always says so with its heading. */
  readonly nothing: string | RegExp
  /** To a viewer of a namespace in which nothing is. */
  readonly notAllowed: string | RegExp
}

const NOT_FOR_ROLE = 'This is not for your role'
/** Who may see nothing else still sees these: who is named by whom, and tokens of their own. */
const OWN_ONLY: Readonly<Record<string, string>> = { identities: 'Nobody is named yet', access: 'states' }
const ALL = encodeURIComponent('Commands')

const PAGES: readonly PageStates[] = [
  {
    name: 'Overview',
    path: '/?range=all',
    asks: '**/api/v1/overview*',
    nothing: 'No data yet',
    notAllowed: /No data yet|Nobody entered a container/,
  },
  {
    name: 'Sessions',
    path: '/sessions?range=all',
    asks: '**/api/v1/sessions?*',
    nothing: 'No data yet',
    notAllowed: /No data yet|Nobody entered a container/,
  },
  {
    name: 'Session',
    path: '/s/0000',
    asks: '**/api/v1/sessions/*',
    nothing: /There is no session|no such session/i,
    notAllowed: /There is no session|no such session/i,
  },
  {
    name: 'Event',
    path: '/e/0000',
    asks: '**/api/v1/events/*',
    nothing: /There is no event|no such event/i,
    notAllowed: /There is no event|no such event/i,
  },
  {
    name: 'Hunt',
    path: `/hunt?range=all&q=${ALL}`,
    asks: '**/api/v1/query',
    nothing: 'No data yet',
    notAllowed: NOT_FOR_ROLE,
  },
  { name: 'Alerts', path: '/alerts', asks: '**/api/v1/alerts?*', nothing: 'No alerts.', notAllowed: 'No alerts.' },
  { name: 'Rules', path: '/rules', asks: '**/api/v1/rules', nothing: 'New rule', notAllowed: 'Rules' },
  { name: 'Nodes', path: '/nodes', asks: '**/api/v1/loss*', nothing: 'No node agent has reported yet', notAllowed: 'Nodes' },
  { name: 'Integrity', path: '/integrity', asks: '**/api/v1/integrity', nothing: 'Not checked yet', notAllowed: NOT_FOR_ROLE },
  ...(
    [
      ['sources', '**/api/v1/sources', 'This server takes nothing in'],
      ['senders', '**/api/v1/senders', 'No token was made yet.'],
      ['streams', '**/api/v1/store', 'Commands and other node events'],
      ['usage', '**/api/v1/usage', 'Free'],
      ['channels', '**/api/v1/channels', 'Nobody is told of alerts yet'],
      ['identities', '**/api/v1/identities', 'Person'],
      ['access', '**/api/v1/access/users', 'Nobody was added yet'],
      ['masks', '**/api/v1/masks', 'No stored event had such a value.'],
    ] as const
  ).map(([id, asks, nothing]) => ({
    name: `Settings, ${id}`,
    path: `/settings/${id}`,
    asks,
    nothing,
    notAllowed: OWN_ONLY[id] ?? NOT_FOR_ROLE,
  })),
]

let browsing: Browsing
let empty: { readonly directory: string; readonly store: Store; readonly served: Served }
let viewer = ''

beforeAll(async () => {
  browsing = await startBrowsing(undefined, (directory) => ({ settings: { folder: directory } }))
  const objects = new AccessObjects(browsing.store)
  await new Users(objects).add('vera', { role: 'viewer', namespaces: ['nowhere'], clusters: null }, 'owner')
  viewer = (await new ApiTokens(objects, TOKEN).create({ label: 'states', user: 'vera', role: 'viewer' })).text
  const directory = mkdtempSync(join(tmpdir(), 'podwitness-empty-'))
  const store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  const served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN, settings: { folder: directory } })
  empty = { directory, store, served }
})
afterAll(async () => {
  await browsing?.close()
  await empty?.served.close()
  await empty?.store.close()
  if (empty !== undefined) rmSync(empty.directory, { recursive: true, force: true })
})

/** A window in which one page after the other is looked at, and what the pages complained of. */
async function openWindow(token: string): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browsing.browser.newContext({
    ...{ viewport: { width: 1024, height: 768 }, locale: 'en-US', reducedMotion: 'reduce' },
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  return { context, page, complaints }
}

/** Looks at pages in a window of their own; what the pages complain of fails the test. */
async function inWindow(token: string, look: (page: Page) => Promise<void>): Promise<void> {
  const { context, page, complaints } = await openWindow(token)
  try {
    await look(page)
  } finally {
    await context.close()
  }
  expect(complaints).toEqual([])
}

/** What a page says instead of what it should; undefined where it says that. */
async function otherThan(page: Page, name: string, what: string | RegExp): Promise<string | undefined> {
  const found = await page
    .locator('main')
    .getByText(what)
    .first()
    .waitFor({ timeout: 25_000 })
    .catch(() => 'missing')
  return found === undefined ? undefined : `${name}: ${(await page.locator('body').innerText()).slice(-400)}`
}

it('on a server that holds nothing every page says what is missing', () =>
  inWindow(TOKEN, async (page) => {
    const wrong: (string | undefined)[] = []
    for (const { name, path, nothing } of PAGES) {
      await page.goto(`${empty.served.url}${path}`)
      wrong.push(await otherThan(page, name, nothing))
    }
    expect(wrong.filter((one) => one !== undefined)).toEqual([])
  }))

it('to somebody who may see nothing every page says so, or shows nothing', () =>
  inWindow(viewer, async (page) => {
    const wrong: (string | undefined)[] = []
    for (const { name, path, notAllowed } of PAGES) {
      await page.goto(`${browsing.served.url}${path}`)
      wrong.push(await otherThan(page, name, notAllowed))
      expect(await page.locator('main').innerText()).not.toMatch(/mallory|node-debug/)
    }
    expect(wrong.filter((one) => one !== undefined)).toEqual([])
  }))

describe('while an answer is on its way, refused, or does not come', () => {
  const body = { code: 'PW-ST-010', what: 'The store does not answer.', why: 'Its engine starts.', do: 'Wait.' }
  let opened: Awaited<ReturnType<typeof openWindow>>
  beforeAll(async () => {
    opened = await openWindow(TOKEN)
  })
  afterAll(() => opened?.context.close())

  it.each(PAGES)('$name', async ({ path, asks }) => {
    const { page, complaints } = opened
    // What the page before still asks is not asked of this one.
    await page.goto('about:blank')
    let answer = (): void => undefined
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    let refuse = (asked: Route): Promise<void> => held.then(() => asked.fulfill({ status: 400, json: body }))
    await page.route(asks, (asked) => refuse(asked))
    try {
      await page.goto(`${browsing.served.url}${path}`)
      await page.locator('main').getByRole('status').getByText('Loading…').first().waitFor({ state: 'attached' })
      answer()
      const failure = page.locator('main').getByRole('alert')
      await failure.getByText('The store does not answer.').first().waitFor()
      expect(await failure.first().innerText()).toMatch(/Its engine starts\.[\s\S]*Wait\.[\s\S]*PW-ST-010/)
      refuse = (asked) => asked.abort()
      await failure.getByRole('button', { name: 'Try again' }).first().click()
      await failure.getByText('No answer from the server').first().waitFor()
      expect(await failure.first().innerText()).toMatch(/podwitness serve[\s\S]*PW-AP-001/)
      refuse = (asked) => asked.continue()
      await failure.getByRole('button', { name: 'Try again' }).first().click()
      await failure.getByText('No answer from the server').first().waitFor({ state: 'detached' })
    } finally {
      await page.unroute(asks)
    }
    expect(complaints.splice(0)).toEqual([])
  })
})

it('the evidence is as old as it is, whatever was done on the server today', async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const user = JSON.stringify({ name: 'chen', role: 'auditor' })
  await fetch(`${browsing.served.url}/api/v1/access/users`, { method: 'POST', headers, body: user })
  const answer = await fetch(`${browsing.served.url}/api/v1/state`, { headers })
  const { counts, newest } = (await answer.json()) as { counts: Record<string, number>; newest: string }
  expect(counts.AdminAct).toBeGreaterThan(0)
  expect(newest).toMatch(/^2026-11-21T02:54/)
})

describe('a mail of an alert', () => {
  it.each([
    ['light', 1024],
    ['dark', 360],
  ] as const)('is readable and inert, %s at %i pixels', async (colorScheme, width) => {
    const context = await browsing.browser.newContext({ colorScheme, viewport: { width, height: 800 } })
    const page = await context.newPage()
    const did: string[] = []
    await page.exposeFunction('__ran', () => did.push('ran'))
    page.on('request', (request) => did.push(request.url()))
    const values = WAYS.flatMap((way) => [way, `[Open](https:/x.invalid) ${way}`, `${way}${'x'.repeat(400)}`])
    const text = ['[详情](https://witness.example/alerts/1)', ...values.map((way) => `命令/command: ${safeText(way)}`)].join('\n')
    await page.setContent(mailHtml({ title: `[高/High] ${safeText(WAYS.join(' '))}`, text }))
    await page.mouse.click(width / 2, 400)
    expect(did).toEqual([])
    expect(await page.locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))).toEqual([
      'https://witness.example/alerts/1',
    ])
    expect(await page.locator('script, img, iframe, svg, style:not(head *), [onload], [onerror], form, base').count()).toBe(0)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(await axeOn(page, { only: ['color-contrast'] })).toEqual([])
    await context.close()
  })
})
