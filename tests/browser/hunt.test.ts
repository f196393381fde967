import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, overflow, SHOTS, startBrowsing, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)
const queryOf = (page: Page) => new URL(page.url()).searchParams.get('q')
const settled = (page: Page) => page.locator('[aria-busy="false"]').first().waitFor()

beforeAll(async () => {
  browsing = await startBrowsing()
})
afterAll(async () => browsing?.close())

describe('queries that are kept', () => {
  it('saves a query with its view, finds it, runs it as it was, replaces it and removes it', () =>
    visit(
      `/hunt?range=all&cols=User&cols=CommandLine&q=${encodeURIComponent("Commands | where Name == 'curl'")}`,
      async (page) => {
        await page.getByRole('table').waitFor()
        await page.keyboard.press('w')
        await page.getByLabel('Name', { exact: true }).fill('Who fetched')
        await page.getByLabel('What it is for').fill('Downloads in containers')
        await page.getByRole('checkbox', { name: 'Everybody' }).check()
        expect(await violations(page)).toEqual([])
        await page.keyboard.press('Control+Enter')
        await page.getByRole('button', { name: 'Save', exact: true }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.goto(`${browsing.served.url}/hunt`)
        await page.getByRole('button', { name: 'Saved (1)' }).click()
        await page.getByRole('textbox', { name: 'Find a saved query' }).fill('fetched')
        expect(await violations(page)).toEqual([])
        await page.screenshot({ path: join(SHOTS, 'hunt-saved.png') })
        await page.keyboard.press('Enter')
        await page.getByRole('table').waitFor()
        expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['Everything of the row', 'User', 'CommandLine'])
        await page.getByRole('button', { name: 'Save the query' }).click()
        await page.getByText('Replaces the query of this name').waitFor()
        await page.getByRole('button', { name: 'Replace' }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.getByRole('button', { name: 'Saved (1)' }).click()
        await page.getByRole('button', { name: 'YAML of Who fetched' }).click()
        const yaml = page.getByRole('textbox', { name: 'Queries as YAML' })
        expect(await yaml.inputValue()).toMatch(
          /^kind: query\nname: Who fetched\n[\s\S]*query: \|\n {2}Commands \| where Name == 'curl'\n$/,
        )
        await yaml.fill('name: Pasted\nquery: |\n  Commands\n  | where Nmae == 1\n')
        await page.getByText(/^4:11 .*Nmae/).waitFor()
        expect(await page.getByRole('button', { name: /^Save \d/ }).isDisabled()).toBe(true)
        expect(await violations(page)).toEqual([])
        await page.screenshot({ path: join(SHOTS, 'hunt-yaml.png') })
        await yaml.fill('name: Pasted\nquery: |\n  Commands\n---\nname: Who fetched\nquery: Sessions\n')
        await page.getByRole('button', { name: 'Save 2 queries' }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.getByRole('button', { name: 'Saved (2)' }).click()
        await page.getByRole('textbox', { name: 'Find a saved query' }).fill('')
        await page.getByRole('button', { name: 'Remove the saved query Pasted' }).click()
        await page.getByText('Remove?').click()
        await page.getByRole('button', { name: 'Remove the saved query Pasted' }).waitFor({ state: 'detached' })
        const remove = page.getByRole('button', { name: 'Remove the saved query Who fetched' })
        await remove.click()
        await page.getByText('Remove?').click()
        await page.getByText('Nothing is saved yet').waitFor()
      },
    ))
})

it('has a short link to a view, which says whether the rows are those that were shared', () =>
  visit(
    `/hunt?range=all&q=${encodeURIComponent("Commands | where Node == 'linked' | project CommandLine")}`,
    async (page) => {
      const add = (id: string, cmdline: string) =>
        browsing.store.writer.insert(
          'events',
          [{ event_id: id, time: storeTime(Date.now()), kind: 'Command', cluster: 'dev', node: 'linked', cmdline, raw: cmdline }],
          id,
        )
      await page.getByText('0 rows', { exact: true }).waitFor()
      await add('linked-1', 'one')
      await page.reload()
      await page.getByText('1 row', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Copy short link' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      const link = await page.evaluate(() => navigator.clipboard.readText())
      expect(link).toMatch(/\/l\/[\w-]{12}$/)
      await page.goto(link)
      await page.getByText(/^The same rows as when this link was made\. It was made by owner/).waitFor()
      expect(queryOf(page)).toBe("Commands | where Node == 'linked' | project CommandLine")
      await page.route('**/api/v1/query', async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, json: { ...(await answer.json()), contentHash: 'x'.repeat(43) } })
      })
      await page.goto(link)
      await page.getByText('As many rows as when this link was made, but not the same ones').waitFor()
      expect(await violations(page)).toEqual([])
      await page.unroute('**/api/v1/query')
      await add('linked-2', 'two')
      await page.goto(link)
      await page.getByText('When this link was made there was 1 row; now there are 2').waitFor()
    },
    { permissions: ['clipboard-read', 'clipboard-write'] },
  ))

