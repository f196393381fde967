import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const PASSWORD = 'a sentence of several words'

beforeAll(async () => {
  browsing = await startBrowsing()
})
afterAll(async () => browsing?.close())

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** A browser of somebody else. */
async function elsewhere(look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browsing.browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
  try {
    await look(await context.newPage())
  } finally {
    await context.close()
  }
}

it('a user is added, comes by the link, chooses a password, sees one namespace and what is not for them', () =>
  browsing.visit('/settings/access', async (page) => {
    await page.getByRole('link', { name: 'owner · Administrator' }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill('vera')
    await page.getByLabel('Only these namespaces').fill('infra')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('One-time link').waitFor()
    const link = /http:\S+token=pwl\.[\w.-]+/.exec((await page.getByRole('status').allInnerTexts()).join(' '))?.[0] ?? ''
    await part(page, 'Users').getByText('namespaces infra').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(SHOTS, 'settings-access.png'), fullPage: true })

    await elsewhere(async (other) => {
      await other.goto(link)
      await other.getByRole('heading', { name: 'Choose a password' }).waitFor()
      expect(other.url()).not.toContain('pwl.')
      expect(await violations(other)).toEqual([])
      await other.getByLabel('New password').fill(PASSWORD)
      await other.getByRole('button', { name: 'Save password' }).click()
      await other.getByRole('link', { name: 'vera · Viewer' }).waitFor()
      await other.goto(`${browsing.served.url}/sessions`)
      const rows = other.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
      await rows.first().waitFor()
      for (const row of await rows.allInnerTexts()) expect(row).toContain('infra')
      await other.goto(`${browsing.served.url}/integrity`)
      await other.getByRole('heading', { name: 'This is not for your role' }).first().waitFor()
      await other.screenshot({ path: join(SHOTS, 'not-for-role.png') })
    })

    await elsewhere(async (other) => {
      await other.goto(`${browsing.served.url}/settings/access`)
      await other.getByRole('button', { name: 'Sign in' }).waitFor()
      expect(await violations(other)).toEqual([])
      await other.screenshot({ path: join(SHOTS, 'sign-in.png') })
      await other.getByLabel('Name').fill('vera')
      await other.getByLabel('Password').fill('wrong')
      await other.getByRole('button', { name: 'Sign in' }).click()
      await other.getByText('The name, password or token is not right').waitFor()
      await other.getByLabel('Password').fill(PASSWORD)
      await other.getByRole('button', { name: 'Sign in' }).click()
      await other.getByLabel('What it is for').fill('nightly report')
      await other.getByRole('button', { name: 'Make a token' }).click()
      await other.getByText('The token is shown only now').waitFor()
      await part(other, 'API tokens').getByText('nightly report').first().waitFor()
      expect(await part(other, 'Users').count()).toBe(0)
      await page.reload()
      await page.getByRole('button', { name: 'Disable vera' }).click()
      await page.getByRole('button', { name: 'Sign out and disable vera' }).click()
      await part(page, 'Users').getByText('disabled').waitFor()
      await other.reload()
      await other.getByRole('button', { name: 'Sign in' }).waitFor()
    })
  }))

it('fits a telephone, in Chinese too', () =>
  browsing.visit(
    '/settings/access',
    async (page) => {
      await page.getByRole('heading', { name: '访问权限' }).waitFor()
      await part(page, '用户').waitFor()
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      await page.screenshot({ path: join(SHOTS, 'settings-access-360-zh.png'), fullPage: true })
    },
    { viewport: { width: 360, height: 780 }, locale: 'zh-CN' },
  ))
