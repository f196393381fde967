import { installShippedRules } from '@podwitness/server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, overflow, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
let session = ''
let event = ''
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing(
    (store) => installShippedRules(store, Date.now()),
    (directory) => ({ settings: { folder: directory } }),
  )
  const { rows } = await browsing.store.reader.query({
    sql: "SELECT trace_id, event_id FROM audit.placements FINAL WHERE risk_reason != '' AND trace_id IN (SELECT trace_id FROM audit.sessions FINAL WHERE user = 'mallory') LIMIT 1",
  })
  ;[session, event] = (rows[0] ?? []).map(String) as [string, string]
})
afterAll(async () => browsing?.close())

/** Pages beside those that other suites visit in the same way (alerts, rules, nodes, settings). */
const PAGES: readonly (readonly [string, () => string])[] = [
  ['Overview', () => '/'],
  ['Sessions', () => '/sessions?sort=risk'],
  ['Session', () => `/s/${session}?cmd=${event}`],
  ['Event', () => `/e/${event}`],
  ['Hunt', () => `/hunt?range=all&q=${encodeURIComponent('Commands | take 5')}`],
  ['Integrity', () => '/integrity'],
]

/** Buttons, links, fields and headings whose text is cut off although nothing scrolls there. */
const cut = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, label, h1, h2, dt, dd, th')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'hidden')
      .filter((one) => getComputedStyle(one).textOverflow !== 'ellipsis' && !one.classList.contains('hidden-text'))
      .map((one) => one.outerHTML.slice(0, 120)),
  )

async function stands(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('main [role="status"] .hidden-text', { hasText: /^(Loading…|加载中…)$/ }).waitFor({ state: 'detached' })
}

// 200 % on a window of 1280 pixels leaves 640 CSS pixels (WCAG 2.2, 1.4.4 and 1.4.10).
describe.each([
  ['a telephone in Chinese, light', { viewport: { width: 360, height: 780 }, locale: 'zh-CN', colorScheme: 'light' }],
  ['twice the size, dark', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, colorScheme: 'dark' }],
] as const)('on %s', (_what, options) => {
  it.each(PAGES)('%s scrolls no way but down, cuts nothing and keeps nobody out', (_name, address) =>
    visit(
      address(),
      async (page) => {
        await stands(page)
        expect([await overflow(page), await cut(page), await violations(page)]).toEqual([0, [], []])
      },
      options,
    ),
  )
})

it('a stranger without a mouse gets from the sessions to a rule', () =>
  visit('/sessions?command=nsenter&sort=risk', async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.locator('[aria-busy="false"] mark').first().waitFor()
    await page.keyboard.press('j')
    await page.waitForFunction(() => document.activeElement?.closest('li')?.dataset.index === '0')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/s\/.*cmd=/)
    await page.locator('[data-command][aria-current="true"]', { hasText: 'nsenter' }).waitFor()
    await page.keyboard.press('r')
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    const opens = page.getByRole('link', { name: 'Open as a page' })
    for (let press = 0; press < 6 && (await focused()) !== 'Open as a page'; press++) await page.keyboard.press('Tab')
    expect(await opens.evaluate((link) => link === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/e\//)
    await page.getByRole('heading', { level: 1 }).getByText('nsenter').first().waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.waitForURL(/\/hunt/)
    await page.goto(`${browsing.served.url}/hunt?q=${encodeURIComponent("Commands | where Name == 'nsenter'")}`)
    const makes = page.getByRole('link', { name: 'Make a rule' })
    await makes.waitFor()
    for (let press = 0; press < 60; press++) {
      if (await makes.evaluate((link) => link === document.activeElement)) break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    const rule = page.getByRole('textbox', { name: 'The rule as YAML' })
    await rule.waitFor()
    expect(await rule.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Control+Enter')
    await page.getByText(/It would have made [1-9]\d* alerts? /).waitFor()
  }))

describe('what the server cannot answer', () => {
  it.each([
    ['/', '**/api/v1/overview*'],
    ['/sessions', '**/api/v1/sessions?*'],
    ['/alerts', '**/api/v1/alerts?*'],
    ['/rules', '**/api/v1/rules'],
    ['/nodes', '**/api/v1/loss*'],
    ['/integrity', '**/api/v1/integrity'],
    ['/settings/usage', '**/api/v1/usage'],
    ['/settings/sources', '**/api/v1/sources'],
    ['/settings/identities', '**/api/v1/identities'],
  ])('%s says what failed, why, what to do, and takes it up again', (address, route) =>
    visit(
      '/settings/about',
      async (page) => {
        await page.getByRole('heading', { level: 1, name: 'About' }).waitFor()
        const body = { code: 'PW-ST-010', what: 'The store does not answer.', why: 'Its engine starts.', do: 'Wait.' }
        await page.route(route, (asked) => asked.fulfill({ status: 400, json: body }))
        await page.goto(`${browsing.served.url}${address}`)
        const failure = page.locator('main').getByRole('alert')
        await failure.getByText('The store does not answer.').waitFor()
        expect(await failure.innerText()).toMatch(/Its engine starts\.[\s\S]*Wait\.[\s\S]*PW-ST-010/)
        await page.unroute(route)
        await failure.getByRole('button', { name: 'Try again' }).click()
        await failure.waitFor({ state: 'detached' })
      },
      { refusals: true },
    ),
  )
})
