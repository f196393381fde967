/**
 * How smooth long lists are: 100,000 sessions, an answer of 100,000 rows and a session of 10,000 commands, scrolled by a
 * wheel in a real Chromium over the real server, frame by frame as the browser's own trace has them.
 *
 * Run: npm run build && npx tsx --conditions=podwitness-source bench/page.bench.ts [SESSIONS]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { serve } from '@podwitness/server'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { type CDPSession, chromium, type Page } from 'playwright-core'

const SESSIONS = Number(process.argv[2] ?? 100_000)
const COMMANDS = 10_000
const BLOCK = 20_000
const START = Date.UTC(2026, 10, 20)
const TOKEN = 'a-token-of-thirty-two-characters'
/** A person with a free-spinning wheel: CSS pixels, and CSS pixels per second. */
const SCROLL = { distance: 24_000, speed: 6_000 }
const NAMES = ['bash', 'curl -s http://10.0.0.7/x.sh', 'cat /etc/shadow', 'id', 'nsenter -t 1 -m -u -i -n sh', 'ls -la /srv']

/** One event of the browser's trace. Source: Trace Event Format; times in microseconds, `tdur` is CPU time of the thread. */
interface TraceEvent {
  readonly name: string
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly pid: number
  readonly tid: number
  readonly args?: { readonly name?: string }
}

async function fill(store: Store): Promise<void> {
  const session = (at: number) => ({
    ...blankRow('sessions'),
    ...{ trace_id: `s-${at}`, entry: 'exec', confidence: 'matched', user: `user-${at % 97}`, cluster: 'c', node: `n-${at % 9}` },
    ...{
      ns: `team-${at % 31}`,
      pod: `web-${at % 401}`,
      container: 'app',
      command: [NAMES[at % NAMES.length] ?? 'sh'],
      risk: at % 5,
    },
    ...{ start: storeTime(START + at * 500), end: storeTime(START + at * 500 + 9_000), command_count: at % 40, version: '1' },
    ...{ outcome: 'started', reasons: ['same container, same arguments'] },
  })
  for (let at = 0; at < SESSIONS; at += BLOCK) {
    const block = Array.from({ length: Math.min(BLOCK, SESSIONS - at) }, (_, index) => session(at + index))
    await store.writer.insert('sessions', block, `sessions-${at}`)
  }
  await store.writer.insert('sessions', [{ ...session(0), trace_id: 'long', command_count: COMMANDS }], 'long')
  const events = Array.from({ length: COMMANDS }, (_, at) => ({
    ...{
      event_id: `long-${at}`,
      trace_id: 'long',
      kind: 'Command' as const,
      time: storeTime(START + at * 10),
      serial: at,
    },
    ...{ cluster: 'c', node: 'n-1', ns: 'team-1', pod: 'web-1', container: 'app', exe: '/bin/sh', name: 'sh', cwd: '/srv' },
    ...{ argv: ['sh', String(at)], cmdline: `sh -c 'step ${at} of ${COMMANDS}'`, pid: at + 10, ppid: Math.max(1, at + 9) },
    raw: `step ${at}`,
  }))
  await store.writer.insert('events', events, 'events')
}

/** What the browser did while something was done to a page. */
async function traced(page: Page, act: (cdp: CDPSession) => Promise<unknown>): Promise<TraceEvent[]> {
  const cdp = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const ended = new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve()))
  await cdp.send('Tracing.start', {
    traceConfig: {
      includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline.frame', '__metadata'],
    },
    transferMode: 'ReportEvents',
  })
  await act(cdp)
  await cdp.send('Tracing.end')
  await ended
  await cdp.detach()
  return events
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const ordered = (numbers: number[]): number[] => numbers.sort((a, b) => a - b)

