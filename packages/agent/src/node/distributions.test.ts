import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { applyNode } from './apply-node.ts'
import { stateOf } from './desired-state.ts'
import { examineNode } from './examine-node.ts'
import { type Machine, openMachine } from './machine.ts'
import { planNode } from './plan-node.ts'
import { socketPluginText } from './plugin-file.ts'
import { syslogPluginText } from './syslog-plugin.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'podwitness-node-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A tree of a distribution: its os-release and package tool, and how its audit is packed. */
interface Tree {
  readonly id: string
  readonly release: string
  readonly tool: string
  /** Version that its package brings; empty where it has none. */
  readonly brings: string
  /** Whether the package brings the syslog program, or one of its own does. */
  readonly syslog?: 'with audit' | 'apart'
  readonly files?: readonly string[]
}

const STATUS = 'enabled 1\nfailure 1\npid 0\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n'

/** The tree as a machine: a fake, whose package tool brings what the distribution's would. It has no rules. */
function machineOf(tree: Tree, installed: boolean): { machine: Machine; ran: string[] } {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const folder = tree.brings.startsWith('2') ? 'etc/audisp/plugins.d' : 'etc/audit/plugins.d'
  const bring = (): void => {
    put(`${folder}/.keep`, '')
    if (tree.syslog === 'with audit') put('sbin/audisp-syslog', '')
  }
  put('etc/os-release', `ID=${tree.id}\nVERSION_ID="${tree.release}"\nPRETTY_NAME="${tree.id} ${tree.release}"\n`)
  if (tree.tool !== '') put(`usr/bin/${tree.tool}`, '')
  for (const path of tree.files ?? []) put(path, '')
  let there = installed
  if (there) bring()
  const ran: string[] = []
  const answer = (command: string, args: readonly string[]): string | undefined => {
    if (command === 'auditctl' && !there) return undefined
    if (command !== 'auditctl') {
      ran.push([command, ...args].join(' '))
      if (args.at(-1) === 'audit' || args.at(-1) === 'auditd') {
        there = true
        bring()
      }
      if (args.at(-1)?.endsWith('plugins') === true) put('sbin/audisp-syslog', '')
      return ''
    }
    if (args[0] === '-v') return `auditctl version ${tree.brings}\n`
    if (args[0] === '-s') return STATUS
    return args[0] === '-l' ? 'No rules\n' : ''
  }
  const machine: Machine = {
    ...openMachine(root, 'direct'),
    run: async (command, args) => {
      const stdout = answer(command, args)
      return stdout === undefined ? { code: 127, stdout: '', stderr: 'not found' } : { code: 0, stdout, stderr: '' }
    },
  }
  return { machine, ran }
}

const plugin = (name: string, text: string) => ({ kind: 'plugin' as const, name, text, source: name })
const DESIRED = stateOf([plugin('syslog.conf', syslogPluginText('authpriv')), plugin('af_unix.conf', socketPluginText())])

const TWO = ['/etc/audisp/plugins.d', 'builtin_syslog builtin', 'builtin_af_unix builtin string']
const THREE = ['/etc/audit/plugins.d', '/sbin/audisp-syslog always', 'builtin_af_unix builtin string']
const PROGRAM = ['/etc/audit/plugins.d', '/sbin/audisp-syslog always', '/sbin/audisp-af_unix always string']
const APT = ['apt-get update', 'apt-get install auditd']
const APT_PLUGINS = [...APT, 'apt-get install audispd-plugins']

