import {
  type Asked,
  askedOf,
  type DesiredState,
  type Entry,
  FACILITIES,
  type Facility,
  type Machine,
  type NodeWish,
  openMachine,
  readSet,
  readState,
  stateOf,
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
  return withWishOptions(
    command.option('--config <folder>', 'folder with auditd-rules, audisp-plugins and oms-config, as ConfigMaps are mounted'),
  )
}

/** The same without `--config`, which is another thing where an agent is run. */
export function withWishOptions(command: Command): Command {
  return command
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

/** What the options of a command say a node shall be like. */
export function wishOf(flags: NodeFlags, env: Readonly<Record<string, string | undefined>>): NodeWish {
  const { config = '', rules = '', plugins = '', oms = '', pack = [], syslog = '', expectFacility = '', packages = '' } = flags
  return {
    ...{ config, rules, plugins, oms, packs: pack, expectFacility, packages },
    syslog: syslog === true ? 'user' : syslog,
    socket: flags.socket === true,
    adopt: flags.adopt !== undefined,
    install: flags.install === false ? 'never' : 'auto',
    daemon: flags.start === false ? 'leave' : 'start',
    omsWorkspace: env.LOG_ANALYTICS_WORKSPACE_ID ?? '',
  }
}

/** Reads the options of `apply`, `plan` and `status`. */
export function askedBy(context: Context, machine: Machine, flags: NodeFlags): Asked {
  return askedOf(machine, wishOf(flags, context.terminal.env))
}

/** The last set that was in force; what is asked for by default where there was none. */
export function lastSet(machine: Machine, asked: Asked): DesiredState {
  const files = readSet(machine, readState(machine).history.at(-1)?.hash ?? '')
  return files === undefined ? asked.desired() : stateOf(files)
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
