import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing(undefined, (directory) => ({ settings: { folder: directory } }))
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
      await page.goto(`${browsing.served.url}/settings/about`)
      await page.getByRole('heading', { level: 1, name: 'About' }).waitFor()
      await page.getByText('0.1.0').waitFor()
      await page.getByText('Software of others in it').click()
      expect(await page.getByRole('row').filter({ hasText: '@clickhouse/client' }).first().innerText()).toContain('Apache-2.0')
    }))

  it('try a way in and say what was found', () =>
    visit('/settings/sources', async (page) => {
      const fold = page.getByRole('group').filter({ hasText: 'Test ' }).nth(3)
      await fold.locator('summary').click()
      await fold.getByRole('button', { name: /^Test / }).click()
      await fold.getByRole('status').getByText('Nobody listens').waitFor()
      await fold.getByRole('status').getByText('Nothing came by it within a day.').waitFor()
      expect(await violations(page)).toEqual([])
    }))

  it('make a token that is shown once, and take it back', () =>
    visit('/settings/senders', async (page) => {
      await page.getByText('This server takes nothing in').waitFor()
      await page.getByText('No token was made yet.').waitFor()
      await page.getByRole('textbox', { name: 'Name' }).fill('rack 7')
      await page.getByRole('button', { name: 'Create token' }).click()
      const text = await page.getByRole('status').locator('pre').innerText()
      expect(text).toMatch(/^pwj\.[0-9a-f]{16}\.[\w-]{32}\.[0-9a-f]{64}$/)
      const row = page.getByRole('row').filter({ hasText: 'rack 7' })
      expect(await row.innerText()).toMatch(/A node joins.*valid/s)
      await page.reload()
      await row.waitFor()
      expect(await page.locator('body').innerText()).not.toContain(text)
      await row.getByRole('button', { name: 'Revoke' }).click()
      await row.getByRole('button', { name: 'Revoke for good' }).click()
      await row.getByText('revoked').waitFor()
      expect(await violations(page)).toEqual([])
    }))

  it('name a person, who then stands beside the account', () =>
    visit('/settings/identities', async (page) => {
      await page.getByRole('button', { name: /^mallory/ }).click()
      await page.getByRole('textbox', { name: 'Person' }).fill('Mallory <b>Jones</b>')
      await page.getByRole('textbox', { name: 'Team' }).fill('平台')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('row').filter({ hasText: 'Mallory <b>Jones</b>' }).waitFor()
      await page.goto(`${browsing.served.url}/sessions?user=mallory`)
      await page.getByText('Mallory <b>Jones</b> · 平台').first().waitFor()
      await page.getByRole('link', { name: 'Overview', exact: true }).click()
      await page.getByRole('row').filter({ hasText: 'mallory Mallory <b>Jones</b> · 平台' }).first().waitFor()
      await page.goto(`${browsing.served.url}/settings/identities`)
      const row = page.getByRole('row').filter({ hasText: 'Mallory' })
      await row.getByRole('button', { name: 'Remove' }).click()
      await row.getByRole('button', { name: 'Really remove' }).click()
      await row.waitFor({ state: 'detached' })
    }))

  it('show what would be hidden of an event', () =>
    visit('/settings/masks', async (page) => {
      await page.getByRole('button', { name: 'What would be stored?' }).click()
      await page.getByText('1 value would be hidden:').waitFor()
      expect(await page.getByRole('status').innerText()).toContain('"password":"[masked]"')
      await page.getByRole('textbox', { name: /^An API audit event/ }).fill('{}')
      await page.getByRole('button', { name: 'What would be stored?' }).click()
      await page.getByText('This is no API audit event:').waitFor()
    }))

  it('add a channel, try it and remove it', async () => {
    const taken: string[] = []
    const vendor = createServer((request, response) => {
      taken.push(request.url ?? '')
      response.end('fine')
    })
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
    const { port } = vendor.address() as { port: number }
    await visit('/settings/channels', async (page) => {
      await page.getByText('Nobody is told of alerts yet').waitFor()
      await page.getByRole('combobox', { name: 'Type' }).selectOption('webhook')
      await page.getByRole('textbox', { name: 'Identifier' }).fill('ops')
      await page.getByRole('textbox', { name: 'url' }).fill(`http://127.0.0.1:${port}/hook`)
      await page.getByRole('button', { name: 'Add channel' }).click()
      const row = page.getByRole('row').filter({ hasText: 'ops' })
      await row.getByRole('button', { name: 'Send a test' }).click()
      // This machine itself is not a target unless the server was told so.
      await row.getByText('Refused.').waitFor()
      expect(taken).toEqual([])
      await row.getByRole('button', { name: 'Remove' }).click()
      await row.getByRole('button', { name: 'Really remove' }).click()
      await page.getByText('Nobody is told of alerts yet').waitFor()
    })
    vendor.close()
  })

  it('say which files were imported and how to connect senders', () =>
    visit('/settings/sources', async (page) => {
      const file = page.getByRole('row').filter({ hasText: 'apiserver-audit.log.gz' })
      await file.waitFor()
      expect(await page.getByRole('row').filter({ hasText: 'Node agents' }).innerText()).toContain('off')
      await page.locator('summary', { hasText: 'API server, webhook' }).click()
      expect(await page.locator('details[open] pre').innerText()).toContain('podwitness apiserver plan --distro kubeadm')
    }))

  it('keep a stream for other days, and ask before older data goes', () =>
    visit('/settings/streams', async (page) => {
      const days = page.getByRole('spinbutton', { name: 'Days to keep: API audit' })
      await days.fill('7')
      const save = page.getByRole('row').filter({ hasText: 'API audit' }).getByRole('button')
      await save.click()
      await save.filter({ hasText: 'Delete what is older' }).click()
      await save.waitFor({ state: 'detached' })
      await page.reload()
      expect(await days.inputValue()).toBe('7')
      expect(await page.getByRole('spinbutton', { name: 'Days to keep: Sessions' }).inputValue()).toBe('180')
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
})
