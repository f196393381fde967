import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browsing, SHOTS, startBrowsing, TOKEN, violations } from './browsing.ts'

let browsing: Browsing
const visit: Browsing['visit'] = (...visited) => browsing.visit(...visited)

beforeAll(async () => {
  browsing = await startBrowsing()
})
afterAll(async () => browsing?.close())

const rows = (page: Page) => page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
const commands = (page: Page) => page.getByRole('list', { name: 'Commands' }).getByRole('button')

describe('the way from a question to its proof', () => {
  it('one user, one session, one command, its lines as received', () =>
    visit('/', async (page) => {
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
      expect(new URL(page.url()).search).toBe('')
      await page.getByRole('link', { name: 'Sessions', exact: true }).click()
      await rows(page).first().waitFor()
      await page.getByRole('button', { name: 'Account' }).click()
      await page.getByRole('checkbox', { name: /^mallory/ }).check()
      await page.waitForURL(/user=mallory/)
      await page.keyboard.press('Escape')
      // A key pressed while the menu is still closing would go to the menu.
      await page.getByRole('checkbox', { name: /^mallory/ }).waitFor({ state: 'detached' })
      await page.keyboard.press('/')
      await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
      await page.keyboard.type('nsenter')
      await page.waitForURL(/command=nsenter/)
      await page.getByText('Command: nsenter').waitFor()
      await page.locator('[aria-busy="false"] mark').first().waitFor()
      for (const row of await rows(page).allInnerTexts()) expect(row).toMatch(/mallory.*nsenter.*Critical/s)
      await page.screenshot({ path: join(SHOTS, 'sessions.png') })
      await rows(page).first().getByRole('link').click()
      await page.waitForURL(/\/s\/[^?]+\?cmd=/)
      const selected = page.locator('[data-command][aria-current="true"]')
      expect(await selected.innerText()).toContain('nsenter')
      await page.getByText('on the host').first().waitFor()
      await page.screenshot({ path: join(SHOTS, 'session.png') })
      await page.getByRole('button', { name: 'Raw records' }).click()
      const lines = page.getByRole('dialog').getByRole('listitem')
      await lines.first().waitFor()
      const text = await lines.allInnerTexts()
      expect(text[0]).toMatch(/^node=k8s-node-1 type=SYSCALL msg=audit\(\d+\.\d{3}:\d+\): arch=c000003e syscall=59 success=yes/)
      expect(text.join('\n')).toContain('type=EXECVE')
      await page.screenshot({ path: join(SHOTS, 'records.png') })
    }))

  it('the keyboard alone', () =>
    visit('/sessions?sort=commands', async (page) => {
      await rows(page).first().waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.waitForFunction(() => document.activeElement?.closest('li')?.dataset.index === '1')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/s\//)
      await commands(page).first().waitFor()
      await page.keyboard.press('j')
      await page.waitForURL(/cmd=/)
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(page.url()).toMatch(/cmd=/)
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys on this page' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('g')
      await page.keyboard.press('s')
      await page.waitForURL(/\/sessions/)
    }))

  it('several accounts are all named, an entry past the API stands out', () =>
    visit('/sessions?confidence=ambiguous&entry=exec', async (page) => {
      await rows(page).first().waitFor()
      expect(await rows(page).first().innerText()).toMatch(/ or /)
      await rows(page).first().getByRole('link').click()
      await page.getByRole('heading', { name: 'It may have been' }).waitFor()
      expect(await page.getByRole('article').count()).toBeGreaterThan(1)
      // The request of each is one click away, as received.
      await page.getByRole('article').first().getByRole('link').click()
      await page.waitForURL(/\/e\//)
      await page.locator('#raw').waitFor()
      expect(await page.locator('main').innerText()).toMatch(/"auditID":\s?"[0-9a-f-]{36}"/)
      await page.goto(`${browsing.served.url}/sessions?entry=node-local`)
      await rows(page).first().waitFor()
      expect(await rows(page).first().innerText()).toMatch(/unknown.*past the API.*no API record/s)
      await rows(page).first().getByRole('link').click()
      await page.getByText('No account is named, so there is none whose calls could be listed.').waitFor()
      await page.getByRole('link', { name: 'What ran on the node then, ±2 s' }).click()
      await page
        .getByRole('cell', { name: /ctr -n k8s.io tasks exec / })
        .first()
        .waitFor()
    }))

  it('an entry without commands says why, and shows the request that stands for it', () =>
    visit('/sessions?entry=portforward', async (page) => {
      await rows(page).first().getByRole('link').click()
      await page.getByText('A port-forward starts no program in the container.').waitFor()
      await page.getByText('The API server itself recorded who asked; no process is involved.').waitFor()
      const own = page.getByRole('listitem').filter({ hasText: 'opened this session' })
      expect(await own.innerText()).toContain('pods/portforward')
      expect(await page.getByText('Select a command').count()).toBe(0)
      await own.getByRole('link').click()
      await page.locator('#raw').waitFor()
      expect(await page.locator('main').innerText()).toContain('portforward')
    }))

  it('a command is copied so that a shell reads the same words', () =>
    visit(
      '/sessions?command=*busybox date*&sort=risk',
      async (page) => {
        await page.locator('[aria-busy="false"]').first().waitFor()
        await rows(page).first().getByRole('link').click()
        await page.locator('[data-command][aria-current="true"]').waitFor()
        await page.getByRole('button', { name: 'Copy command' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        const copied = await page.evaluate(() => navigator.clipboard.readText())
        const words = execFileSync('sh', ['-c', `for word in ${copied}; do printf '%s\\n' "$word"; done`], { encoding: 'utf8' })
        expect(words.split('\n').slice(0, 2)).toEqual(['sh', '-c'])
        const shown = await page.getByRole('definition').getByRole('listitem').allInnerTexts()
        expect(words.trimEnd().split('\n')).toEqual(shown)
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ))
})

describe('the overview', () => {
  it('leads from a program to who ran it and where in two clicks', () =>
    visit('/', async (page) => {
      await page.getByRole('link', { name: 'nsenter' }).first().click()
      await page.waitForURL(/command=nsenter/)
      await rows(page).first().waitFor()
      expect(await rows(page).first().innerText()).toMatch(/mallory.*infra\/node-debug.*nsenter/s)
      await rows(page).first().getByRole('link').click()
      await page.locator('[data-command][aria-current="true"]').waitFor()
    }))

  it('counts as the lists do that its numbers open', () =>
    visit('/', async (page) => {
      for (const [tile, list] of [
        ['Entries', '335 sessions'],
        ['No API record', '1 session'],
      ] as const) {
        const section = page.locator('section', { has: page.getByRole('heading', { name: tile, exact: true }) })
        const number = await section.getByRole('link').first().innerText()
        await section.getByRole('link').first().click()
        await page.getByText(list, { exact: false }).first().waitFor()
        expect(list.startsWith(number.replace(/\D+$/, ''))).toBe(true)
        await page.keyboard.press('g')
        await page.keyboard.press('o')
      }
    }))

  it('says so when nobody entered', () =>
    visit('/?from=2001-01-01&to=2001-01-02', async (page) => {
      await page.getByRole('heading', { name: 'Nobody entered a container in this time' }).waitFor()
      await page.getByRole('button', { name: 'Show all data' }).click()
      await page.getByRole('heading', { name: 'Risky operations' }).waitFor()
    }))
})

describe('hunting', () => {
  it('runs an example, narrows it by a value, leads to the session', () =>
    visit('/hunt', async (page) => {
      await page.getByRole('button', { name: /^Risky programs/ }).click()
      const table = page.getByRole('table')
      await table.waitFor()
      expect(new URL(page.url()).searchParams.get('q')).toMatch(/^Commands/)
      const before = await table.getByRole('row').count()
      const cell = table.getByRole('cell', { name: 'mallory' }).first()
      await cell.hover()
      await cell.getByRole('button', { name: 'Only rows with this value' }).click()
      await page.waitForURL(/mallory/)
      await page.locator('[aria-busy="false"]').waitFor()
      expect(await table.getByRole('row').count()).toBeLessThan(before)
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'hunt.png') })
      await table.getByRole('row').nth(1).getByRole('link').first().click()
      await page.waitForURL(/\/s\//)
    }))

  it('types a query, runs it with the keyboard, draws what it asks to be drawn', () =>
    visit('/hunt', async (page) => {
      await page.getByRole('textbox', { name: 'Query' }).click()
      await page.keyboard.type(
        "Commands | where User != '' | summarize n = count() by bin(TimeGenerated, 10s), User | render timechart",
      )
      await page.keyboard.press('Control+Enter')
      await page.getByRole('img', { name: /^Chart of 5 series/ }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'hunt-chart.png') })
      await page.getByLabel('Past queries').waitFor()
    }))

  it('completes, explains and finds fault while somebody types, and lays out', () =>
    visit('/hunt', async (page) => {
      const editor = page.getByRole('textbox', { name: 'Query' })
      await editor.click()
      await page.keyboard.type('Commands | where CommandLi')
      const offered = page.locator('.cm-tooltip-autocomplete li', { hasText: 'CommandLine' })
      await offered.first().waitFor()
      await page.screenshot({ path: join(SHOTS, 'hunt-completion.png') })
      await offered.first().click()
      await page.keyboard.type(" == 'id' and Nmae == 'x'")
      await page.keyboard.press('Escape')
      await page.locator('.cm-lintRange-error', { hasText: 'Nmae' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Control+A')
      await page.keyboard.type("Commands|where Name=='curl'|take 5")
      await page.keyboard.press('Escape')
      await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Lay out' }).click()
      await editor.getByText("Commands | where Name == 'curl' | take 5").waitFor()
      const line = await editor.locator('.cm-line').first().boundingBox()
      if (line === null) throw new Error('the editor has no line')
      // Over the first word, coming from beside it.
      await page.mouse.move(line.x + 200, line.y + 60)
      await page.mouse.move(line.x + 30, line.y + line.height / 2, { steps: 4 })
      await page.locator('.cm-words', { hasText: 'Commands' }).waitFor()
    }))

  it('counts every match over time, narrows the time by dragging, and widens it again', () =>
    visit(`/hunt?range=all&q=${encodeURIComponent('Commands | take 3')}`, async (page) => {
      const bars = page.getByRole('img', { name: /^Matches over \d+ intervals/ })
      await bars.waitFor()
      await page.getByText('3 rows', { exact: true }).waitFor()
      const all = Number((await page.getByText(/matches in this time/).innerText()).replace(/\D/g, ''))
      expect(all).toBeGreaterThan(500)
      const box = await bars.boundingBox()
      if (box === null) throw new Error('the bars are not drawn')
      await page.mouse.move(box.x + box.width * 0.3, box.y + 10)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.6, box.y + 10)
      await page.mouse.up()
      await page.waitForURL(/from=.*to=/)
      await page.waitForFunction(
        (before) => Number(document.querySelector('figure strong')?.textContent?.replace(/\D/g, '') ?? before) < before,
        all,
      )
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(SHOTS, 'hunt-zoomed.png') })
      await page.locator('h1').click()
      await page.keyboard.press('z')
      await page.waitForURL(/range=all/)
    }))

  it('makes a rule of a query', () =>
    visit(`/hunt?q=${encodeURIComponent("Commands\n| where Name == 'nsenter'")}`, async (page) => {
      await page.getByRole('link', { name: 'Make a rule' }).click()
      const text = page.getByRole('textbox', { name: 'The rule as YAML' })
      expect(await text.inputValue()).toContain("    Commands\n    | where Name == 'nsenter'\n")
      await page.getByRole('button', { name: 'What would it have done?' }).click()
      await page.getByText(/It would have made \d+ alerts? .* out of [1-9]\d* rows/).waitFor()
    }))

  it('says where a query is wrong and what was meant, with the right to run it again', () =>
    visit(
      `/hunt?q=${encodeURIComponent("Commands\n| where Nmae == 'curl'")}`,
      async (page) => {
        await page.getByRole('alert').getByText('Line 2, column 9').waitFor()
        await page.locator('.cm-lintRange-error').waitFor()
        expect(await page.locator('.cm-lintRange-error').innerText()).toBe('Nmae')
        expect(await violations(page)).toEqual([])
      },
      { refusals: true },
    ))
})

