import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { reasonOf } from './desired-state.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import type { NodeFacts, PackageTool } from './node-facts.ts'
import { makeFolder, STATE_FOLDER } from './node-state.ts'

/** A command of an installation. */
export interface InstallStep {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** dpkg-query's own notation for fields. */
const DPKG_LINE = ['$', '{db:Status-Abbrev} $', '{Package}\n'].join('')

const INSTALL_MS = 15 * 60_000

/** The audit package under each tool. Its plugins come with it, or in a package of their own that has `audit` as name's part. */
const PACKAGES: Readonly<Record<PackageTool, readonly string[]>> = {
  'apt-get': ['auditd'],
  tdnf: ['audit'],
  dnf: ['audit'],
  yum: ['audit'],
  zypper: ['audit'],
  apk: ['audit'],
}

/** Packages with the syslog program where the audit package does not bring it. */
const PLUGIN_PACKAGES: Readonly<Partial<Record<PackageTool, readonly string[]>>> = {
  'apt-get': ['audispd-plugins'],
  dnf: ['audispd-plugins'],
  yum: ['audispd-plugins'],
  zypper: ['audit-audispd-plugins'],
}

/** Waits for another package tool rather than failing: at boot, unattended upgrades hold the lock. */
const APT = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300']
const QUIET = { DEBIAN_FRONTEND: 'noninteractive' }

/** What package tools are told of proxies by. apt and curl read the small names, others the capitals. Source: apt.conf(5), curl(1). */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy']

/** Proxies of our own environment, under both spellings. */
function proxies(environment: Readonly<Record<string, string | undefined>> = process.env): Record<string, string> {
  const set = PROXIES.flatMap((name) => {
    const value = environment[name] ?? environment[name.toUpperCase()]
    return value === undefined ? [] : [[name, value] as const, [name.toUpperCase(), value] as const]
  })
  return Object.fromEntries(set)
}

/** Commands that install the audit package from the distribution's repositories; none where there is no package tool. */
export function installSteps({ packageTool }: NodeFacts, withPlugins = false): InstallStep[] {
  if (packageTool === null) return []
  const names = withPlugins ? (PLUGIN_PACKAGES[packageTool] ?? []) : PACKAGES[packageTool]
  if (names.length === 0) return []
  const step = (...args: string[]): InstallStep => ({ command: packageTool, args, env: QUIET })
  switch (packageTool) {
    case 'apt-get':
      return [step('update', '-q', '-o', 'DPkg::Lock::Timeout=300'), step('install', '-q', ...APT, ...names)]
    case 'zypper':
      return [step('--non-interactive', 'install', ...names)]
    case 'apk':
      return [step('add', ...names)]
    default:
      return [step('install', '-y', ...names)]
  }
}

/** Whether the syslog program comes in a package of its own. */
export function hasPluginPackage({ packageTool }: NodeFacts): boolean {
  return packageTool !== null && PLUGIN_PACKAGES[packageTool] !== undefined
}

/** Commands that install package files which lie on the node already. */
export function offlineSteps({ packageTool }: NodeFacts, files: readonly string[]): InstallStep[] {
  if (packageTool === null || files.length === 0) return []
  if (packageTool === 'apt-get') return [{ command: 'dpkg', args: ['-i', ...files], env: QUIET }]
  if (packageTool === 'apk') return [{ command: 'apk', args: ['add', '--no-network', ...files], env: {} }]
  return [{ command: 'rpm', args: ['-U', '--replacepkgs', ...files], env: {} }]
}

/** Installs and answers the packages that came new. Throws PW-ND-015 with what the package tool said. */
export async function installAudit(
  machine: Machine,
  facts: NodeFacts,
  options: { folder?: string; plugins?: boolean },
): Promise<string[]> {
  const copied = options.folder === undefined ? [] : copyPackages(machine, facts, options.folder)
  const steps = options.folder === undefined ? installSteps(facts, options.plugins) : offlineSteps(facts, copied)
  if (steps.length === 0)
    throw failed('Nothing to install with.', `${facts.name || 'This system'}: no package tool, or no package file.`)
  const before = new Set(await installedPackages(machine, facts))
  try {
    for (const { command, args, env } of steps) {
      const { code, stdout, stderr } = await machine.run(command, args, { timeoutMs: INSTALL_MS, env: { ...proxies(), ...env } })
      if (code !== 0) throw failed(`${machine.commandText(command, args)} ended with ${code}.`, lastLines(`${stdout}\n${stderr}`))
    }
  } finally {
    for (const path of copied) rmSync(machine.path(path), { force: true })
  }
  return (await installedPackages(machine, facts)).filter((name) => !before.has(name))
}

/** Removes packages that came with our installation. */
export async function removePackages(machine: Machine, facts: NodeFacts, names: readonly string[]): Promise<void> {
  if (names.length === 0 || facts.packageTool === null) return
  const [command, args] =
    facts.packageTool === 'apt-get'
      ? ['dpkg', ['--purge', ...names]]
      : facts.packageTool === 'apk'
        ? ['apk', ['del', ...names]]
        : ['rpm', ['-e', ...names]]
  const { code, stdout, stderr } = await machine.run(command as string, args as string[], { timeoutMs: INSTALL_MS, env: QUIET })
  if (code !== 0) throw failed(`${names.join(', ')} cannot be removed.`, lastLines(`${stdout}\n${stderr}`))
}

async function installedPackages(machine: Machine, { packageTool }: NodeFacts): Promise<string[]> {
  const [command, args] =
    packageTool === 'apt-get'
      ? ['dpkg-query', ['-W', '-f', DPKG_LINE]]
      : packageTool === 'apk'
        ? ['apk', ['info']]
        : ['rpm', ['-qa', '--qf', '%{NAME}\n']]
  const { stdout } = await machine.run(command as string, args as string[])
  const lines = stdout.split('\n').map((line) => line.trim())
  // `ii`: wanted and installed. A package that was removed but not purged is not there.
  return packageTool === 'apt-get'
    ? lines.flatMap((line) => (line.startsWith('ii ') ? [line.slice(3).trim()] : []))
    : lines.filter(Boolean)
}

/** Puts the package files of a folder of ours onto the node; answers their paths there. */
function copyPackages(machine: Machine, { packageTool }: NodeFacts, folder: string): string[] {
  const ending = packageTool === 'apt-get' ? '.deb' : packageTool === 'apk' ? '.apk' : '.rpm'
  makeFolder(machine, `${STATE_FOLDER}/packages`)
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => {
        const path = `${STATE_FOLDER}/packages/${basename(name)}`
        copyFileSync(join(folder, name), machine.path(path))
        return path
      })
  } catch (error) {
    throw failed(`The package folder ${folder} cannot be read.`, reasonOf(error))
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n')
}

function failed(what: string, why: string): NodeError {
  return new NodeError('PW-ND-015', { what, why })
}
