import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMachine, uninstallNode } from '@podwitness/agent'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../packages/cli/src/run.ts'
import { testTerminal } from '../../packages/cli/testdata/test-terminal.ts'
import { auditPid, endAuditd, kernelRules, kernelSettings, smallRoot, treeOf, until } from './node-lab.ts'

const NODE = ['/etc/audit', '/var/lib/podwitness']
const LOADED_EXECVE = [
  '-a always,exit -F arch=b64 -S execve -F key=procmon',
  '-a always,exit -F arch=b32 -S execve -F key=procmon',
]
let before: { tree: string[]; rules: string[]; settings: string[] }

beforeAll(async () => {
  await endAuditd()
  before = { tree: treeOf(...NODE), rules: kernelRules(), settings: kernelSettings() }
})

afterEach(async () => {
  await uninstallNode(openMachine()).catch(() => {}) // The test may have done that.
  await endAuditd()
  restoreSyslogFile()
  expect(treeOf(...NODE)).toEqual(before.tree)
  expect(kernelRules()).toEqual(before.rules)
  for (const line of before.settings) {
    const option = ({ enabled: '-e', backlog_limit: '-b' } as Record<string, string>)[line.split(' ')[0] ?? '']
    if (option !== undefined) execFileSync('auditctl', [option, line.split(' ')[1] ?? ''])
  }
})

/** The script of `node script` keeps no backup of a package's file: it is put back as it was. */
function restoreSyslogFile(): void {
  const path = '/etc/audit/plugins.d/syslog.conf'
  const [, , , mtimeMs, content] = before.tree.find((line) => line.startsWith(`${path} `))?.split(' ') ?? []
  if (existsSync(path) || content === undefined) return
  writeFileSync(path, Buffer.from(content, 'base64'), { mode: 0o640 })
  utimesSync(path, Number(mtimeMs) / 1000, Number(mtimeMs) / 1000)
}

async function node(...args: string[]) {
  const { terminal, recorded } = testTerminal()
  const exit = await run(['node', ...args], terminal)
  return { exit, ...recorded }
}

describe('on this machine', () => {
  it('applies, tells its state, and undoes it', async () => {
    expect((await node('status')).exit).toBe(1)
    const applied = await node('apply', '--no-install')
    expect(applied.data).toContain('in force: read back from the kernel and equal')
    expect(applied.exit).toBe(0)
    expect(kernelRules()).toEqual([...before.rules, ...LOADED_EXECVE])
    expect((await node('status')).exit).toBe(0)
    expect((await node('plan')).data).toBe('')
    const { data } = await node('doctor', '--json')
    const checks = data
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(checks.filter(({ verdict }) => verdict === 'bad')).toEqual([])
    expect(checks.find(({ id, verdict }) => id === 'rules' && verdict === 'ok')?.text).toContain('2 of 2')
    expect((await node('uninstall')).exit).toBe(0)
    expect((await node('uninstall')).talk).toContain('PW-ND-011')
  })

  it('refuses nonsense in words', async () => {
    expect((await node('apply', '--pack', 'nosuch')).talk).toContain('PW-ND-014')
    expect((await node('apply', '--root', '/proc/1/fd')).talk).toContain('PW-ND-012')
    expect((await node('rollback')).talk).toContain('PW-ND-011')
    const missing = await node('apply', '--no-install', '--config', '/nonexistent')
    expect([missing.exit, missing.data.includes('PW-ND-007')]).toEqual([1, true])
  })

  it('says who may ask the kernel', () => {
    const program = join(import.meta.dirname, '../../packages/cli/bin/podwitness.mjs')
    const command = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, program, 'node', 'status']
    const { status, stdout } = spawnSync('setpriv', command, { encoding: 'utf8' })
    expect([status, stdout.includes('PW-ND-005')]).toEqual([4, true])
  })

  it('prints a script that does the same, and can be run again', async () => {
    const { data: script } = await node('script', '--pack', 'procmon,audit-tampering', '--syslog', 'authpriv')
    for (let round = 0; round < 2; round++) {
      const { status, stderr } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' })
      expect([round, status, stderr]).toEqual([round, 0, 'podwitness: auditing is set up\n'])
    }
    expect(readFileSync('/etc/audit/plugins.d/syslog.conf', 'utf8')).toContain('args = LOG_INFO LOG_AUTHPRIV')
    expect((await node('status', '--pack', 'procmon,audit-tampering', '--syslog', 'authpriv', '--json')).data).toContain(
      '"condition":"in-force"',
    )
    expect((await node('uninstall')).exit).toBe(0)
  })
})

