import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { atLeast } from './audit-version.ts'
import type { AuditStatus } from './kernel-audit.ts'
import type { Machine } from './machine.ts'
import { bad, type NodeCheck, warn } from './node-check.ts'
import type { NodeFacts } from './node-facts.ts'
import { readText } from './own-file.ts'

const UNITS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']

/** What of the service manager and of other programs makes auditing fail or lie on this node. */
export function examineService(machine: Machine, facts: NodeFacts, status: AuditStatus | null): NodeCheck[] {
  return [
    ...(facts.serviceManager === 'systemd' ? units(machine, facts) : []),
    ...loader(facts, status),
    ...logFolder(machine),
    ...programs(machine),
  ]
}

function units(machine: Machine, { auditVersion }: NodeFacts): NodeCheck[] {
  const found: NodeCheck[] = []
  if (masked(machine, 'auditd.service'))
    found.push(bad('unit', 'auditd.service is masked: nothing starts auditd', 'systemctl unmask auditd'))
  const text = UNITS.map((folder) => readText(machine.path(`${folder}/auditd.service`))).find((each) => each !== undefined) ?? ''
  if (/^\s*RefuseManualStop\s*=\s*yes/m.test(text))
    found.push(
      warn(
        'unit',
        'auditd.service refuses a stop by hand (RefuseManualStop): a restart for new rules fails',
        'None is needed: rules are loaded without one.',
      ),
    )
  if (auditVersion !== null && atLeast(auditVersion, 4) && !enabled(machine, 'audit-rules.service'))
    found.push(
      bad(
        'unit',
        'audit 4 loads rules at boot by audit-rules.service, which is not enabled: after a boot there are none',
        'systemctl enable audit-rules',
      ),
    )
  if (exists(machine, 'systemd-journald-audit.socket') && !masked(machine, 'systemd-journald-audit.socket'))
    found.push(
      warn(
        'journald',
        'systemd-journald may take the records too and flood the journal',
        'systemctl mask --now systemd-journald-audit.socket, unless the agent reads the journal.',
      ),
    )
  return found
}

/** Where the loader of whole files says success and changes nothing. Source: audit-userspace, augenrules, 4.0.1. */
function loader({ auditVersion }: NodeFacts, status: AuditStatus | null): NodeCheck[] {
  if (status?.enabled !== 2 || auditVersion === null) return []
  return atLeast(auditVersion, 4, 0, 1)
    ? [
        warn(
          'loader',
          'augenrules ends with success and loads nothing while the rules are locked',
          'Believe what is read back: podwitness node status.',
        ),
      ]
    : [warn('loader', 'augenrules fails while the rules are locked', 'Boot the node for a change of rules.')]
}

function logFolder(machine: Machine): NodeCheck[] {
  const info = lstatSync(join(machine.root, '/var/log/audit'), { throwIfNoEntry: false })
  if (info?.isSymbolicLink() !== true) return []
  return [
    warn(
      'log',
      `/var/log/audit is a link to ${readlinkSync(join(machine.root, '/var/log/audit'))}: a mount of it alone shows nothing`,
      'Mount the node’s root, or the folder it names.',
    ),
  ]
}

/** Programs that change rules or restart auditd beside us. Sources: what each of them does, docs/reference/node.md. */
const OTHERS: readonly (readonly [test: RegExp, text: string, todo: string])[] = [
  [
    /(?:^|\0)\/app\/monitor\.sh(?:\0|$)/,
    'aks-auditd copies its files every 30 seconds; it neither loads them nor takes deleted ones away',
    'Delete its DaemonSet, and adopt its ConfigMaps: --adopt aks-auditd',
  ],
  [
    /aks-auditd-monitor(?:\0|$)/,
    'a monitor of aks-auditd restarts auditd when rule files change, and records are lost meanwhile',
    'systemctl disable --now aks-auditd-monitor',
  ],
  [
    /auomscollect(?:\0|$)/,
    'auoms compares the kernel’s rules with its own every 15 seconds and removes others',
    'Stop it: it was retired on 31 August 2024.',
  ],
  [
    /(?:^|\/)auditbeat(?:\0|$)/,
    'auditbeat loads rules of its own, and with socket_type unicast takes the records from auditd',
    'Give its rules to podwitness, or set audit_rules empty and socket_type multicast.',
  ],
  [/(?:^|\/)go-audit(?:\0|$)/, 'go-audit takes the records from auditd', 'Stop it.'],
]

function programs(machine: Machine): NodeCheck[] {
  const found = new Map<string, NodeCheck>()
  for (const pid of pids(machine)) {
    const words = commandLine(machine, pid)
    for (const [test, text, todo] of OTHERS)
      if (test.test(words)) found.set(text, bad('others', `${text} (process ${pid})`, todo))
  }
  return [...found.values()]
}

function pids(machine: Machine): string[] {
  try {
    return readdirSync(machine.path('/proc')).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function commandLine(machine: Machine, pid: string): string {
  try {
    return readFileSync(join(machine.path('/proc'), pid, 'cmdline'), 'utf8').slice(0, 4096)
  } catch {
    return '' // It has ended.
  }
}

const exists = (machine: Machine, unit: string): boolean => UNITS.some((folder) => existsSync(machine.path(`${folder}/${unit}`)))

function masked(machine: Machine, unit: string): boolean {
  const path = join(machine.path('/etc/systemd/system'), unit)
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(path) === '/dev/null'
}

function enabled(machine: Machine, unit: string): boolean {
  const folder = machine.path('/etc/systemd/system')
  if (!existsSync(folder)) return false
  const wants = readdirSync(folder).filter((name) => /\.(?:wants|requires)$/.test(name))
  return wants.some((name) => lstatSync(join(folder, name, unit), { throwIfNoEntry: false }) !== undefined)
}
