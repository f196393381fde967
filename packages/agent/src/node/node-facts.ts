import { existsSync, readFileSync } from 'node:fs'
import { arch as ownArch } from 'node:os'
import { type AuditVersion, atLeast, parseAuditVersion } from './audit-version.ts'
import { expectedVersion } from './expected-version.ts'
import type { Machine } from './machine.ts'

export type PackageTool = 'apt-get' | 'dnf' | 'tdnf' | 'yum' | 'zypper' | 'apk'

/** What a node is, as far as managing its audit system depends on it. */
export interface NodeFacts {
  /** `ID` and `VERSION_ID` of os-release(5); empty where the file is missing. */
  readonly distribution: string
  readonly distributionVersion: string
  /** Name for people. */
  readonly name: string
  /** Null where auditctl is not installed. */
  readonly auditVersion: AuditVersion | null
  /** Version whose files are written: the installed one, else what the distribution would install; null where that is not known. */
  readonly fileVersion: AuditVersion | null
  /** `systemd` where it is the running service manager. Source: sd_booted(3). */
  readonly serviceManager: 'systemd' | 'none'
  /** Null where nothing can or may be installed. */
  readonly packageTool: PackageTool | null
  /** Folder of auditd's plugins: of audispd until 2.x, of auditd itself since 3.0. */
  readonly pluginFolder: '/etc/audisp/plugins.d' | '/etc/audit/plugins.d'
  /** What `b64` means in a rule: `x86_64`, `aarch64`. */
  readonly architecture: string
}

/** Package tools in order of preference: Azure Linux has tdnf and, on request, dnf. */
const PACKAGE_TOOLS: readonly PackageTool[] = ['apt-get', 'tdnf', 'dnf', 'yum', 'zypper', 'apk']

/** Systems whose root cannot be changed: nothing is installed there. */
const READ_ONLY_SYSTEMS = new Set('flatcar bottlerocket talos cos coreos rhcos opensuse-microos sle-micro sl-micro'.split(' '))
/** On Fedora CoreOS, RHCOS, LifseaOS and others of their kind, whatever their names. Source: ostree, ostree-prepare-root(1). */
const OSTREE = '/run/ostree-booted'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i386', arm: 'arm' }

/** Finds out what a node is. Changes nothing; what is not there is null. */
export async function readFacts(machine: Machine): Promise<NodeFacts> {
  const release = readRelease(machine)
  const distribution = release.get('ID') ?? ''
  const auditVersion = await readAuditVersion(machine)
  const distributionVersion = release.get('VERSION_ID') ?? ''
  const fileVersion = auditVersion ?? expectedVersion(distribution, distributionVersion)
  const readOnly = READ_ONLY_SYSTEMS.has(distribution) || existsSync(machine.path(OSTREE))
  const has = (tool: string) =>
    ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((folder) => existsSync(machine.path(`${folder}/${tool}`)))
  return {
    distribution,
    distributionVersion,
    name: release.get('PRETTY_NAME') ?? distribution,
    auditVersion,
    fileVersion,
    serviceManager: existsSync(machine.path('/run/systemd/system')) ? 'systemd' : 'none',
    packageTool: readOnly ? null : (PACKAGE_TOOLS.find(has) ?? null),
    pluginFolder: fileVersion !== null && !atLeast(fileVersion, 3) ? '/etc/audisp/plugins.d' : '/etc/audit/plugins.d',
    architecture: ARCHITECTURES[ownArch()] ?? ownArch(),
  }
}

async function readAuditVersion(machine: Machine): Promise<AuditVersion | null> {
  const { code, stdout } = await machine.run('auditctl', ['-v'])
  return code === 127 || code === 126 ? null : parseAuditVersion(stdout)
}

/** Assignments of os-release(5); quotes are taken off. */
function readRelease(machine: Machine): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    let text: string
    try {
      text = readFileSync(machine.path(path), 'utf8')
    } catch {
      continue
    }
    for (const line of text.split('\n')) {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? []
      if (name !== undefined) found.set(name, (value ?? '').replace(/^(["'])(.*)\1$/, '$2'))
    }
    break
  }
  return found
}
