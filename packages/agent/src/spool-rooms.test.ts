import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAgentConfig } from './agent-config.ts'
import { runAgent } from './run-agent.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-rooms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const EVENTS = 2000

/** Logins, so that all go by one lane; with serials from `first` on. */
const events = (first: number): string =>
  Array.from({ length: EVENTS }, (_, i) => {
    const head = `msg=audit(${(1_700_000_000 + (first + i) / 1000).toFixed(3)}:${first + i}):`
    return `type=USER_LOGIN ${head} pid=1 uid=0 msg='op=login ${'x'.repeat(900)} res=success'\n`
  }).join('')

const SOURCES = (): string => `sources:
  - {type: auditLog, path: ${folder}/waits.log, from: start, spool: {policy: block, maxBytes: 1048576}}
  - {type: auditLog, path: ${folder}/drops.log, from: start, spool: {maxBytes: 1048576}}
`

/** Runs an agent until something holds, and stops it. */
async function run(lines: string, holds: () => boolean, said: string[] = []): Promise<void> {
  const stop = new AbortController()
  const text = `state: ${folder}/state\nhealth: {port: 0}\ncontainers: {cri: "off", proc: /nowhere}\n${lines}`
  const around = { signal: stop.signal, input: async function* () {}, write: async () => {} }
  const running = runAgent(parseAgentConfig(text, 'agent.yaml'), { ...around, say: (words) => said.push(words) })
  await expect.poll(holds, { timeout: 30_000, interval: 200 }).toBe(true)
  stop.abort()
  await running
}

interface Written {
  kind: string
  raw?: string
  hop?: string
  count?: number
  rule?: string
}

const written = (): Written[] => {
  try {
    const text = readFileSync(join(folder, 'out.ndjson'), 'utf8')
    return text
      .slice(0, text.lastIndexOf('\n'))
      .split('\n')
      .map((line) => JSON.parse(line) as Written)
  } catch {
    return []
  }
}
const serials = (): number[] => written().flatMap(({ raw }) => (raw === undefined ? [] : [Number(/:(\d+)\)/.exec(raw)?.[1])]))
const dropped = (): number => written().reduce((sum, { hop, count = 0 }) => sum + (hop === 'spool' ? count : 0), 0)

it('lets one source wait and another lose its oldest, each within its own bounds, and counts exactly', async () => {
  writeFileSync(join(folder, 'waits.log'), events(1))
  writeFileSync(join(folder, 'drops.log'), events(100_001))
  const positions = (): string => {
    try {
      return readFileSync(join(folder, 'state', 'positions.json'), 'utf8')
    } catch {
      return ''
    }
  }
  const size = events(100_001).length
  await run(`output: {type: syslog, host: 127.0.0.1, port: 1}\n${SOURCES()}`, () => positions().includes(`"offset":${size}`))
  await run(`output: {type: file, path: ${folder}/out.ndjson}\n${SOURCES()}`, () => serials().length + dropped() >= 2 * EVENTS)
  const seen = serials()
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter((serial) => serial < 100_000)).toHaveLength(EVENTS)
  expect(dropped()).toBeGreaterThan(EVENTS / 4)
  expect(seen.length + dropped()).toBe(2 * EVENTS)
  expect(seen.filter((serial) => serial > 100_000).at(-1)).toBe(100_000 + EVENTS)
  expect(written().filter(({ rule }) => rule === 'spool_dropped').length).toBeGreaterThan(0)
})

it.each([
  ['spool: {policy: never}', /policy is none of drop-oldest, block/],
  ['spool: {maxBytes: 5}', /maxBytes is no number/],
  ['spool: {size: 5}', /size is no option/],
])('refuses a source with %s', (option, why) => {
  const text = `sources: [{type: stdin, ${option}}]\noutput: {type: stdout}\n`
  expect(() => parseAgentConfig(text, 'a')).toThrow(expect.objectContaining({ why: expect.stringMatching(why) }))
})