it('checks the evidence and says what it found', () =>
  visit('/integrity', async (page) => {
    await page.getByText('Not checked yet').waitFor()
    await page.keyboard.press('v')
    await page.getByText('Intact', { exact: true }).waitFor()
    await page.getByText(/15.\d{3} events in \d+ signed batches/).waitFor()
    expect(await violations(page)).toEqual([])
    const chain = join(browsing.directory, 'data/ledger/chain-1.jsonl')
    const original = readFileSync(chain, 'utf8')
    writeFileSync(chain, original.replace('"kind":"batch"', '"kind":"adopted"'))
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('Not intact').waitFor()
    writeFileSync(chain, original)
    await page.getByText('its content is not what was signed').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(SHOTS, 'integrity.png') })
  }))

it('plays a session as it was run, faster and slower, and stops at its end', () =>
  visit('/sessions?user=mallory&command=nsenter', async (page) => {
    await rows(page).first().getByRole('link').click()
    await commands(page).first().waitFor()
    const selected = page.locator('[data-command][aria-current="true"]')
    const last = (await commands(page).last().innerText()).split('\n')[0] ?? ''
    for (let press = 0; press < 6; press++) await page.keyboard.press('.')
    expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('16')
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await selected.filter({ hasText: last }).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await page.keyboard.press(',')
    expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('8')
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Play and pause').waitFor()
    expect(await violations(page)).toEqual([])
  }))

