import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-alert-cli-'))
const SHIPPED = fileURLToPath(new URL('../../../../rules/ack-container-audit.yaml', import.meta.url))
let server: Store

/** The commands ask its engine, and start none of their own. */
beforeAll(async () => {
  server = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal()
  const exit = await run([...args, '--data', join(folder, 'data')], terminal)
  return { exit, ...recorded }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

it('finds faults of rules with file, line and column, and what may have been meant', async () => {
  const path = file(
    'rules.yaml',
    "id: a\nserverity: high\ncheck: 1x\nquery:\n  lang: sls\n  text: |-\n    k8s.user.usernam: x\n---\nid: a\nseverity: hihg\nquery: {lang: sql, text: 'SELECT 1'}\n",
  )
  const { exit, data } = await ask('rules', 'lint', path)
  expect(exit).toBe(1)
  expect(data).toContain(`${path}:2:1 "serverity" is no key here. Did you mean severity?`)
  expect(data).toContain(`${path}:3:8 "1x" is no interval`)
  expect(data).toContain('Did you mean k8s.user.username?')
  expect(data).toMatch(/:7:\d+ /)
  expect(data).toContain('Did you mean high?')
  expect(data).toContain(':9:1 The identifier "a" is used twice.')
})

it('closes the block of a template that was never closed', async () => {
  const path = file('template.txt', '- a {% if x -%} - b:{{ x }} {% else -%} - b:{{ y }} - c')
  const lint = await ask('rules', 'lint', '--template', path)
  expect([lint.exit, lint.data]).toEqual([1, expect.stringContaining(':1:5 {% if %} is never closed')])
  expect((await ask('rules', 'lint', '--repair', path)).data).toContain('{{ y }} {% endif -%} - c')
})

it('saves, lists, tries and removes rules; adds and tests channels; silences', async () => {
  expect(await ask('rules', 'apply', SHIPPED)).toMatchObject({
    exit: 0,
    data: 'ack-container-enter\nack-container-run-danger-cmd\n',
  })
  const { data } = await ask('rules', 'list', '--json')
  expect(JSON.parse(data.split('\n')[0] ?? '')).toMatchObject({
    ...{ id: 'ack-container-enter', severity: 'report', check: '1m', cannotFire: 'cannot fire: no audit log of the API server' },
  })
  expect(await ask('rules', 'test', 'ack-container-enter')).toMatchObject({
    exit: 1,
    talk: expect.stringContaining('cannot fire'),
  })
  expect(JSON.parse((await ask('rules', 'preview', SHIPPED, '--json')).data)).toMatchObject({ alerts: 0, rows: 0 })
  expect((await ask('rules', 'remove', 'ack-container-enter')).exit).toBe(0)
  expect(await ask('rules', 'remove', 'nope')).toMatchObject({ exit: 1, talk: expect.stringContaining('PW-AL-005') })
  const add = ['channels', 'add', 'w', '--type', 'webhook', '--option', 'url=http://127.0.0.1:9/']
  expect((await ask(...add)).exit).toBe(0)
  expect(await ask(...add)).toMatchObject({ exit: 2, talk: expect.stringContaining('PW-AL-006') })
  expect(await ask('channels', 'test', 'w')).toMatchObject({ exit: 1, data: expect.stringContaining('PW-AL-004') })
  expect((await ask('channels', 'list', '--json')).data).toContain('"url":"***"')
  expect((await ask('alerts', 'silence', '--for', '1h', '--reason', 'works')).exit).toBe(0)
  expect((await ask('alerts', 'list')).exit).toBe(0)
  expect(await ask('alerts', 'ack', 'nope')).toMatchObject({ exit: 1, talk: expect.stringContaining('PW-AL-005') })
})

it('makes rules of Sigma rules, and refuses in words what it cannot ask', async () => {
  const head = 'title: Way out\nlevel: high\nlogsource: {product: linux, category: process_creation}\n'
  const path = file(
    'sigma.yml',
    `${head}detection: {s: {Image|endswith: /nsenter}, condition: s}\n---\n${head.replace('linux', 'windows')}detection: {s: {a: b}, condition: s}\n`,
  )
  const printed = await ask('rules', 'import', '--sigma', path, '--print')
  expect(printed).toMatchObject({ exit: 1, talk: expect.stringContaining('Way out was refused: There is no evidence of') })
  expect((await ask('rules', 'lint', file('made.yaml', printed.data))).exit).toBe(0)
  expect(await ask('rules', 'import', '--sigma', path, '--off')).toMatchObject({ exit: 1, data: 'sigma-way-out\n' })
  expect((await ask('rules', 'list', '--json')).data).toMatch(/"id":"sigma-way-out".*"enabled":false/)
})
