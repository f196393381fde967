import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing()
})
afterAll(async () => browsing?.close())

const palette = (page: Page) => page.getByRole('dialog', { name: /Commands and places|命令与位置/ })
const lines = (page: Page) => palette(page).getByRole('option')
/** Opens the palette, types, and waits until the store has answered. */
async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await palette(page).waitFor()
  await page.keyboard.type(text)
  await palette(page)
    .getByRole('status')
    .getByText(/^\d+ (choices?|个选项)$|^No values$/)
    .waitFor()
}
const chooses = async (page: Page, text: string): Promise<void> => {
  await type(page, text)
  await page.keyboard.press('Enter')
  await palette(page).waitFor({ state: 'detached' })
}

describe('the palette', () => {
  it('goes to any page and does what its keys do, by keyboard alone and also out of a field', () =>
    visit('/', async (page) => {
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').getByText('Commands and places: go anywhere, do anything').waitFor()
      await page.keyboard.press('?')
      await chooses(page, 'integ')
      await page.waitForURL(/\/integrity$/)
      await chooses(page, 'masks')
      await page.waitForURL(/\/settings\/masks$/)
      await chooses(page, 'All sess')
      await page.waitForURL(/\/sessions/)
      await page.getByRole('searchbox').focus()
      await chooses(page, '90m')
      await page.waitForURL(/range=90m/)
      await chooses(page, 'all data')
      await page.waitForURL(/range=all/)
      await chooses(page, 'theme dark')
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await type(page, 'hunt')
      await page.keyboard.press('Escape')
      await palette(page).waitFor({ state: 'detached' })
      expect(new URL(page.url()).pathname).toBe('/sessions')
    }))

  it('opens what an id, an account, a pod or an address of this server names', () =>
    visit('/', async (page) => {
      const { rows } = await browsing.store.reader.query({
        sql: `SELECT trace_id, ns, pod FROM audit.sessions FINAL WHERE user = 'mallory' AND pod = 'node-debug' LIMIT 1`,
      })
      const [traceId = '', namespace, pod] = (rows[0] ?? []).map(String)
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      // Pressed before the store has answered: what is meant is what it finds.
      await page.keyboard.press('Control+k')
      await palette(page).waitFor()
      await page.keyboard.type(traceId)
      await page.keyboard.press('Enter')
      await page.waitForURL(new RegExp(`/s/${traceId}$`))
      await chooses(page, `${namespace}/${pod}`)
      await page.waitForURL(/\/sessions\?range=all&namespace=infra&pod=node-debug/)
      await chooses(page, 'mallory')
      await page.waitForURL(/\/sessions\?range=all&user=mallory/)
      const event = await browsing.store.reader.query({ sql: `SELECT event_id FROM audit.commands WHERE name = 'curl' LIMIT 1` })
      await chooses(page, String(event.rows[0]?.[0]))
      await page.waitForURL(/\/e\//)
      await chooses(page, `${browsing.served.url}/sessions?user=alice`)
      await page.waitForURL(/user=alice/)
      await chooses(page, 'nsenter')
      await page.waitForURL(/\/sessions\?range=all&command=nsenter/)
    }))

  it('is Chinese in Chinese, found by either language, and fits a telephone in the dark', () =>
    visit(
      '/sessions?range=all',
      async (page) => {
        await page.getByRole('list', { name: '会话' }).waitFor()
        await page.keyboard.press('Control+k')
        await palette(page).waitFor()
        await lines(page).nth(20).waitFor()
        expect(await lines(page).allInnerTexts()).not.toContainEqual(expect.stringMatching(/^[A-Za-z ,:]+\n/))
        expect(await violations(page)).toEqual([])
        expect(await overflow(page)).toBe(0)
        await page.screenshot({ path: join(SHOTS, 'palette-360-zh.png') })
        await page.keyboard.type('malory')
        await page.keyboard.press('Escape')
        await chooses(page, 'integrity')
        await page.waitForURL(/\/integrity$/)
        await chooses(page, '实时')
        await page.waitForURL(/\/tail/)
      },
      { viewport: { width: 360, height: 780 }, locale: 'zh-CN', colorScheme: 'dark' },
    ))

  it('shows what it found, light and wide', () =>
    visit('/', async (page) => {
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      await page.getByRole('button', { name: 'Commands and places' }).click()
      await palette(page).waitFor()
      await page.screenshot({ path: join(SHOTS, 'palette.png') })
      await page.keyboard.type('al')
      await palette(page).getByRole('option', { name: /alice/ }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'palette-found.png') })
      await page.keyboard.press('ArrowDown')
      expect(await palette(page).locator('[aria-selected="true"]').count()).toBe(1)
      await page.keyboard.press('Control+k')
      await palette(page).waitFor({ state: 'detached' })
    }))
})

describe('keys that are pressed before the page is there', () => {
  /** Opens a page whose first answer waits until `act` has been done. */
  const early = (page: Page, path: string, act: () => Promise<void>) =>
    (async () => {
      let answer = () => {}
      const asked = new Promise<void>((resolve) => {
        answer = resolve
      })
      await page.route('**/api/v1/me', async (route) => {
        await asked
        await route.continue()
      })
      await page.goto(`${browsing.served.url}${path}`, { waitUntil: 'commit' })
      await page.waitForFunction(() => 'podwitnessEarlyKeys' in globalThis)
      await act()
      answer()
      await page.unrouteAll({ behavior: 'wait' })
    })()

  it('act once it is: a page’s key, a sequence, and the palette', () =>
    visit('/', async (page) => {
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      await early(page, '/sessions', async () => {
        await page.keyboard.press('g')
        await page.keyboard.press('i')
      })
      await page.waitForURL(/\/integrity$/)
      // Hunt is loaded after the frame: its key waits for it.
      await early(page, `/hunt?range=all&q=${encodeURIComponent('Commands | take 1')}`, () => page.keyboard.press('w'))
      await page.getByLabel('Name', { exact: true }).waitFor()
      await early(page, '/sessions', () => page.keyboard.press('Control+k'))
      await palette(page).waitFor()
      await page.keyboard.press('Escape')
      await palette(page).waitFor({ state: 'detached' })
    }))
})