it('says at the time picker that the query sets its time, and what is chosen there for the other end counts', () =>
  visit('/hunt?range=5m', async (page) => {
    await page.getByRole('heading', { level: 1 }).waitFor()
    const open = (q: string) => page.goto(`${browsing.served.url}/hunt?range=5m&q=${encodeURIComponent(q)}`)
    const picker = (name: string) => page.getByRole('button', { name: new RegExp(`^Time.*${name}`) })
    await open('Commands | where TimeGenerated between (datetime(2026-11-21) .. 1d) | take 3')
    await picker('Set in query').waitFor()
    await page.getByText('3 rows', { exact: true }).waitFor()
    await page.getByText('the query sets its time').waitFor()
    await picker('Set in query').click()
    await page.getByText('The query says from when until when it asks.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(SHOTS, 'hunt-set-in-query.png') })
    await open('Commands | where TimeGenerated > datetime(2026-11-21) | take 3')
    await picker('Last 5 m.*start set in query').waitFor()
    await page.getByText('3 rows', { exact: true }).waitFor()
    await open("Commands | where User == 'mallory' | take 3")
    await picker('Last 5 m').waitFor()
    await page.getByText('0 rows', { exact: true }).waitFor()
  }))

it('brings earlier queries back with Alt and the arrows, and what was being typed', () =>
  visit('/hunt?range=all', async (page) => {
    const editor = page.getByRole('textbox', { name: 'Query' })
    for (const text of ['print first = 1', 'print second = 2']) {
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+Enter')
      await page.getByRole('columnheader', { name: text.split(' ')[1] ?? '' }).waitFor()
    }
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('print half')
    await page.keyboard.press('Escape')
    for (const [key, shown] of [
      ['Alt+ArrowUp', 'print second = 2'],
      ['Alt+ArrowUp', 'print first = 1'],
      ['Alt+ArrowDown', 'print second = 2'],
      ['Alt+ArrowDown', 'print half'],
    ] as const) {
      await page.keyboard.press(key)
      await editor.locator('.cm-line', { hasText: shown }).waitFor()
    }
  }))

describe('the simple face of a query', () => {
  it('asks with the keyboard alone, and the text says the same', () =>
    visit('/hunt?mode=simple&range=all', async (page) => {
      await page.getByRole('button', { name: '+ Condition' }).focus()
      await page.keyboard.press('Enter')
      const field = page.getByRole('combobox', { name: 'Field' })
      await field.locator('option', { hasText: 'Namespace' }).waitFor({ state: 'attached' })
      expect(await field.evaluate((one) => one === document.activeElement)).toBe(true)
      await page.keyboard.type('Name')
      await page.keyboard.press('Tab')
      await page.keyboard.type('is one')
      await page.keyboard.press('Tab')
      await page.keyboard.type('curl')
      await page.keyboard.press('Enter')
      await page.keyboard.type('nsenter')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      await settled(page)
      expect(queryOf(page)).toBe("Commands\n| where Name in ('curl', 'nsenter')\n| order by TimeGenerated desc")
      expect(await page.getByRole('table').getByRole('row').count()).toBeGreaterThan(2)
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'hunt-simple.png') })
      await page.getByRole('combobox', { name: 'Query language' }).selectOption('kql')
      await page.getByRole('textbox', { name: 'Query' }).getByText("where Name in ('curl', 'nsenter')").waitFor()
    }))

  it('offers the values of the store', () =>
    visit(`/hunt?mode=simple&range=all&q=${encodeURIComponent("Commands | where User == 'm'")}`, async (page) => {
      await page.locator('datalist option[value="mallory"]').waitFor({ state: 'attached' })
      await page.getByRole('combobox', { name: 'Value of User' }).fill('mallory')
      await page.getByRole('combobox', { name: 'Value of User' }).press('Enter')
      await page.waitForURL(/mallory/)
      await settled(page)
      expect(await page.getByRole('table').getByRole('row').count()).toBeGreaterThan(2)
    }))

  it('says what it cannot show, keeps it in the editor, and takes it back once it can', () =>
    visit(`/hunt?q=${encodeURIComponent('Commands\n| extend Long = strlen(CommandLine)')}`, async (page) => {
      const face = page.getByRole('combobox', { name: 'Query language' })
      await face.selectOption('simple')
      await page.getByText('no place for “extend Long = strlen(CommandLine)” in line 2').waitFor()
      await page.getByRole('textbox', { name: 'Query' }).getByText('extend').waitFor()
      expect(queryOf(page)).toBe('Commands\n| extend Long = strlen(CommandLine)')
      await page.getByRole('textbox', { name: 'Query' }).click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('Sessions')
      await page.keyboard.press('Escape')
      expect(await face.inputValue()).toBe('kql')
      await face.selectOption('simple')
      expect(await page.getByRole('combobox', { name: 'Rows of' }).inputValue()).toBe('Sessions')
    }))

  it('fits a telephone', () =>
    visit(
      `/hunt?mode=simple&range=all&q=${encodeURIComponent("Commands | where Name in ('curl', 'nsenter') and User != '' | take 5")}`,
      async (page) => {
        await page.getByRole('table').waitFor()
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await violations(page)).toEqual([])
        await page.screenshot({ path: join(SHOTS, 'hunt-simple-360.png') })
      },
      { viewport: { width: 360, height: 780 } },
    ))
})

