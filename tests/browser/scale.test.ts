import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow } from '@podwitness/store'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

const HOSTILE = '<img src=x onerror="document.title=\'owned\'">\u202e\u200b\x1b[2J\'"{{7*7}}</script><svg onload=alert(1)>'
const START = Date.UTC(2026, 10, 21, 2, 53)
const COMMANDS = 10_000
const LONG = 3_000
let browsing: Browsing

/** A session of many commands, every text of it hostile. */
beforeAll(async () => {
  browsing = await startBrowsing(async (store) => {
    const session = {
      ...blankRow('sessions'),
      ...{ trace_id: 'scale', entry: 'exec', confidence: 'matched', user: HOSTILE, groups: [HOSTILE], user_agent: HOSTILE },
      ...{
        source_ip: HOSTILE,
        reasons: [HOSTILE],
        cluster: HOSTILE,
        node: HOSTILE,
        ns: HOSTILE,
        pod: HOSTILE,
        container: HOSTILE,
      },
      ...{ image: HOSTILE, pod_labels: { [HOSTILE]: HOSTILE }, command: [HOSTILE], risk: 3, risk_reason: HOSTILE },
      ...{
        start: storeTime(START),
        end: storeTime(START + COMMANDS * 10),
        command_count: COMMANDS,
        outcome: 'started',
        version: '1',
      },
    }
    await store.writer.insert('sessions', [session], 'scale-session')
    const many = Array.from({ length: LONG }, (_, at) => ({
      ...session,
      trace_id: `long-${at}`,
      ns: 'long',
      start: storeTime(START + at * 60_000),
      end: storeTime(START + at * 60_000 + 1),
    }))
    await store.writer.insert('sessions', many, 'long-sessions')
    const events = Array.from({ length: COMMANDS }, (_, at) => ({
      ...{
        event_id: `scale-${at}`,
        trace_id: 'scale',
        kind: 'Command' as const,
        time: storeTime(START + at * 10),
        serial: at,
      },
      ...{
        cluster: HOSTILE,
        node: HOSTILE,
        ns: HOSTILE,
        pod: HOSTILE,
        container: HOSTILE,
        image: HOSTILE,
        cwd: HOSTILE,
        exe: HOSTILE,
      },
      ...{ name: HOSTILE, argv: [HOSTILE, String(at)], cmdline: `needle-${at} ${HOSTILE}`, pid: at + 10, ppid: 1, raw: HOSTILE },
      labels: { [HOSTILE]: HOSTILE },
    }))
    await store.writer.insert('events', events, 'scale-events')
  })
})
afterAll(async () => browsing?.close())

const elements = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length)
const untouched = async (page: Page) => {
  expect(await page.locator('main img, main svg[onload], main script').count()).toBe(0)
  expect(await page.title()).not.toBe('owned')
}

it('scrolls 100,000 rows with a bounded page', () =>
  browsing.visit(
    `/hunt?range=all&rows=most&q=${encodeURIComponent('range n from 1 to 100000 step 1 | extend t = strcat("row ", n)')}`,
    async (page) => {
      await page.getByRole('region', { name: /^100.000 rows/ }).waitFor()
      const box = page.getByRole('region', { name: /^100.000 rows/ })
      await box.evaluate((one) => one.scrollTo(0, one.scrollHeight))
      await page.getByRole('cell', { name: 'row 100000' }).waitFor()
      expect(await elements(page)).toBeLessThan(1500)
    },
  ))

it('goes to the end and to a time of a long list of sessions, and asks only for what is in sight', () =>
  browsing.visit(`/sessions?range=all&sort=oldest&namespace=long`, async (page) => {
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/api/v1/sessions?') && asked.push(request.url()))
    await page.locator('li[data-index="0"] a').waitFor()
    await page.keyboard.press('End')
    await page.locator(`li[data-index="${LONG - 1}"] a`, { hasText: /\S/ }).waitFor()
    await page.waitForFunction((last) => document.activeElement?.closest('li')?.dataset.index === String(last), LONG - 1)
    await page.getByRole('textbox', { name: /^Go to the time/ }).fill(new Date(START + 1234 * 60_000).toISOString())
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.closest('li')?.dataset.index === '1234')
    expect(await violations(page)).toEqual([])
    expect(await elements(page)).toBeLessThan(2500)
    expect(asked.length).toBeLessThan(8)
    await page.screenshot({ path: join(SHOTS, 'sessions-long.png') })
    await page.setViewportSize({ width: 360, height: 780 })
    await page.locator('li[data-index] a').first().waitFor()
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.screenshot({ path: join(SHOTS, 'sessions-long-360.png') })
  }))

it('opens a session of 10,000 commands to its last, every text of it inert', () =>
  browsing.visit(`/s/scale?cmd=scale-${COMMANDS - 1}`, async (page) => {
    await page.locator('[data-command][aria-current="true"]', { hasText: `needle-${COMMANDS - 1}` }).waitFor()
    expect(await elements(page)).toBeLessThan(5000)
    // Scrolled elsewhere by hand, the next match still comes into sight.
    const box = page.getByRole('list', { name: 'Commands' }).locator('..')
    await box.evaluate((one) => one.scrollTo(0, 30_000))
    await page.locator(`[data-command="scale-${COMMANDS - 1}"]`).waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.type('needle-4321 ')
    await page.keyboard.press('Enter')
    await page.locator('[data-command][aria-current="true"] mark', { hasText: 'needle-4321' }).waitFor()
    await page.locator('h1').click()
    await page.keyboard.press('Space')
    await untouched(page)
    expect(await page.locator('main').innerText()).toContain('U+202E')
  }))
