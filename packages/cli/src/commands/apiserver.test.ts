import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIntake } from '@podwitness/server'
import { openStore } from '@podwitness/store'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-apiserver-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal({})
  const exit = await run([...args, '--data', folder], terminal)
  return { exit, ...recorded }
}

it.each(['kubeadm', 'k3s', 'rke2', 'kind'])(
  'plans %s: every flag, in YAML that parses, and files only their owner reads',
  async (distro) => {
    const out = join(folder, distro)
    const { exit, data } = await ask(
      'apiserver',
      'plan',
      '--distro',
      distro,
      '--server',
      'https://w.example:7273/',
      '--cluster',
      'c',
      '--out',
      out,
    )
    expect(exit).toBe(0)
    const plan: unknown = parse(data)
    for (const flag of ['audit-policy-file', 'audit-webhook-config-file', 'audit-log-path'])
      expect(JSON.stringify(plan)).toContain(flag)
    expect(parse(readFileSync(join(out, 'policy.yaml'), 'utf8'))).toMatchObject({ kind: 'Policy' })
    const webhook = parse(readFileSync(join(out, 'webhook.yaml'), 'utf8')) as { clusters: unknown }
    expect(webhook.clusters).toMatchObject([{ cluster: { server: 'https://w.example:7273/intake/v1/apiserver/c' } }])
    expect(statSync(join(out, 'webhook.yaml')).mode & 0o777).toBe(0o600)
  },
)

it('says what a managed cluster offers instead, and makes no token for it', async () => {
  const before = (await ask('tokens', 'list', '--json')).data
  const { exit, data } = await ask('apiserver', 'plan', '--distro', 'managed', '--server', 'https://w.example:7273')
  expect(exit).toBe(0)
  expect(data).toContain('podwitness import')
  expect((await ask('tokens', 'list', '--json')).data).toBe(before)
})

it('checks the way to a running intake, and says why it does not work', async () => {
  const store = await openStore({ dataDir: folder, role: 'server' })
  const intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const out = join(folder, 'live')
  await ask('apiserver', 'plan', '--server', `https://127.0.0.1:${intake.port}`, '--cluster', 'live', '--out', out)
  const file = join(out, 'webhook.yaml')
  const good = await ask('apiserver', 'check', file, '--json')
  expect(good.exit).toBe(0)
  expect(
    good.data
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { ok: boolean }).ok),
  ).toEqual([true, true, true, true])
  const token = intake.parts.tokens.list().findLast(({ cluster }) => cluster === 'live')
  await ask('tokens', 'revoke', token?.id ?? '')
  const revoked = await ask('apiserver', 'check', file)
  expect([revoked.exit, revoked.data]).toEqual([1, expect.stringContaining('PW-IN-001')])
  await intake.close()
  await store.close()
  const gone = await ask('apiserver', 'check', file)
  expect([gone.exit, gone.data]).toEqual([1, expect.stringContaining('nothing listens there')])
  expect((await ask('apiserver', 'check', join(out, 'policy.yaml'))).exit).toBe(1)
})
