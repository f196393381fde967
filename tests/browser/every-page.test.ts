import { installShippedRules } from '@podwitness/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, startBrowsing } from './browsing.ts'
import { arrive, fillHostile, hostileTokens } from './hostile-store.ts'
import { type Stop, startWalk, type Walk } from './walk.ts'

let browsing: Browsing
let walk: Walk
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing(
    async (store) => {
      await installShippedRules(store, Date.now())
      await fillHostile(store)
    },
    (directory) => {
      hostileTokens(directory)
      return { settings: { folder: directory } }
    },
  )
  walk = await startWalk(browsing)
})
afterAll(async () => {
  await walk?.close()
  await browsing?.close()
})

const COMMANDS_QUERY = encodeURIComponent(
  "Commands | where EventId startswith 'command-' | project TimeGenerated, User, Pod, CommandLine, TraceId, EventId | take 2",
)
/** Opens what a button opens, over or in the page. */
const opens =
  (name: string | RegExp, shown = 'dialog'): NonNullable<Stop['act']> =>
  async (page) => {
    await page.getByRole('button', { name }).first().click()
    await page
      .locator(shown === 'dialog' ? '[role="dialog"]' : shown)
      .first()
      .waitFor()
  }

/** Every page, with its menus and dialogs open, empty and refused. What shows nothing of anybody's is `plain`. */
const STOPS: readonly Stop[] = [
  { name: 'Overview', path: '/?range=all' },
  { name: 'Overview, nobody entered', path: '/?from=2001-01-01&to=2001-01-02', plain: true },
  { name: 'Overview, inbox open', path: '/?range=all', act: opens(/^Notifications/) },
  { name: 'Overview, keys open', path: '/?range=all', act: opens('Keyboard help') },
  {
    name: 'Overview, palette open',
    path: '/?range=all',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Commands and places' }).fill('ev')
      await page.getByRole('option').filter({ hasText: 'U+202E' }).first().waitFor()
    },
  },
  { name: 'Sessions', path: '/sessions?range=all&sort=risk' },
  {
    name: 'Sessions, accounts open',
    path: '/sessions?range=all',
    act: opens('Account', '[role="checkbox"], input[type="checkbox"]'),
  },
  { name: 'Sessions, nothing left', path: '/sessions?range=all&command=no-such-program', plain: true },
  { name: 'Session', path: '/s/evil?cmd=command-0' },
  { name: 'Session of one of several', path: '/s/several' },
  { name: 'Session, records open', path: '/s/evil?cmd=command-1&raw=true' },
  { name: 'Session that is not there', path: '/s/none', plain: true, refused: 404 },
  { name: 'Event, a command', path: '/e/command-0' },
  { name: 'Event, a request', path: '/e/KubeAudit' },
  { name: 'Event that is not there', path: '/e/none', plain: true, refused: 404 },
  { name: 'Hunt, nothing asked', path: '/hunt', plain: true },
  { name: 'Hunt', path: `/hunt?range=all&q=${COMMANDS_QUERY}` },
  { name: 'Hunt, a row open', path: `/hunt?range=all&q=${COMMANDS_QUERY}`, act: opens('Everything of row 1', 'tbody dl') },
  { name: 'Hunt, saved queries open', path: '/hunt', act: opens(/^Saved/) },
  {
    name: 'Hunt, queries as YAML',
    path: '/hunt',
    act: async (page) => {
      await page.getByRole('button', { name: /^Saved/ }).click()
      await page.getByRole('button', { name: 'Queries as YAML' }).click()
      await page.getByRole('textbox', { name: 'Queries as YAML' }).fill('name: \u202e<b>\nquery: \u202e')
      await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    },
  },
  { name: 'Hunt, saving', path: `/hunt?range=all&q=${COMMANDS_QUERY}`, act: opens('Save the query') },
  { name: 'Hunt, Simple', path: `/hunt?mode=simple&range=all&q=${COMMANDS_QUERY}` },
  { name: 'Hunt, refused', path: `/hunt?q=${encodeURIComponent("Commands | where Nmae == 'x'")}`, plain: true, refused: 400 },
  { name: 'Live, refused', path: '/tail?q=Sessions', plain: true, refused: 400 },
  { name: 'Alerts', path: '/alerts?state=open', act: opens(/^1 row/, 'li[data-severity] dl') },
  { name: 'Alerts, none', path: '/alerts?state=resolved' },
  { name: 'Alert of a message', path: '/alerts/alert-0' },
  { name: 'Rules', path: '/rules' },
  {
    name: 'Rules, that of a message tried',
    path: '/rules/evil',
    act: async (page) => {
      await page.getByRole('button', { name: 'What would it have done?' }).click()
      await page.getByRole('list', { name: 'Some of the rows' }).waitFor()
    },
  },
  {
    name: 'Rules, a template shown',
    path: '/rules',
    act: async (page) => {
      await page.getByRole('listitem').filter({ hasText: 'U+202E' }).getByRole('button', { name: 'Change' }).first().click()
      await page.getByRole('status', { name: 'As the newest alert would read' }).waitFor()
    },
  },
  { name: 'Nodes', path: '/nodes' },
  { name: 'Integrity', path: '/integrity', plain: true },
  { name: 'A page that is not there', path: '/settings/nowhere', plain: true },
  ...['sources', 'senders', 'channels', 'identities', 'access', 'masks'].map((id) => ({
    name: `Settings, ${id}`,
    path: `/settings/${id}`,
  })),
  ...['set-up', 'streams', 'usage', 'appearance', 'about'].map((id) => ({
    name: `Settings, ${id}`,
    path: `/settings/${id}`,
    plain: true,
  })),
]

describe('every page, in both themes and both languages, on a telephone and at twice the size', () => {
  it.each(STOPS)('$name keeps nobody out, and what others wrote is only text', (stop) => walk.stop(stop))

  it('so do the evidence of a session as a page, and rows as they arrive', async () => {
    await walk.page.goto(`${browsing.served.url}/api/v1/sessions/evil/evidence`).catch(() => undefined)
    await walk.stop({
      name: 'Live',
      path: `/tail?q=${encodeURIComponent('Events')}`,
      live: true,
      act: async (page) => {
        await page.getByText('live', { exact: true }).waitFor()
        await arrive(browsing.store)
        await page.getByRole('cell').first().waitFor()
      },
    })
  })
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
