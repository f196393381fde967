import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { applyNode } from './apply-node.ts'
import { stateOf } from './desired-state.ts'
import { type Machine, openMachine } from './machine.ts'

const PLUGINS = { 'af_unix.conf': 'builtin_af_unix', 'syslog.conf': 'builtin_syslog' }

/**
 * A node whose auditd is upgraded while it is kept: a fake, by the forms that each version reads (goldens of auditd 2.8.5 and
 * 4.0.5, which this machine's Debian does not have). Sources: audit-userspace, ChangeLog and audisp/plugins of each release.
 */
it('writes plugin files in the form of the auditd that is there now, each time it has changed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'podwitness-node-'))
  mkdirSync(join(root, 'etc/audit/rules.d'), { recursive: true })
  let version = ''
  const answers = (option = ''): string | undefined =>
    ({
      '-v': `auditctl version ${version}\n`,
      '-s': 'enabled 1\nfailure 1\npid 0\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n',
      '-l': 'No rules\n',
    })[option]
  const machine: Machine = {
    ...openMachine(root, 'direct'),
    run: async (_command, [option]) => ({
      code: answers(option) === undefined ? 1 : 0,
      stdout: answers(option) ?? '',
      stderr: '',
    }),
  }
  const text = (path: string): string =>
    `active = yes\ndirection = out\npath = ${path}\ntype = builtin\nargs = ${path.endsWith('x') ? '0640 /run/x' : 'LOG_INFO'}\nformat = string\n`
  const files = Object.entries(PLUGINS).map(([name, path]) => ({ kind: 'plugin' as const, name, text: text(path), source: name }))
  const told: unknown[] = []
  for (const next of ['3.0.9', '3.1.5', '4.0.5', '2.8.5']) {
    version = next
    const folder = next === '2.8.5' ? 'etc/audisp/plugins.d' : 'etc/audit/plugins.d'
    mkdirSync(join(root, folder), { recursive: true })
    await applyNode(machine, { desired: stateOf(files), install: 'never', daemon: 'leave' })
    const lines = Object.keys(PLUGINS).flatMap((name) => readFileSync(join(root, folder, name), 'utf8').split('\n'))
    told.push([
      next,
      ...lines.filter((line) => /^(path|type|args|format) /.test(line)).map((line) => line.replace(/^\w+ = /, '')),
    ])
  }
  rmSync(root, { recursive: true })
  const socket = '0640 /run/x'
  expect(told).toEqual([
    ['3.0.9', 'builtin_af_unix', 'builtin', socket, 'string', '/sbin/audisp-syslog', 'always', 'LOG_INFO', 'string'],
    ['3.1.5', '/sbin/audisp-af_unix', 'always', socket, 'string', '/sbin/audisp-syslog', 'always', 'LOG_INFO', 'string'],
    [
      '4.0.5',
      '/sbin/audisp-af_unix',
      'always',
      `${socket} string`,
      'binary',
      '/sbin/audisp-syslog',
      'always',
      'LOG_INFO',
      'string',
    ],
    ['2.8.5', 'builtin_af_unix', 'builtin', socket, 'string', 'builtin_syslog', 'builtin', 'LOG_INFO', 'string'],
  ])
})
