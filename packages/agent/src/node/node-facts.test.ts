import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installSteps, offlineSteps } from './install-audit.ts'
import { type Machine, openMachine } from './machine.ts'
import { readFacts } from './node-facts.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'podwitness-node-'))
  mkdirSync(join(root, 'etc'))
})

afterEach(() => rmSync(root, { recursive: true }))

/** A node's root with some files; its auditctl says a version. A fake: there is one version of auditd on this machine. */
function fakeNode(files: Readonly<Record<string, string>>, version: string): Machine {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const result =
    version === ''
      ? { code: 127, stdout: '', stderr: 'not found' }
      : { code: 0, stdout: `auditctl version ${version}\n`, stderr: '' }
  return { ...openMachine(root, 'direct'), run: async () => result }
}

const release = (id: string, version: string) => ({
  'etc/os-release': `NAME="A name"\nID=${id}\nVERSION_ID="${version}"\nPRETTY_NAME='${id} ${version}'\n`,
})

describe('what a node is', () => {
  it.each([
    ['Debian 12', { ...release('debian', '12'), 'usr/bin/apt-get': '' }, '3.0.9', 'apt-get', 'none', '/etc/audit/plugins.d'],
    [
      'Ubuntu 18.04',
      { ...release('ubuntu', '18.04'), 'usr/bin/apt-get': '', 'run/systemd/system/x': '' },
      '2.8.2',
      'apt-get',
      'systemd',
      '/etc/audisp/plugins.d',
    ],
    [
      'Azure Linux 3',
      { ...release('azurelinux', '3.0'), 'usr/bin/tdnf': '', 'usr/bin/dnf': '', 'run/systemd/system/x': '' },
      '3.1.2',
      'tdnf',
      'systemd',
      '/etc/audit/plugins.d',
    ],
    ['SLES', { ...release('sles', '15.6'), 'usr/bin/zypper': '' }, '', 'zypper', 'none', '/etc/audit/plugins.d'],
    ['Flatcar, read-only', { ...release('flatcar', '4000'), 'usr/bin/apt-get': '' }, '', null, 'none', '/etc/audit/plugins.d'],
    ['nothing known', {}, '', null, 'none', '/etc/audit/plugins.d'],
  ] as const)('%s', async (_name, files, version, packageTool, serviceManager, pluginFolder) => {
    const facts = await readFacts(fakeNode(files, version))
    expect(facts).toMatchObject({ packageTool, serviceManager, pluginFolder })
    expect(facts.auditVersion?.text ?? '').toBe(version)
  })

  it('installs by the tool of the system, or from files', async () => {
    const facts = await readFacts(fakeNode({ 'usr/bin/tdnf': '' }, ''))
    expect(installSteps(facts).map(({ command, args }) => [command, ...args])).toEqual([['tdnf', 'install', '-y', 'audit']])
    expect(offlineSteps(facts, ['/a.rpm']).map(({ command, args }) => [command, ...args])).toEqual([
      ['rpm', '-U', '--replacepkgs', '/a.rpm'],
    ])
    const debian = { ...facts, packageTool: 'apt-get' as const }
    expect(installSteps(debian, true).at(-1)?.args).toContain('audispd-plugins')
    expect(offlineSteps(debian, [])).toEqual([])
    expect(installSteps({ ...facts, packageTool: null })).toEqual([])
  })
})

describe('paths of a mounted root', () => {
  it('follows links as the node does, and never leaves the root', () => {
    mkdirSync(join(root, 'var/opt/audit/log'), { recursive: true })
    symlinkSync('/var/opt/audit', join(root, 'var/audit'))
    symlinkSync('../../../../../../../etc', join(root, 'var/up'))
    symlinkSync('/loop', join(root, 'loop'))
    const machine = openMachine(root, 'direct')
    expect(machine.path('/var/audit/log')).toBe(join(root, 'var/opt/audit/log'))
    expect(machine.path('/var/up/passwd')).toBe(join(root, 'etc/passwd'))
    expect(machine.path('/../../etc')).toBe(join(root, 'etc'))
    expect(machine.path('/loop').startsWith(root)).toBe(true)
  })

  it('says how a command gets there', () => {
    expect(openMachine(root).commandText('auditctl', ['-a', 'a b'])).toBe(`chroot ${root} auditctl -a 'a b'`)
    expect(openMachine('/').commandText('auditctl', ['-l'])).toBe('auditctl -l')
    expect(openMachine(root, 'nsenter').commandText('ls', [])).toContain('nsenter --target 1 --mount')
  })

  it('never takes a way in that failed for a node without auditd', async () => {
    const machine = openMachine(root, 'chroot')
    expect((await machine.run('auditctl', ['-v'])).code).toBe(127) // Entered, and it is not there.
    rmSync(root, { recursive: true })
    await expect(readFacts(machine)).rejects.toMatchObject({ code: 'PW-ND-020' })
    mkdirSync(root)
  })

  it('ends a command that takes too long, and tells one that is missing', async () => {
    const machine = openMachine('/', 'direct')
    expect((await machine.run('sleep', ['9'], { timeoutMs: 50 })).code).toBe(124)
    expect((await machine.run('no-such-command', [])).code).toBe(127)
    writeFileSync(join(root, 'exit3'), '#!/bin/sh\nexit 3\n')
    chmodSync(join(root, 'exit3'), 0o755)
    expect((await machine.run(join(root, 'exit3'), [])).code).toBe(3)
  })
})
