import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-batch-'))
const data = join(folder, 'nothing-here')
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal()
  const exit = await run(['query', ...args, '--data', data], terminal)
  return { exit, ...recorded }
}

it('answers a question about itself where there is no data, and leaves nothing behind', async () => {
  // A temporary folder of its own: other suites put theirs into the common one meanwhile.
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
  const {
    exit,
    data: text,
    talk,
  } = await ask('--lang', 'kql', '--format', 'json', 'range x from 1 to 3 step 1 | extend y = x * 2')
  expect([exit, JSON.parse(text)]).toEqual([
    0,
    expect.objectContaining({
      rows: [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
    }),
  ])
  expect(talk).toContain('There is no data')
  expect(existsSync(data)).toBe(false)
  expect(readdirSync(temporary)).toEqual([])
})

it('refuses a question about data where there is none', async () => {
  expect(await ask('--lang', 'sls', '*')).toMatchObject({ exit: 1, data: '', talk: expect.stringContaining('PW-CL-004') })
})

it('answers a file of questions line by line, the wrong ones too', async () => {
  const path = join(folder, 'questions.jsonl')
  const lines = [
    { id: 'one', query: 'print a = 1' },
    { id: 2, query: 'print b = nonsense(' },
    { id: 'none' },
    { id: 'last', query: 'print c = "x"' },
  ]
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n`)
  const { exit, data: text } = await ask('--lang', 'kql', '--batch', path)
  const answers = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(exit).toBe(1)
  expect(answers).toMatchObject([
    { id: 'one', columns: [{ name: 'a' }], rows: [[1]] },
    { id: 2, error: { code: 'PW-QY-003' } },
    { id: 'none', error: { code: 'PW-CL-001' } },
    { id: 'last', rows: [['x']] },
    { id: null, error: { code: 'PW-CL-001' } },
  ])
})

it('says what is missing where neither a query nor a file is given', async () => {
  expect(await ask()).toMatchObject({ exit: 2, talk: expect.stringContaining('There is no question') })
})