/** Frames and tasks of a trace in words. */
function report(what: string, events: readonly TraceEvent[]): void {
  const main = events.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const drawn = ordered(events.filter(({ name, pid }) => name === 'DrawFrame' && pid === main?.pid).map(({ ts }) => ts))
  const gaps = ordered(drawn.slice(1).map((ts, index) => (ts - (drawn[index] ?? ts)) / 1000))
  const dropped = events.filter(({ name, pid }) => name === 'DroppedFrame' && pid === main?.pid).length
  const tasks = events.filter(
    ({ name, pid, tid, dur }) => name.endsWith('RunTask') && pid === main?.pid && tid === main?.tid && dur !== undefined,
  )
  const own = ordered(tasks.map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000))
  const long = tasks.filter(({ dur = 0 }) => dur > 50_000).length
  const ms = (value: number) => `${value.toFixed(1)} ms`
  process.stdout.write(
    `${what}: ${drawn.length} frames, p50 ${ms(at(gaps, 0.5))}, p95 ${ms(at(gaps, 0.95))}, longest ${ms(gaps.at(-1) ?? 0)}, ${dropped} dropped; ` +
      `work of the page per task p99 ${ms(at(own, 0.99))}, longest ${ms(own.at(-1) ?? 0)} CPU, ${long} tasks over 50 ms\n`,
  )
}

const wheel =
  (page: Page, over: string, distance = SCROLL.distance) =>
  async (cdp: CDPSession) => {
    const box = await page.locator(over).first().boundingBox()
    if (box === null) throw new Error(`${over} is not on the page`)
    const [x, y] = [box.x + box.width / 2, Math.min(box.y + Math.min(box.height, 400) / 2, 700)]
    const gesture = { x, y, speed: SCROLL.speed, gestureSourceType: 'mouse' as const }
    await cdp.send('Input.synthesizeScrollGesture', { ...gesture, yDistance: -distance })
    await cdp.send('Input.synthesizeScrollGesture', { ...gesture, yDistance: distance / 2 })
  }

async function measure(page: Page, origin: string): Promise<void> {
  const timed = async (what: string, act: () => Promise<unknown>) => {
    const began = performance.now()
    await act()
    process.stdout.write(`${what}: ${Math.round(performance.now() - began)} ms\n`)
  }
  const open = (path: string, ready: string) =>
    timed(`${path.split('?')[0]} opens`, async () => {
      await page.goto(`${origin}${path}`)
      await page.locator(ready).first().waitFor()
    })
  const elements = async (what: string) =>
    process.stdout.write(`${what}: ${await page.evaluate(() => document.querySelectorAll('*').length)} elements in the page\n`)

  await page.goto(`${origin}/settings/about?token=${TOKEN}`)
  await page.locator('main h1').waitFor()
  await open('/sessions?range=all', 'li[data-index="20"]')
  report(`${SESSIONS} sessions, scrolled`, await traced(page, wheel(page, 'main ul')))
  await elements('sessions')
  const rows = `/hunt?range=all&rows=most&q=${encodeURIComponent('range n from 1 to 100000 step 1 | extend t = strcat("row ", n)')}`
  await open(rows, 'tbody[data-index="5"]')
  report('an answer of 100000 rows, scrolled', await traced(page, wheel(page, 'main table')))
  await elements('answer')
  await open('/s/long', '[data-command]')
  report(`a session of ${COMMANDS} commands, scrolled`, await traced(page, wheel(page, 'ul[aria-label="Commands"]')))
  await elements('session')
  const search = page.getByRole('searchbox')
  await search.click()
  report('a search in it typed', await traced(page, () => page.keyboard.type(`step ${COMMANDS - 1}`, { delay: 60 })))
  await timed('the next match is in sight', async () => {
    await page.keyboard.press('Enter')
    await page.locator('[data-command][aria-current="true"] mark').first().waitFor()
  })
  await page.locator('h1').click()
  report(
    'it is replayed for two seconds',
    await traced(page, async () => {
      await page.keyboard.press('Space')
      await page.waitForTimeout(2_000)
    }),
  )
}

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
await fill(store)
const served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  process.stdout.write(`Chromium ${browser.version()}, load average ${loadavg()[0]?.toFixed(1)}\n`)
  await measure(page, served.url)
} finally {
  await browser.close()
  await served.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
