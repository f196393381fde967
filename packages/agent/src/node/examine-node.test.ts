import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stateOf } from './desired-state.ts'
import { examineNode } from './examine-node.ts'
import { type Machine, openMachine } from './machine.ts'
import { MARK } from './own-file.ts'

let root: string
let version = '3.0.9'
let enabled = 1

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'podwitness-doctor-'))
  version = '3.0.9'
  enabled = 1
  for (const folder of ['etc/audit/rules.d', 'etc/audit/plugins.d', 'proc/net', 'etc/systemd/system', 'usr/lib/systemd/system'])
    mkdirSync(join(root, folder), { recursive: true })
  write('proc/cmdline', 'audit=1')
  write('proc/77/comm', 'auditd')
  write('sbin/audisp-syslog', '')
  write('sbin/audisp-af_unix', '')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const link = (path: string, target: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(target, join(root, path))
}
const systemd = (): void => void mkdirSync(join(root, 'run/systemd/system'), { recursive: true })
const af_unix = (form: string): void => write('etc/audit/plugins.d/af_unix.conf', `active = yes\ndirection = out\n${form}`)
const SOCKET = 'args = 0640 /var/run/audispd_events'
/** A line of /proc/net/unix. */
const end = (state: string): string => `0000: 00000002 00000000 00010000 0001 ${state} 12345 /var/run/audispd_events\n`

/** auditctl of a version that cannot be had here: a fake, after auditctl(8). */
function machine(): Machine {
  const answers = (): Readonly<Record<string, string>> => ({
    '-v': `auditctl version ${version}\n`,
    '-s': `enabled ${enabled}\nfailure 1\npid 77\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n`,
    '-l': 'No rules\n',
  })
  return {
    ...openMachine(root, 'direct'),
    run: async (_command, args) => ({ code: 0, stdout: answers()[args[0] ?? ''] ?? '', stderr: '' }),
  }
}

async function told(): Promise<string[]> {
  const checks = await examineNode(machine(), { desired: stateOf([]) })
  return checks.filter(({ verdict }) => verdict !== 'ok').map(({ id, verdict, text }) => `${verdict} ${id}: ${text}`)
}