describe('on a mounted root', () => {
  it('works through chroot: files there, rules in the kernel, nothing here', async () => {
    const root = smallRoot()
    const daemon = spawn('auditd', ['-n'], { stdio: 'ignore' })
    try {
      await until('auditd takes the records', () => auditPid() === daemon.pid)
      const clean = treeOf(root)
      const applied = await node('apply', '--root', root, '--no-install', '--pack', 'procmon,identity', '--json')
      const report = JSON.parse(applied.data)
      expect([applied.exit, report.condition, report.taker]).toEqual([0, 'in-force', 'auditd'])
      // Only what exists in that root is watched, and the path is that root's own.
      expect(kernelRules()).toEqual([
        ...before.rules,
        ...LOADED_EXECVE,
        ...['passwd', 'shadow', 'group', 'gshadow', 'sudoers'].map((name) => `-w /etc/${name} -p wa -k identity`),
      ])
      expect(readFileSync(join(root, 'etc/audit/rules.d/20-identity.rules'), 'utf8')).toContain(
        '# not on this node: -a always,exit -F dir=/etc/pam.d',
      )
      expect(treeOf(...NODE)).toEqual(before.tree)
      expect((await node('uninstall', '--root', root)).exit).toBe(0)
      expect(treeOf(root)).toEqual(clean)
    } finally {
      daemon.kill()
      await until('auditd is gone', () => auditPid() === 0)
      rmSync(root, { recursive: true })
    }
  })
})

describe('syslog', () => {
  it.each([
    ['user', 14],
    ['authpriv', 86],
    ['local3', 158],
  ])('records reach facility %s at level info', async (facility, priority) => {
    const folder = mkdtempSync(join(tmpdir(), 'podwitness-live-'))
    const [out, config, hadSocket] = [join(folder, 'out'), join(folder, 'rsyslog.conf'), existsSync('/dev/log')]
    writeFileSync(
      config,
      `module(load="imuxsock")\ntemplate(name="p" type="string" string="%pri% %programname% %msg%\\n")\n*.* action(type="omfile" file="${out}" template="p")\n`,
    )
    const rsyslog = spawn('rsyslogd', ['-n', '-f', config, '-i', join(folder, 'pid')], { stdio: 'ignore' })
    try {
      await until('rsyslog listens', () => existsSync('/dev/log'))
      expect((await node('apply', '--no-install', '--pack', 'procmon', '--syslog', facility)).exit).toBe(0)
      execFileSync('true', [`podwitness-${facility}`])
      await until('the record is there', () => existsSync(out) && readFileSync(out, 'utf8').includes(`podwitness-${facility}`))
      const line =
        readFileSync(out, 'utf8')
          .split('\n')
          .find((each) => each.includes(`podwitness-${facility}`)) ?? ''
      expect(line).toMatch(new RegExp(`^${priority} audisp(d|-syslog) .*type=EXECVE msg=audit`))
    } finally {
      rsyslog.kill()
      await until('rsyslog is gone', () => rsyslog.exitCode !== null || rsyslog.signalCode !== null)
      if (!hadSocket) rmSync('/dev/log', { force: true })
      rmSync(folder, { recursive: true })
    }
  })
})
