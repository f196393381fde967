import type { Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { axeOn, type Browsing, overflow, TOKEN } from './browsing.ts'

/** A page as it is to be looked at. */
export interface Stop {
  readonly name: string
  readonly path: string
  /** Opens what is looked at: a menu, a dialog. */
  readonly act?: (page: Page) => Promise<void>
  /** It shows nothing that somebody else wrote. */
  readonly plain?: boolean
  /** Status with which the server refuses something on it. */
  readonly refused?: number
  /** Its connection stays open. */
  readonly live?: boolean
}

/** One browser window that goes from page to page. */
export interface Walk {
  readonly page: Page
  readonly stop: (stop: Stop) => Promise<void>
  readonly close: () => Promise<void>
}

/** Rules that a theme can break; all others find the same in either. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']
/** So many looks in a row find nothing that the page still asks for. Playwright's own idea of it takes half a second a page. */
const QUIET_LOOKS = 3
const DESK = { width: 1440, height: 900 }
/** A telephone; 200 % on a window of 1280 pixels (WCAG 2.2, 1.4.4 and 1.4.10). */
const SMALL = [
  { width: 640, height: 400 },
  { width: 360, height: 780 },
]

/** Opens the window, signed in. Hostile texts call `__ran`, which then says so. */
export async function startWalk({ browser, served }: Browsing): Promise<Walk> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en-US', reducedMotion: 'reduce' })
  await context.addInitScript(() => {
    Object.assign(globalThis, { __ran: () => console.error('a recorded text ran as a script') })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`refused by the Content-Security-Policy: ${violatedDirective} ${blockedURI}`),
    )
  })
  const page = await context.newPage()
  const complaints: string[] = []
  let refused: string | undefined
  const asked = new Set<Request>()
  page.on('request', (request) => asked.add(request))
  page.on('requestfinished', (request) => asked.delete(request))
  page.on('requestfailed', (request) => asked.delete(request))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`))
  page.on('console', (message) => {
    const ours = refused !== undefined && message.text().includes(refused)
    if (message.type() === 'error' && !ours) complaints.push(message.text())
  })
  await page.goto(`${served.url}/settings/about?token=${TOKEN}`)
  await page.locator('main h1').waitFor()
  return {
    page,
    stop: async (stop) => {
      refused = stop.refused?.toString()
      complaints.length = 0
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize(DESK)
      await page.evaluate(() => localStorage.clear())
      await page.goto(`${served.url}${stop.path}`)
      await stands(page, asked, stop)
      await stop.act?.(page)
      expect({ ...(await findings(page, stop)), complaints }).toEqual({ ...NOTHING, complaints: [] })
    },
    close: () => context.close(),
  }
}

async function stands(page: Page, asked: ReadonlySet<Request>, { live = false }: Stop): Promise<void> {
  await page.locator('main h1, main h2, main [role="alert"]').first().waitFor()
  for (let quiet = 0; !live && quiet < QUIET_LOOKS; quiet = asked.size === 0 ? quiet + 1 : 0) await page.waitForTimeout(30)
  await page.locator('main [role="status"] .hidden-text', { hasText: /^(Loading…|加载中…)$/ }).waitFor({ state: 'detached' })
}

const NOTHING = { inert: true, acting: [], axe: [], axeInChinese: [], axeInTheDark: [], axeInEnglishInTheDark: [], small: [] }

/** Everything that is wrong with the page as it stands. */
async function findings(page: Page, { plain = false }: Stop): Promise<typeof NOTHING> {
  const inert = plain || (await page.locator('body').innerText()).includes('U+202E')
  const english = { inert, acting: await acting(page), axe: await axeOn(page) }
  await speak(page, 'zh')
  const axeInChinese = await axeOn(page, { without: COLOUR_RULES })
  await page.emulateMedia({ colorScheme: 'dark' })
  const axeInTheDark = await axeOn(page, { only: COLOUR_RULES })
  const small: unknown[] = []
  for (const size of SMALL) {
    await page.setViewportSize(size)
    // What hangs from a button is put in its place again after the window has its new size.
    await page
      .waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, undefined, { timeout: 1000 })
      .catch(() => {})
    const seen = [...((await overflow(page)) > 0 ? await wide(page) : []), ...(await cut(page))]
    if (seen.length > 0) small.push([size.width, ...seen])
  }
  await page.setViewportSize(DESK)
  await speak(page, 'en')
  const axeInEnglishInTheDark = await axeOn(page, { only: COLOUR_RULES })
  return { ...english, axeInChinese, axeInTheDark, axeInEnglishInTheDark, small } as typeof NOTHING
}

/** The choice in the bar, also where a dialog lies over it. */
async function speak(page: Page, language: 'en' | 'zh'): Promise<void> {
  await page.evaluate((wanted) => {
    const choice = document.querySelector<HTMLSelectElement>('header select:has(option[value="zh"])')
    if (choice === null) return
    choice.value = wanted
    choice.dispatchEvent(new Event('change', { bubbles: true }))
  }, language)
  await page.locator(`html[lang="${language === 'zh' ? 'zh-CN' : 'en'}"]`).waitFor({ state: 'attached' })
}

/** What of the page acts, or would: characters that hide and reorder, elements and addresses that are none of ours. */
function acting(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ACTING = /[\u202e\u200b\x1b]/
    const found: string[] = []
    for (const one of document.querySelectorAll('body *')) {
      const named = [...one.attributes].filter(({ name, value }) => name !== 'value' && name !== 'href' && ACTING.test(value))
      const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && ACTING.test(node.nodeValue ?? ''))
      const handlers = [...one.attributes].filter(({ name }) => /^on/.test(name))
      if (named.length > 0 || handlers.length > 0 || (own && one.localName !== 'textarea'))
        found.push(one.outerHTML.slice(0, 300))
      if (one.matches('iframe, script:not([src]), base, object, embed, img:not([src^="data:"])'))
        found.push(one.outerHTML.slice(0, 300))
      if (one instanceof HTMLAnchorElement && one.href !== '' && one.origin !== location.origin && !one.download)
        found.push(one.href)
    }
    return ACTING.test(document.title) ? [...found, document.title] : found
  })
}

/** The innermost elements that stand out to the right of the window. */
const wide = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.closest('[class*="scroll"]') === null)
      .map((one) => `${Math.round(one.getBoundingClientRect().right)}: ${one.outerHTML.slice(0, 160)}`)
      .slice(0, 8),
  )

/** Buttons, links, fields and headings whose text is cut off although nothing scrolls there. */
const cut = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, label, h1, h2, dt, dd, th')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'hidden')
      .filter((one) => getComputedStyle(one).textOverflow !== 'ellipsis' && !one.classList.contains('hidden-text'))
      .map((one) => one.outerHTML.slice(0, 120)),
  )
