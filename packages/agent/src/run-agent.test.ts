import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { createDecoder } from '@podwitness/audit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAgentConfig } from './agent-config.ts'
import { runAgent } from './run-agent.ts'

const RECORDING = fileURLToPath(new URL('../../../recordings/dev/', import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Line {
  kind: string
  raw?: string
  hop?: string
  count?: number
}

const configOf = (lines: string): ReturnType<typeof parseAgentConfig> =>
  parseAgentConfig(
    `state: ${folder}/state\nhealth: {port: 0}\noutput: {type: file, path: ${folder}/out.ndjson}\n${lines}`,
    'agent.yaml',
  )

const written = (): Line[] =>
  readFileSync(join(folder, 'out.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

const recorded = (name: string): NodeJS.ReadableStream & AsyncIterable<Buffer> =>
  createReadStream(join(RECORDING, name)).pipe(createGunzip())

it('ships every event of a recorded log once, with its bytes, and says which serials are missing', async () => {
  const expected = new Map<string, string>()
  const decoder = createDecoder({ onEvent: (event) => expected.set(event.serial, event.raw().toString()) })
  for await (const chunk of recorded('audit.log.gz')) decoder.push(chunk)
  decoder.end()
  await runAgent(configOf('sources: [{type: stdin}]'), {
    signal: new AbortController().signal,
    input: () => recorded('audit.log.gz'),
    write: async () => {},
    say: () => {},
  })
  const lines = written()
  const events = lines.filter(({ kind }) => kind === 'audit')
  expect(events.length).toBeGreaterThan(12_000)
  const serials = events.map(({ raw = '' }) => /audit\(([^)]+)\)/.exec(raw)?.[1] ?? '')
  expect(new Set(serials).size).toBe(events.length)
  expect(new Map(serials.map((serial, index) => [serial, events[index]?.raw]))).toEqual(expected)
  const lost = lines.filter(({ hop }) => hop === 'sequence').reduce((sum, { count = 0 }) => sum + count, 0)
  expect(lost).toBe(decoder.counters.gaps)
})

it('stops when it is asked to, and keeps on disk what was not sent', async () => {
  const stop = new AbortController()
  const said: string[] = []
  const running = runAgent(
    parseAgentConfig(
      `state: ${folder}/state\nsources: [{type: stdin}]\noutput: {type: syslog, host: 127.0.0.1, port: 1}\nhealth: {port: 0}`,
      'agent.yaml',
    ),
    { signal: stop.signal, input: () => recorded('audit.log.gz'), write: async () => {}, say: (text) => said.push(text) },
  )
  await expect.poll(() => said.some((text) => text.includes('takes nothing')), { timeout: 10_000 }).toBe(true)
  stop.abort()
  await running
  await runAgent(configOf('sources: [{type: stdin}]'), {
    signal: new AbortController().signal,
    input: async function* () {},
    write: async () => {},
    say: () => {},
  })
  const kept = written().filter(({ kind }) => kind === 'audit')
  expect(kept.length).toBeGreaterThan(100)
  expect(new Set(kept.map(({ raw }) => raw)).size).toBe(kept.length)
})

it('ends although its disk takes nothing any more', async () => {
  const stop = new AbortController()
  const said: string[] = []
  const text = `state: ${folder}/state
sources: [{type: stdin}]
spool: {policy: block, maxBytes: 1048576}
output: {type: syslog, host: 127.0.0.1, port: 1}
containers: {cri: "off"}
health: {port: 0, heartbeatSeconds: 1}
`
  const config = parseAgentConfig(text, 'agent.yaml')
  const input = () => recorded('audit.log.gz')
  const running = runAgent(config, { signal: stop.signal, input, write: async () => {}, say: (words) => said.push(words) })
  await expect.poll(() => said.some((words) => words.includes('takes nothing')), { timeout: 10_000 }).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  stop.abort()
  await running
  expect(said.join()).not.toContain('could not be kept')
})