/** What is packed how. Sources: packages.debian.org, packages.ubuntu.com, Red Hat's and SUSE's package lists, audit.spec of Azure Linux. */
const TREES: readonly (readonly [string, Tree, readonly string[], readonly string[]])[] = [
  ['Ubuntu 18.04', { id: 'ubuntu', release: '18.04', tool: 'apt-get', brings: '2.8.2' }, TWO, APT],
  ['Ubuntu 20.04', { id: 'ubuntu', release: '20.04', tool: 'apt-get', brings: '2.8.5' }, TWO, APT],
  ['Ubuntu 22.04', { id: 'ubuntu', release: '22.04', tool: 'apt-get', brings: '3.0.7', syslog: 'apart' }, THREE, APT_PLUGINS],
  ['Ubuntu 24.04', { id: 'ubuntu', release: '24.04', tool: 'apt-get', brings: '3.1.2', syslog: 'apart' }, PROGRAM, APT_PLUGINS],
  ['Debian 10', { id: 'debian', release: '10', tool: 'apt-get', brings: '2.8.4' }, TWO, APT],
  ['Debian 11', { id: 'debian', release: '11', tool: 'apt-get', brings: '3.0', syslog: 'apart' }, THREE, APT_PLUGINS],
  ['Debian 12', { id: 'debian', release: '12', tool: 'apt-get', brings: '3.0.9', syslog: 'apart' }, THREE, APT_PLUGINS],
  ['Debian 13', { id: 'debian', release: '13', tool: 'apt-get', brings: '4.0.2', syslog: 'apart' }, PROGRAM, APT_PLUGINS],
  ['RHEL 7', { id: 'rhel', release: '7.9', tool: 'yum', brings: '2.8.5' }, TWO, ['yum install audit']],
  [
    'RHEL 8',
    { id: 'rhel', release: '8.10', tool: 'dnf', brings: '3.0.7', syslog: 'apart' },
    THREE,
    ['dnf install audit', 'dnf install audispd-plugins'],
  ],
  [
    'Rocky 9.6',
    { id: 'rocky', release: '9.6', tool: 'dnf', brings: '3.1.5', syslog: 'apart' },
    PROGRAM,
    ['dnf install audit', 'dnf install audispd-plugins'],
  ],
  [
    'CBL-Mariner 2',
    { id: 'mariner', release: '2.0', tool: 'tdnf', brings: '3.0.6', syslog: 'with audit' },
    THREE,
    ['tdnf install audit'],
  ],
  [
    'Azure Linux 3',
    { id: 'azurelinux', release: '3.0', tool: 'tdnf', brings: '3.1.2', syslog: 'with audit' },
    PROGRAM,
    ['tdnf install audit'],
  ],
  [
    'SLES 15 SP6',
    { id: 'sles', release: '15.6', tool: 'zypper', brings: '3.0.6', syslog: 'apart' },
    THREE,
    ['zypper install audit', 'zypper install audit-audispd-plugins'],
  ],
  ['SLES 12 SP5', { id: 'sles', release: '12.5', tool: 'zypper', brings: '2.8.1' }, TWO, ['zypper install audit']],
  [
    'Alibaba Cloud Linux 3',
    { id: 'alinux', release: '3', tool: 'yum', brings: '3.0.7', syslog: 'with audit' },
    THREE,
    ['yum install audit'],
  ],
]

/** Where plugin files go and what is in them: folder, syslog's path and type, the socket's path, type and format. */
function formsOf(files: readonly { path: string; text: string }[]): string[] {
  const [syslog, socket] = ['syslog.conf', 'af_unix.conf'].map((name) => files.find(({ path }) => path.endsWith(name)))
  const values = (text = '', ...names: string[]): string =>
    names.map((name) => new RegExp(`^${name} = (\\S+)`, 'm').exec(text)?.[1] ?? '').join(' ')
  return [dirname(syslog?.path ?? ''), values(syslog?.text, 'path', 'type'), values(socket?.text, 'path', 'type', 'format')]
}
const short = (commands: readonly string[]): string[] =>
  commands
    .map((command) => command.replace(`chroot ${root} `, '').replace(/ (-\S+|DPkg\S+)/g, ''))
    .filter((command) => / (install|update)/.test(command))

