import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { AlertLoop, installShippedRules } from '@podwitness/server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, SHOTS, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  let clock = Date.now()
  browsing = await startBrowsing(async (store) => {
    await installShippedRules(store, clock - 5_000)
  })
  const loop = new AlertLoop(browsing.store, {
    origin: 'http://127.0.0.1:7070',
    send: { allowTargets: [], env: {} },
    now: () => clock,
  })
  for (let round = 0; round < 2; round++) {
    clock += 60_000
    await loop.tick()
  }
})
afterAll(async () => browsing?.close())

const alerts = (page: Page) => page.getByRole('list', { name: 'Alerts' }).locator('> li')
const dangerous = (page: Page) => alerts(page).filter({ hasText: 'Kubernetes进入容器后执行风险程序告警' }).first()

describe('alerts', () => {
  it('say who did what where, are acknowledged, resolved and looked into', () =>
    visit('/alerts?state=open', async (page) => {
      await alerts(page).first().waitFor()
      const before = await alerts(page).count()
      const badge = (count: number) => page.getByRole('navigation').getByText(`${count} open alerts`)
      await badge(before).waitFor({ state: 'attached' })
      expect(await dangerous(page).innerText()).toMatch(/mallory.*nsenter/s)
      await dangerous(page).getByRole('button', { name: 'rows' }).click()
      const row = dangerous(page).locator('dl').filter({ hasText: 'nsenter' }).first()
      await row.waitFor()
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'alerts.png') })
      await dangerous(page).getByRole('button', { name: 'Acknowledge' }).click()
      await page.waitForFunction((count) => document.querySelectorAll('li[data-severity]').length < count, before)
      await badge(before - 1).waitFor({ state: 'attached' })
      await page.getByRole('button', { name: /^Acknowledged/ }).click()
      await page.waitForURL(/state=acknowledged/)
      await dangerous(page).getByText('Acknowledged').waitFor()
      await dangerous(page).getByRole('button', { name: 'Resolve' }).click()
      await page.getByRole('heading', { name: 'No alert is in this state' }).waitFor()
      await page.getByRole('button', { name: /^Resolved/ }).click()
      await dangerous(page).getByRole('button', { name: 'rows' }).click()
      await dangerous(page).locator('dl', { hasText: 'nsenter' }).getByRole('link', { name: 'Session' }).first().click()
      await page.waitForURL(/\/s\/.*cmd=/)
      expect(await page.locator('[data-command][aria-current="true"]').innerText()).toContain('nsenter')
    }))
})

it('are worked through with the keyboard: opened, acknowledged, silenced', () =>
  visit('/alerts?state=open', async (page) => {
    await alerts(page).first().waitFor()
    await page.getByRole('button', { name: /^Notifications: \d+ open/ }).click()
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key)
    const first = alerts(page).first()
    expect(await first.evaluate((row) => row === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await first.locator('dl').first().waitFor()
    const name = await first.locator('h2').innerText()
    await page.keyboard.press('s')
    await page.keyboard.type('known exercise')
    await page.keyboard.press('Enter')
    const silences = page.getByRole('region', { name: 'Silences' })
    await silences.getByText('known exercise').first().waitFor()
    expect(await violations(page)).toEqual([])
    await silences.getByRole('button', { name: 'Remove' }).click()
    await silences.getByRole('button', { name: 'Really remove' }).click()
    await silences.waitFor({ state: 'detached' })
    const before = await alerts(page).count()
    await page.locator('h1').click()
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    await page.waitForFunction((count) => document.querySelectorAll('li[data-severity]').length < count, before)
    await page.goto(`${browsing.served.url}/alerts?state=acknowledged`)
    expect(await alerts(page).first().locator('h2').innerText()).toBe(name)
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Silence').waitFor()
  }))

describe('rules', () => {
  it('are gone through, made and tried with the keyboard alone', () =>
    visit('/rules', async (page) => {
      await page.getByRole('row').nth(1).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      const text = page.getByRole('textbox', { name: 'The rule as YAML' })
      await text.waitFor()
      expect(await text.evaluate((field) => field === document.activeElement)).toBe(true)
      await page.keyboard.press('Control+Enter')
      await page.getByText(/It would have made \d+ alerts? /).waitFor()
      await page.getByRole('button', { name: 'Close', exact: true }).press('Enter')
      await text.waitFor({ state: 'detached' })
      await page.keyboard.press('n')
      expect(await text.inputValue()).toContain('id: new-rule')
      await text.fill((await text.inputValue()).replace('new-rule', 'mine').replace('New rule', 'Left by keyboard'))
      await page.keyboard.press('Control+s')
      await page.getByRole('row').filter({ hasText: 'Left by keyboard' }).waitFor()
    }))

  it('are listed with what they did; a fault is shown where it is; one is tried and saved', () =>
    visit('/rules', async (page) => {
      const listed = page.getByRole('row').filter({ hasText: 'Kubernetes进入容器后执行风险程序告警' })
      await listed.getByRole('button', { name: 'Change' }).click()
      const text = page.getByRole('textbox', { name: 'The rule as YAML' })
      const yaml = await text.inputValue()
      expect(yaml).toContain('id: ack-container-run-danger-cmd')
      await text.fill(yaml.replace('check: 1m', 'check: often'))
      const line = yaml.split('\n').findIndex((one) => one.startsWith('check:')) + 1
      await page.getByText(new RegExp(`^${line}:\\d+ `)).waitFor()
      expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
      expect(await violations(page)).toEqual([])
      await text.fill(yaml.replace(/^name: .*$/m, 'name: Programs often misused'))
      await page.getByRole('button', { name: 'What would it have done?' }).click()
      await page.getByText(/It would have made \d+ alerts? .* out of [1-9]\d* rows/).waitFor()
      await page.screenshot({ path: join(SHOTS, 'rules.png') })
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByRole('row').filter({ hasText: 'Programs often misused' }).waitFor()
      expect(await text.count()).toBe(0)
    }))
})

describe('nodes', () => {
  it('say how an agent is joined where none was heard, and how it fares where one was', async () => {
    await visit('/nodes', async (page) => {
      await page.getByText('No node agent has reported yet').waitFor()
      expect(await violations(page)).toEqual([])
    })
    const now = storeTime(Date.now())
    const at = { cluster: 'dev', node: 'node-7', boot: 'b' }
    await browsing.store.writer.insert(
      'heartbeats',
      [{ ...at, time: now, counters: { events: 4217 }, facts: { auditd: '3.0.9' } }],
      'heartbeat',
    )
    await browsing.store.writer.insert(
      'loss',
      [{ ...at, loss_id: 'l', hop: 'kernel', since: now, until: now, count: 12, reason: 'backlog limit' }],
      'loss',
    )
    await visit('/nodes', async (page) => {
      const node = page.getByRole('list', { name: 'Nodes' }).getByRole('listitem')
      await node.filter({ hasText: 'node-7' }).waitFor()
      expect(await node.innerText()).toMatch(/heard .*4.217.*3\.0\.9/s)
      expect(await page.getByRole('row').nth(1).innerText()).toMatch(/node-7.*kernel.*12.*backlog limit/s)
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'nodes.png') })
    })
  })
})

it('a session is saved as evidence', () =>
  visit('/sessions?user=mallory&command=nsenter', async (page) => {
    await page.getByRole('list', { name: 'Sessions' }).getByRole('link').first().click()
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Save evidence' }).click()
    const download = await saved
    expect(download.suggestedFilename()).toMatch(/\.\w+$/)
    expect(readFileSync(await download.path()).length).toBeGreaterThan(10_000)
  }))
