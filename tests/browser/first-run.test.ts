import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeTime } from '@podwitness/event'
import { importPaths, installShippedRules } from '@podwitness/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

const PODS = fileURLToPath(new URL('../../recordings/dev/pods-end.json.gz', import.meta.url))
let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing(
    async (store) => {
      await installShippedRules(store, Date.now())
      // The tour is for the data that `podwitness demo` takes in, which it files under this name.
      await importPaths(store, [PODS], { cluster: 'demo', rejectsDir: '/nonexistent' })
    },
    (directory) => ({ settings: { folder: directory } }),
  )
})
afterAll(async () => browsing?.close())

describe('the tour of the recording', () => {
  it('leads from a question over its answer to a rule and to one’s own cluster, and does not come back once closed', () =>
    visit('/', async (page) => {
      const tour = page.getByRole('region', { name: 'Tour of the recording' })
      expect(await tour.locator('[aria-current="step"]').innerText()).toContain('Who left a container?')
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'tour.png') })
      await tour.getByRole('link', { name: 'Who left a container?' }).press('Enter')
      await page.getByRole('list', { name: 'Sessions' }).getByText('mallory').first().waitFor()
      expect(await tour.getByRole('status').innerText()).toContain('how sure')
      await tour.getByRole('link', { name: 'What did they run?' }).press('Enter')
      expect(await page.locator('[data-command][aria-current="true"]').innerText()).toContain('nsenter')
      await tour.getByRole('link', { name: 'Be told next time' }).press('Enter')
      await page.getByRole('button', { name: 'What would it have done?' }).click()
      await page.getByText(/It would have made [1-9]\d* alerts? /).waitFor()
      await tour.getByRole('link', { name: 'Now your cluster' }).press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor()
      expect(await tour.locator('[data-done="true"]').count()).toBe(4)
      await tour.getByRole('button', { name: 'Close the tour' }).press('Enter')
      await tour.waitFor({ state: 'detached' })
      await page.reload()
      await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor()
      await page.goto(browsing.served.url)
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      expect(await tour.count()).toBe(0)
      await page.goto(`${browsing.served.url}/settings/appearance`)
      await page.getByRole('button', { name: 'Show the tour of the recording again' }).click()
      await tour.waitFor()
    }))

  it('closes by keyboard and fits a telephone, in Chinese and in the dark', () =>
    visit(
      '/',
      async (page) => {
        const tour = page.getByRole('region', { name: '示例数据导览' })
        await tour.waitFor()
        expect(await overflow(page)).toBe(0)
        expect(await violations(page)).toEqual([])
        await page.screenshot({ path: join(SHOTS, 'tour-360-zh.png') })
        await page.keyboard.press('x')
        await page.keyboard.press('t')
        await tour.waitFor({ state: 'detached' })
      },
      { viewport: { width: 360, height: 780 }, locale: 'zh-CN', colorScheme: 'dark' },
    ))
})

describe('the way to one’s own cluster', () => {
  it('says what to run, and turns done with what arrives', () =>
    visit('/settings/set-up', async (page) => {
      const step = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })
      await page.getByText('0 of 7 steps done').waitFor()
      expect(await step('Agents report').locator('pre').innerText()).toMatch(
        /manifests --cluster dev --server https:.* \| kubectl apply/,
      )
      const at = { cluster: 'dev', node: 'node-7', boot: 'b', time: storeTime(Date.now()), counters: {}, facts: {} }
      await browsing.store.writer.insert('heartbeats', [at], 'first-run')
      await step('Agents report').getByText('done').waitFor()
      await step('Commands arrive').getByText('waiting for data').waitFor()
      await page.getByText('1 of 7 steps done').waitFor()
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'set-up.png'), fullPage: true })
    }))

  it('says what it cannot find out', () =>
    visit(
      '/settings/set-up',
      async (page) => {
        await page.locator('main h1').waitFor()
        await page.route('**/api/v1/senders', (route) =>
          route.fulfill({ status: 400, json: { code: 'PW-XX-000', what: 'No.', why: 'Because.', do: 'Wait.' } }),
        )
        await page.reload()
        await page.getByRole('alert').getByText('PW-XX-000').waitFor()
        await page.unroute('**/api/v1/senders')
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByText(/of 7 steps done/).waitFor()
      },
      { refusals: true },
    ))
})
