import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, overflow, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing()
})
afterAll(async () => browsing?.close())

describe('settings', () => {
  it('are walked through with the keyboard, and an address leads to a section', () =>
    visit('/sessions', async (page) => {
      await page.getByRole('list', { name: 'Sessions' }).getByRole('link').first().waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press(',')
      await page.waitForURL(/\/settings$/)
      const menu = page.getByRole('navigation', { name: 'Settings' })
      const sections = await menu.getByRole('link').allInnerTexts()
      for (const name of sections) {
        await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
        expect(await menu.locator('[aria-current="page"]').innerText()).toBe(name)
        await page.keyboard.press(']')
      }
      await page.reload()
      await page.getByRole('heading', { level: 1, name: 'About' }).waitFor()
      await page.getByText('0.1.0').waitFor()
    }))

  it('keep what was chosen for this browser', () =>
    visit('/settings/appearance', async (page) => {
      await page.locator('main').getByRole('combobox', { name: 'Theme' }).selectOption('Dark')
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await page.getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck()
      await page.locator('h1').click()
      await page.keyboard.press('g')
      await page.keyboard.press('s')
      expect(page.url()).toContain('/settings/appearance')
    }))

  it.each(['light', 'dark'] as const)('keep nobody out, %s, nor on a telephone in Chinese', async (colorScheme) => {
    for (const options of [{}, { viewport: { width: 360, height: 780 }, locale: 'zh-CN' }])
      await visit(
        '/settings',
        async (page) => {
          const menu = page.locator('main nav')
          await menu.getByRole('link').first().waitFor()
          for (const link of await menu.getByRole('link').all()) {
            await link.click()
            await page.locator('main h1').waitFor()
            await page.waitForLoadState('networkidle')
            expect([page.url(), await violations(page)]).toEqual([page.url(), []])
            expect([page.url(), await overflow(page)]).toEqual([page.url(), 0])
          }
        },
        { colorScheme, ...options },
      )
  })
})
