import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal({})
  return { exit: await run(['snippets', ...args], terminal), ...recorded }
}

it.each(['rsyslog', 'syslog-ng', 'fluent-bit', 'otel'])('writes %s with its host and authority, and no secret', async (name) => {
  const { exit, data } = await ask(name, '--host', 'w.example', '--ca', '/x/ca.crt', '--facility', 'auth')
  expect(exit).toBe(0)
  expect(data).toContain('w.example')
  expect(data).toContain('/x/ca.crt')
  if (name.includes('syslog')) expect(data).toContain('auth')
  else expect(data).toContain('PODWITNESS_TOKEN')
})

it('writes a collector configuration that is YAML', async () => {
  const { data } = await ask('otel', '--host', 'w.example')
  expect(parse(data)).toMatchObject({ exporters: { 'otlphttp/podwitness': { logs_endpoint: 'https://w.example:7273/v1/logs' } } })
})

it('needs to know where to', async () => {
  expect((await ask('rsyslog')).exit).toBe(2)
})
