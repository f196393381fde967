import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { parseAgentConfig } from '../agent-config.ts'
import { runAgent } from '../run-agent.ts'

const PAGE = readFileSync(fileURLToPath(new URL('../../../../docs/reference/agent.md', import.meta.url)), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'podwitness-measures-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Names of the table as patterns; words in capitals stand for a part that differs. */
function documented(): RegExp[] {
  const rows = PAGE.slice(PAGE.indexOf('behind `podwitness_agent_`'), PAGE.indexOf('## What is counted as lost'))
    .split('\n')
    .slice(2)
  return rows.flatMap((row) => {
    const names = [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    const begin = /^.*?_(?:SOURCE|LANE)_/.exec(names[0] ?? '')?.[0] ?? ''
    return names.map(
      (name) =>
        new RegExp(
          `^${name
            .replace('…_', begin)
            .replaceAll('.', '\\.')
            .replaceAll(/[A-Z]+/g, '.+?')}$`,
        ),
    )
  })
}

it('counts under documented names', async () => {
  const text = `state: ${folder}/state\nsources: [{type: stdin}, {type: auditLog, path: ${folder}/audit.log}]
output: {type: file, path: ${folder}/out.ndjson}\nhealth: {port: 0, probe: true, heartbeatSeconds: 1}\ncontainers: {cri: "off", proc: /nowhere}\n`
  const stop = new AbortController()
  const input = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('no record\n')
  }
  const running = runAgent(parseAgentConfig(text, 'a'), { signal: stop.signal, input, write: async () => {}, say: () => {} })
  const beats = (): { counters: Record<string, number> }[] =>
    readFileSync(join(folder, 'out.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind":"heartbeat"'))
      .map((line) => JSON.parse(line))
  await expect.poll(() => beats().length, { timeout: 15_000 }).toBeGreaterThan(1)
  stop.abort()
  await running
  const names = Object.keys(beats().at(-1)?.counters ?? {})
  const patterns = documented()
  expect(names.filter((name) => !patterns.some((pattern) => pattern.test(name)))).toEqual([])
  const unused = patterns.filter((pattern) => !names.some((name) => pattern.test(name)))
  expect(unused.filter(({ source }) => !/kernel_audit|left_out/.test(source))).toEqual([])
})
