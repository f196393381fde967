import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AlertLoop, installShippedRules } from '@podwitness/server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

const GUIDE = readFileSync(fileURLToPath(new URL('../../rules/setups/ack-container-audit.yaml', import.meta.url)), 'utf8')
let browsing: Browsing

beforeAll(async () => {
  let clock = Date.now()
  browsing = await startBrowsing(async (store) => {
    await installShippedRules(store, clock - 5_000)
  })
  clock += 60_000
  const loop = new AlertLoop(browsing.store, { origin: 'http://pw', send: { allowTargets: [], env: {} }, now: () => clock })
  await loop.tick()
})
afterAll(async () => browsing?.close())

const rule = (page: Page) => page.getByRole('textbox', { name: 'The rule as YAML' })
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })

it('takes the whole set-up of the guide as text, with a place for what is not closed in it', () =>
  browsing.visit('/rules', async (page) => {
    await page.getByRole('button', { name: 'New rule' }).click()
    await rule(page).fill(GUIDE.replace('  {% endif -%}\n', ''))
    await page.getByText(/^\d+:3 .*{% if %} is never closed/).waitFor()
    expect(await save(page).isDisabled()).toBe(true)
    await rule(page).fill(GUIDE)
    await page.getByText(/is never closed/).waitFor({ state: 'detached' })
    await save(page).click()
    for (const template of ['enter', 'run-danger-cmd'])
      await page
        .getByRole('listitem')
        .filter({ hasText: `ack-container-operation-audit-alert-${template}` })
        .waitFor()
  }))

it('shows a template as it is typed on a past alert, finds what is not closed and repairs it', () =>
  browsing.visit('/rules', async (page) => {
    const listed = page.getByRole('listitem').filter({ hasText: 'ack-container-operation-audit-alert-run-danger-cmd' })
    await listed.getByRole('button', { name: 'Change' }).click()
    const body = page.getByRole('textbox', { name: 'Body' })
    const text = await body.inputValue()
    const shown = page.getByRole('status', { name: 'As the newest alert would read' })
    await shown.getByText(/集群ID:/).waitFor()
    await body.fill(text.replace('{% endif -%}\n', ''))
    await page.getByText(/^Body 7:1 .*{% if %} is never closed/).waitFor()
    expect(await save(page).isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(SHOTS, 'template.png') })
    await page.getByRole('button', { name: 'Repair' }).click()
    await page.getByText(/is never closed/).waitFor({ state: 'detached' })
    await save(page).click()
    await body.waitFor({ state: 'detached' })
  }))

it('leaves rows out of a rule with one click, and tries it again at once', () =>
  browsing.visit('/rules', async (page) => {
    const listed = page.getByRole('row').filter({ hasText: 'Kubernetes进入容器后执行风险程序告警' })
    await listed.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('button', { name: 'What would it have done?' }).click()
    const told = page.getByText(/It would have made \d+ alerts? .* out of \d+ rows/)
    await told.waitFor()
    const rowsOf = async () => Number(/out of (\d+)/.exec(await told.innerText())?.[1])
    const before = await rowsOf()
    await page
      .getByRole('list', { name: 'Some of the rows' })
      .getByRole('button', { name: 'Leave such rows out' })
      .first()
      .click()
    await expect.poll(rowsOf, { timeout: 20_000 }).toBeLessThan(before)
    expect(await rule(page).inputValue()).toMatch(/except:\n {2}- \{"k8s\.user\.username": "\w+"/)
    expect(await violations(page)).toEqual([])
    await save(page).click()
    await rule(page).waitFor({ state: 'detached' })
  }))

it('keeps its width on a telephone, in Chinese and in the dark', () =>
  browsing.visit(
    '/rules',
    async (page) => {
      await page.getByRole('button', { name: '新建模板' }).click()
      await page.getByRole('textbox', { name: '发送内容' }).fill('{{ reason }} '.repeat(40))
      expect(await violations(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
      await page.screenshot({ path: join(SHOTS, 'template-360-zh.png') })
    },
    { viewport: { width: 360, height: 780 }, locale: 'zh-CN', colorScheme: 'dark' },
  ))
