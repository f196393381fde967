import {
  type ApplyOptions,
  type DesiredFile,
  type DesiredFolders,
  type DesiredState,
  type Entry,
  FACILITIES,
  type Facility,
  foldersIn,
  type Machine,
  openMachine,
  packFiles,
  possibleFolders,
  readDesiredState,
  readSet,
  readState,
  socketPluginText,
  stateOf,
  syslogPluginText,
} from '@podwitness/agent'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Context } from './context.ts'

/** Options of the `node` commands. */
export interface NodeFlags {
  readonly root?: string
  readonly enter?: Entry
  readonly config?: string
  readonly rules?: string
  readonly plugins?: string
  readonly oms?: string
  readonly pack?: readonly string[]
  /** True without a facility. */
  readonly syslog?: Facility | true
  readonly expectFacility?: Facility
  readonly socket?: boolean
  readonly adopt?: string
  /** False after `--no-install`. */
  readonly install?: boolean
  readonly packages?: string
  /** False after `--no-start`. */
  readonly start?: boolean
  readonly json?: boolean
}

/** Adds the options that say which node. */
export function withNodeOptions(command: Command): Command {
  return command
    .option('--root <folder>', 'where the node’s root file system is mounted (default: this machine)')
    .addOption(new Option('--enter <how>', 'how commands get to the node').choices(['direct', 'chroot', 'nsenter']))
}

/** Adds the options that say what the node shall be like. */
export function withDesiredOptions(command: Command): Command {
  return command
    .option('--config <folder>', 'folder with auditd-rules, audisp-plugins and oms-config, as ConfigMaps are mounted')
    .option('--rules <folder>', 'folder with rule files')
    .option('--plugins <folder>', 'folder with plugin files of auditd')
    .option('--oms <folder>', 'folder with files for the OMS agent')
    .option('--pack <name>', 'a bundled rule pack; may be given several times (default, without folders: procmon)', collectNames)
    .addOption(
      new Option('--syslog [facility]', 'records go to syslog too, at level info (default facility: user)').argParser(
        facilityOption,
      ),
    )
    .addOption(
      new Option('--expect-facility <name>', 'facility the collector takes: another one is told').argParser(facilityOption),
    )
    .option('--socket', 'records go to the agent’s socket too')
    .option('--adopt <what>', 'take over files with our names: aks-auditd', adopted)
    .option('--no-install', 'install nothing')
    .option('--packages <folder>', 'install from package files in a folder')
    .option('--no-start', 'do not start auditd')
}

/** The node the options name. */
export function machineOf({ root, enter }: NodeFlags): Machine {
  return openMachine(root, enter)
}

/** What is asked of the node, and a function that asks again. */
export interface Asked {
  readonly options: Omit<ApplyOptions, 'desired'>
  readonly folders: readonly string[]
  readonly desired: () => DesiredState
  /** No option said anything: the last set applied, or the default. */
  readonly unsaid: boolean
}

/** Reads the options of `apply`, `plan` and `status`. */
export function askedOf(context: Context, machine: Machine, flags: NodeFlags): Asked {
  // Looked for at every turn: a ConfigMap may be made after us.
  const folders = (): DesiredFolders => ({
    ...(flags.config === undefined ? {} : foldersIn(flags.config)),
    ...(flags.rules === undefined ? {} : { rules: flags.rules }),
    ...(flags.plugins === undefined ? {} : { plugins: flags.plugins }),
    ...(flags.oms === undefined ? {} : { oms: flags.oms }),
  })
  const unsaid =
    Object.keys(folders()).length === 0 &&
    [flags.config, flags.pack, flags.syslog, flags.socket].every((flag) => flag === undefined)
  const packs = flags.pack ?? (unsaid ? ['procmon'] : [])
  const workspace = context.terminal.env.LOG_ANALYTICS_WORKSPACE_ID
  return {
    options: {
      install: flags.install === false ? 'never' : 'auto',
      daemon: flags.start === false ? 'leave' : 'start',
      ...(flags.packages === undefined ? {} : { packages: flags.packages }),
      ...(flags.adopt === undefined ? {} : { adopt: true }),
      ...(flags.expectFacility === undefined ? {} : { expectFacility: flags.expectFacility }),
      ...(workspace === undefined ? {} : { omsWorkspace: workspace }),
    },
    folders: [...(flags.config === undefined ? [] : possibleFolders(flags.config)), ...Object.values(folders())],
    // A config folder without any of the three is no empty request: it is not there, or not yet mounted.
    desired: () => readDesiredState(missing(flags, folders()), [...packFiles(machine, packs), ...pluginsOf(flags)]),
    unsaid,
  }
}

function missing({ config }: NodeFlags, folders: DesiredFolders): DesiredFolders {
  return config !== undefined && Object.keys(folders).length === 0 ? { rules: `${config}/auditd-rules` } : folders
}

/** The last set that was in force; what is asked for by default where there was none. */
export function lastSet(machine: Machine, asked: Asked): DesiredState {
  const files = readSet(machine, readState(machine).history.at(-1)?.hash ?? '')
  return files === undefined ? asked.desired() : stateOf(files)
}

function pluginsOf({ syslog, socket }: NodeFlags): DesiredFile[] {
  const plugin = (name: string, text: string, source: string): DesiredFile => ({ kind: 'plugin', name, text, source })
  return [
    ...(syslog === undefined ? [] : [plugin('syslog.conf', syslogPluginText(syslog === true ? 'user' : syslog), '--syslog')]),
    ...(socket === true ? [plugin('af_unix.conf', socketPluginText(), '--socket')] : []),
  ]
}

/** Gathers the values of an option that may be given several times, or with commas. */
export function collectNames(name: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...name.split(',')]
}

/** A syslog facility, in lower case or as `LOG_AUTHPRIV`. */
export function facilityOption(text: string): Facility {
  const name = text.toLowerCase().replace(/^log_/, '')
  const found = FACILITIES.find((each) => each === name)
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${FACILITIES.join(', ')}.`)
  return found
}

function adopted(text: string): string {
  if (text !== 'aks-auditd') throw new InvalidArgumentError('It is aks-auditd.')
  return text
}
