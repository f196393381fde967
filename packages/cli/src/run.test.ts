import { expect, it } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { run } from './run.ts'
import { PipeClosed } from './terminal.ts'

async function runArgs(args: readonly string[], given = {}) {
  const { terminal, recorded } = testTerminal(given)
  return { exit: await run(args, terminal), ...recorded }
}

it.each([
  [['sesions'], 'Did you mean sessions?', 'PW-CL-001'],
  [['sessions', '--usr', 'a'], 'Did you mean --user?', 'PW-CL-001'],
  [['sessions', '--confidence', 'sure'], '"sure" is none of proven, matched, ambiguous, none.', 'PW-CL-001'],
  [['sessions', '--entry', 'exec,door'], '"door" is none of', 'PW-CL-001'],
  [['sessions', '--risk', 'huge'], 'Allowed choices are report, low, medium, high, critical', 'PW-CL-001'],
  [['sessions', '--since', 'yesterday'], '"yesterday" is no time', 'PW-CL-001'],
  [['sessions', '--since', '1h', '--from', '2h'], 'cannot be used with', 'PW-CL-001'],
  [['sessions', '--limit', '0'], 'a whole number from 1', 'PW-CL-001'],
  [['sessions', '--commands'], '--commands needs --json', 'PW-CL-001'],
  [['sessions', 'show'], "Missing required argument 'id'", 'PW-CL-001'],
  [['serve', '--listen', 'nowhere'], '127.0.0.1:7070', 'PW-CL-001'],
  [['query', 'select 1', '--format', 'xml'], 'Allowed choices are table, json, ndjson, csv, chart', 'PW-CL-001'],
  [['retention', '--days', '0'], '1 to 36500', 'PW-CL-001'],
  [['import'], "Missing required argument 'path'", 'PW-CL-001'],
  [['explain', 'PW-XX-1'], 'There is no error code PW-XX-1', 'PW-CL-003'],
])('usage: %j exits 2 and says %s', async (args, words, code) => {
  const { exit, data, talk } = await runArgs(args)
  expect([exit, data]).toEqual([2, ''])
  expect(talk).toContain(words)
  expect(talk).toContain(`code ${code}`)
})

it('says on the error stream what there is where no command is given', async () => {
  const { exit, data, talk } = await runArgs([])
  expect([exit, data]).toEqual([2, ''])
  expect(talk).toContain('sessions')
})

it.each([
  [['version'], /^podwitness \d+\.\d+\.\d+\n$/],
  [['explain', 'pw-st-012'], /^PW-ST-012 {2}The disk is full\n {2}why/],
  [['explain'], /PW-CL-001 {2}The command line is wrong\n/],
  [['--help'], /Exit codes: 0 ok/],
  [['sessions', 'list', '--help'], /--confidence <words>[\s\S]*--data <folder>/],
  [['help', 'query'], /--lang <language>/],
])('%j writes data and exits 0', async (args, words) => {
  const { exit, data, talk } = await runArgs(args)
  expect([exit, talk]).toEqual([0, ''])
  expect(data).toMatch(words)
})

it.each([['sessions'], ['query', 'select 1'], ['retention']])('%s names a folder that holds nothing', async (...args) => {
  const { exit, talk } = await runArgs([...args, '--data', '/nonexistent/podwitness'])
  expect(exit).toBe(1)
  expect(talk).toContain('There is no data in /nonexistent/podwitness.')
  expect(talk).toContain('code PW-CL-004')
})

it('takes a reader that goes away for the end of the work', async () => {
  const write = () => Promise.reject(new PipeClosed('gone'))
  expect(await runArgs(['explain'], { write })).toEqual({ exit: 0, data: '', talk: '' })
})

it('cannot reach a server that is not there', async () => {
  const { exit, talk } = await runArgs(['sessions', '--store', 'http://127.0.0.1:9'])
  expect(exit).toBe(3)
  expect(talk).toContain('code PW-ST-010')
})

it('shows what a fault of our own leaves behind, and exits 1', async () => {
  const write = () => Promise.reject(new TypeError('x is not \u001b[31mred'))
  const { exit, talk } = await runArgs(['version'], { write })
  expect(exit).toBe(1)
  expect(talk).toContain('x is not \\x1b[31mred')
  expect(talk).toContain('PW-CL-009')
})