/** Faults of aks-auditd, its fork, auditd's versions and auoms, each as it shows on a node. */
const FAULTS: readonly (readonly [name: string, make: () => void, expected: RegExp])[] = [
  [
    'aks-auditd: its loop copies and never loads',
    () => write('proc/9/cmdline', '/bin/sh\0/app/monitor.sh\0'),
    /bad others: aks-auditd copies its files every 30/,
  ],
  [
    'aks-auditd: plugins in the folder of audit 2.x',
    () => write('etc/audisp/plugins.d/syslog.conf', 'active = yes\n'),
    /warn others: \/etc\/audisp\/plugins.d\/syslog.conf is active, and this version/,
  ],
  [
    'aks-auditd: the plugin’s form of audit 2.x',
    () => write('etc/audit/plugins.d/syslog.conf', 'active = yes\npath = builtin_syslog\ntype = builtin\n'),
    /bad plugins: .*names builtin_syslog; audit 3.0.9 has \/sbin\/audisp-syslog/,
  ],
  [
    'aks-auditd: a masked unit goes unnoticed',
    () => {
      systemd()
      link('etc/systemd/system/auditd.service', '/dev/null')
    },
    /bad unit: auditd.service is masked/,
  ],
  [
    'the fork: its monitor restarts auditd',
    () => write('proc/9/cmdline', '/usr/sbin/aks-auditd-monitor\0'),
    /bad others: a monitor of aks-auditd restarts auditd/,
  ],
  [
    'the fork: a file copied onto a folder',
    () => mkdirSync(join(root, 'etc/audit/plugins.d/syslog.conf')),
    /bad plugins: .*syslog.conf is a folder/,
  ],
  [
    'audispd-plugins is missing',
    () => {
      rmSync(join(root, 'sbin/audisp-syslog'))
      write('etc/audit/plugins.d/syslog.conf', 'active = yes\npath = /sbin/audisp-syslog\ntype = always\nformat = string\n')
    },
    /bad plugins: .*starts \/sbin\/audisp-syslog, which is not there/,
  ],
  [
    '3.1.1: af_unix became a program',
    () => {
      version = '3.1.1'
      af_unix(`path = builtin_af_unix\ntype = builtin\n${SOCKET}\nformat = string\n`)
    },
    /bad plugins: .*names builtin_af_unix; audit 3.1.1 has \/sbin\/audisp-af_unix/,
  ],
  [
    '3.1.1 to 4.1.1: records are cut for a slow reader',
    () => {
      version = '3.1.2'
    },
    /warn version: audit 3.1.2 cuts records/,
  ],
  [
    '4.0.4: string form has no line ends',
    () => {
      version = '4.0.4'
      af_unix(`path = /sbin/audisp-af_unix\ntype = always\n${SOCKET} string\nformat = string\n`)
      write('proc/net/unix', end('01') + end('03'))
    },
    /warn plugins: .*format string; audit 4.0.4 loses line ends/,
  ],
  [
    'nobody reads the socket',
    () => {
      af_unix(`path = builtin_af_unix\ntype = builtin\n${SOCKET}\nformat = string\n`)
      write('proc/net/unix', end('01'))
    },
    /warn socket: nobody reads \/var\/run\/audispd_events: what is sent there is dropped/,
  ],
  [
    'the socket’s plugin does not run',
    () => af_unix(`path = builtin_af_unix\ntype = builtin\n${SOCKET}\nformat = string\n`),
    /bad socket: nothing listens/,
  ],
  [
    'RefuseManualStop',
    () => {
      systemd()
      write('usr/lib/systemd/system/auditd.service', '[Unit]\nRefuseManualStop=yes\n')
    },
    /warn unit: .*RefuseManualStop/,
  ],
  [
    '4.x: rules are loaded by a unit of their own',
    () => {
      systemd()
      version = '4.0.2'
    },
    /bad unit: audit 4 loads rules at boot by audit-rules.service, which is not enabled/,
  ],
  [
    'augenrules ends with success and loads nothing',
    () => {
      version = '4.0.2'
      enabled = 2
    },
    /warn loader: augenrules ends with success/,
  ],
  [
    'augenrules fails on locked rules',
    () => {
      enabled = 2
    },
    /warn loader: augenrules fails/,
  ],
  [
    'auditd’s queue loses after the kernel',
    () => write('etc/audit/auditd.conf', 'q_depth = 400\noverflow_action = ignore\n'),
    /warn queue: auditd keeps 400 records.*\n.*IGNORE/,
  ],
  [
    'its queue has overflowed',
    () => write('run/audit/auditd.state', 'plugin queue overflow detected = yes\n'),
    /bad queue: auditd’s queue for plugins has overflowed/,
  ],
  [
    'a full disk suspends auditing',
    () => write('etc/audit/auditd.conf', 'disk_full_action = SUSPEND\n'),
    /warn disk: disk_full_action = SUSPEND/,
  ],
  [
    'logging is suspended',
    () => write('var/run/auditd.state', 'logging suspended = yes\n'),
    /bad queue: auditd has suspended logging/,
  ],
  [
    'CBL-Mariner: the log is behind a link',
    () => link('var/log/audit', '/var/opt/audit/log'),
    /warn log: \/var\/log\/audit is a link to \/var\/opt\/audit\/log/,
  ],
  [
    'auoms fights for the rules',
    () => write('proc/9/cmdline', '/opt/microsoft/auoms/bin/auomscollect\0-n\0'),
    /bad others: auoms compares the kernel’s rules/,
  ],
  [
    'auoms has left its rules',
    () => write('etc/audit/rules.d/auoms.rules', '-w /x -k auoms\n'),
    /warn others: auoms manages audit rules here too/,
  ],
  [
    'the journal takes the records too',
    () => {
      systemd()
      write('usr/lib/systemd/system/systemd-journald-audit.socket', '')
    },
    /warn journald: systemd-journald may take the records too/,
  ],
  [
    'auditbeat beside auditd',
    () => write('proc/9/cmdline', '/usr/share/auditbeat/bin/auditbeat\0'),
    /bad others: auditbeat loads rules of its own/,
  ],
]

it.each(FAULTS)('%s', async (_name, make, expected) => {
  const before = (await told()).join('\n')
  expect(before).not.toMatch(expected)
  make()
  expect((await told()).join('\n')).toMatch(expected)
})

it('says nothing of plugins, queue, unit or others on a node of 4.1 that is as it should be', async () => {
  version = '4.1.2'
  systemd()
  link('etc/systemd/system/multi-user.target.wants/audit-rules.service', '/usr/lib/systemd/system/audit-rules.service')
  af_unix(`path = /sbin/audisp-af_unix\ntype = always\n${SOCKET} string\nformat = binary\n`)
  write('proc/net/unix', end('01') + end('03'))
  write('etc/audit/plugins.d/syslog.conf', `${MARK}\nactive = yes\npath = /sbin/audisp-syslog\ntype = always\nformat = string\n`)
  write('run/audit/auditd.state', 'plugin queue overflow detected = no\nlogging suspended = no\n')
  expect((await told()).filter((line) => !/^warn (?:boot|disk)/.test(line))).toEqual([])
})