it('tells the story around an event: commands and API calls in order', () =>
  visit('/sessions?user=mallory&command=nsenter', async (page) => {
    await rows(page).first().getByRole('link').click()
    await page.locator('[data-command][aria-current="true"]').waitFor()
    await page.keyboard.press('r')
    await page.getByRole('link', { name: 'Open as a page' }).click()
    const story = page.getByRole('list', { name: /^Five minutes before and after/ })
    await story.getByRole('listitem').first().waitFor()
    const told = await story.getByRole('listitem').allInnerTexts()
    expect(told.join('\n')).toMatch(/mallory.*infra\/node-debug.*pods\/exec/s)
    const times = told.map((one) => one.split('\n')[0] ?? '')
    expect(times).toEqual([...times].sort())
    expect(await story.locator('[aria-current="true"]').innerText()).toContain('nsenter')
    await page.keyboard.press('5')
    await page.getByText('Proven: a signature stands behind these bytes.').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('integrity')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save proof' }).click()
    const proof = JSON.parse(readFileSync(await (await saved).path(), 'utf8'))
    expect(proof).toMatchObject({ format: 'podwitness-proof/1', events: [{ kind: 'Command' }] })
    await page.keyboard.press('4')
    await page.getByText('spec.hostPID').waitFor()
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(SHOTS, 'event.png'), fullPage: true })
    const before = page.url()
    await page.keyboard.press(']')
    await page.waitForURL((url) => url.pathname.startsWith('/e/') && url.href !== before)
  }))