describe.each(TREES)('%s', (_name, tree, forms, installs) => {
  it('is planned without auditd as it will be applied', async () => {
    const { machine } = machineOf(tree, false)
    const { steps, problems } = await planNode(machine, { desired: DESIRED })
    const writes = steps.flatMap(({ action, what, command }) => (action === 'write' ? [{ path: what, text: command }] : []))
    expect(formsOf(writes)).toEqual(forms)
    const asked = short(steps.flatMap(({ action, command }) => (action === 'install' ? [command] : [])))
    // Whether the audit package brings the syslog program is seen when it is there.
    expect(asked.slice(0, installs.length)).toEqual(installs)
    expect(problems.filter(({ severity }) => severity === 'refused')).toEqual([])
  })

  it('gets what is planned, in one go, and no word in auditd.conf', async () => {
    const { machine, ran } = machineOf(tree, false)
    await applyNode(machine, { desired: DESIRED, daemon: 'leave' })
    expect([...new Set(short(ran))]).toEqual(installs)
    const folder = forms[0] as string
    const files = ['syslog.conf', 'af_unix.conf'].map((name) => {
      return { path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }
    })
    expect(formsOf(files)).toEqual(forms)
    for (const path of ['etc/audit/auditd.conf', 'etc/audisp/audispd.conf']) expect(existsSync(join(root, path))).toBe(false)
    expect(
      (await planNode(machine, { desired: DESIRED })).steps.filter(({ action }) => action === 'install' || action === 'write'),
    ).toEqual([])
  })
})

it.each<[string, Tree]>([
  ['Flatcar', { id: 'flatcar', release: '4081', tool: '', brings: '' }],
  ['Bottlerocket', { id: 'bottlerocket', release: '1.20', tool: '', brings: '' }],
  ['Talos', { id: 'talos', release: '1.8', tool: '', brings: '' }],
  ['Container-Optimized OS', { id: 'cos', release: '117', tool: '', brings: '' }],
  ['RHCOS', { id: 'rhcos', release: '4.16', tool: 'dnf', brings: '' }],
  ['Fedora CoreOS', { id: 'fedora', release: '41', tool: 'dnf', brings: '', files: ['run/ostree-booted'] }],
  ['SLE Micro', { id: 'sle-micro', release: '5.5', tool: 'zypper', brings: '' }],
])('installs nothing on %s, and says what is missing', async (_name, tree) => {
  const { machine, ran } = machineOf(tree, false)
  const { steps } = await planNode(machine, { desired: DESIRED })
  expect(steps.filter(({ action }) => action === 'install')).toEqual([])
  await expect(applyNode(machine, { desired: DESIRED })).rejects.toMatchObject({ code: 'PW-ND-015' })
  expect(short(ran)).toEqual([])
})

it('tells the package tool of the proxies that it was told of, under both spellings', async () => {
  const { machine } = machineOf({ id: 'debian', release: '12', tool: 'apt-get', brings: '3.0.9', syslog: 'apart' }, false)
  const told: unknown[] = []
  const listening: Machine = {
    ...machine,
    run: (command, args, options) => {
      if (command === 'apt-get') told.push(options?.env)
      return machine.run(command, args, options)
    },
  }
  const proxy = 'http://proxy.example:3128'
  vi.stubEnv('HTTPS_PROXY', proxy)
  vi.stubEnv('no_proxy', '.svc')
  await applyNode(listening, { desired: DESIRED, daemon: 'leave' }).finally(() => vi.unstubAllEnvs())
  expect(told[1]).toMatchObject({ https_proxy: proxy, HTTPS_PROXY: proxy, no_proxy: '.svc', NO_PROXY: '.svc' })
})

it.each([
  ['2.8.5', '/etc/audisp/audispd.conf'],
  ['3.0.9', '/etc/audit/auditd.conf'],
  ['4.0.2', '/etc/audit/auditd.conf'],
])('advises on the queue where audit %s has it: %s', async (brings, file) => {
  const { machine } = machineOf({ id: 'x', release: '1', tool: 'dnf', brings }, true)
  mkdirSync(join(root, dirname(file)), { recursive: true })
  mkdirSync(join(root, 'etc/audit'), { recursive: true })
  writeFileSync(join(root, 'etc/audit/auditd.conf'), 'log_file = /var/log/audit/audit.log\n')
  writeFileSync(join(root, file), 'q_depth = 100\noverflow_action = ignore\n')
  const todo = (await examineNode(machine, { desired: DESIRED })).flatMap(({ id, todo: text }) => (id === 'queue' ? [text] : []))
  expect(todo).toEqual([`Set q_depth = 20000 in ${file}.`, `Set overflow_action = SYSLOG in ${file}.`])
})