describe('following live', () => {
  let made = 0
  const arrive = async (name: string) => {
    made++
    const event = { kind: 'Command' as const, cluster: 'dev', node: 'n', name, cmdline: `${name} --now`, raw: name }
    await browsing.store.writer.insert(
      'events',
      [{ event_id: `live-${made}`, time: storeTime(Date.now()), ...event }],
      `live|${made}`,
    )
  }

  it('shows what arrives, waits while paused, and shows what waited', () =>
    visit(`/tail?q=${encodeURIComponent("Commands | where Name startswith 'live'")}`, async (page) => {
      await page.getByText('live', { exact: true }).waitFor()
      await arrive('live-one')
      await page.getByRole('cell', { name: 'live-one --now' }).waitFor()
      await page.keyboard.press('Space')
      await arrive('live-two')
      await page.getByRole('button', { name: 'Go on · 1 new' }).waitFor()
      expect(await page.getByRole('cell', { name: 'live-two --now' }).count()).toBe(0)
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'live.png') })
      await page.keyboard.press('Space')
      await page.getByRole('cell', { name: 'live-two --now' }).waitFor()
      expect(await page.locator('[aria-rowindex="2"]').innerText()).toContain('live-two')
    }))

  it('says why it cannot follow', () =>
    visit(
      '/tail?q=Sessions',
      async (page) => {
        await page.getByRole('alert').getByText('PW-HQ-006').waitFor()
        expect(await violations(page)).toEqual([])
      },
      { refusals: true, viewport: { width: 360, height: 780 } },
    ))
})