describe('answers that are not there', () => {
  it.each([
    ['/sessions?range=all&command=no-such-program', 'The filters leave nothing', 'Remove all filters'],
    ['/sessions?from=2001-01-01&to=2001-01-02', 'Nobody entered a container in this time', 'Show all data'],
  ])('%s says so and leads out', (path, heading, way) =>
    visit(path, async (page) => {
      await page.getByRole('heading', { name: heading }).waitFor()
      await page.getByRole('button', { name: way }).last().click()
      await rows(page).first().waitFor()
    }),
  )

  it('asks for the token where nobody is signed in, and refuses a wrong one', async () => {
    const page = await browsing.browser.newPage()
    await page.goto(`${browsing.served.url}/sessions?user=alice`)
    await page.getByRole('button', { name: 'With a token or one-time link' }).click()
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The name, password or token is not right').waitFor()
    await page.getByLabel('Token').fill(TOKEN)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await rows(page).first().waitFor()
    expect(new URL(page.url()).search).toBe('?user=alice')
    await page.close()
  })
})

it('fits a telephone and speaks Chinese', () =>
  visit(
    '/sessions',
    async (page) => {
      const list = page.getByRole('list', { name: '会话' })
      await list.getByRole('link').first().waitFor()
      await page.screenshot({ path: join(SHOTS, 'sessions-360-zh.png') })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
      await list.getByRole('link').first().click()
      await page.getByRole('heading', { name: '进程树' }).waitFor()
      await page.screenshot({ path: join(SHOTS, 'session-360-zh.png') })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    },
    { viewport: { width: 360, height: 780 }, locale: 'zh-CN' },
  ))
