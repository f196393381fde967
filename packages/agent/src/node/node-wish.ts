import type { ApplyOptions } from './apply-node.ts'
import {
  type DesiredFile,
  type DesiredFolders,
  type DesiredState,
  foldersIn,
  possibleFolders,
  readDesiredState,
} from './desired-state.ts'
import type { Machine } from './machine.ts'
import { socketPluginText } from './plugin-file.ts'
import { packFiles } from './rule-packs.ts'
import { type Facility, syslogPluginText } from './syslog-plugin.ts'

/** What somebody says a node shall be like: by options of a command, or in an agent's configuration. */
export interface NodeWish {
  /** Folder with folders of aks-auditd's names; empty for none. */
  readonly config: string
  /** The three folders one by one; empty for none. */
  readonly rules: string
  readonly plugins: string
  readonly oms: string
  /** Bundled rule packs; empty with no folder either is `procmon`. */
  readonly packs: readonly string[]
  /** Facility of the syslog plugin; empty for no such plugin. */
  readonly syslog: Facility | ''
  /** Facility that the collector takes; empty where it is not said. */
  readonly expectFacility: Facility | ''
  /** Whether records go to the agent's socket too. */
  readonly socket: boolean
  readonly adopt: boolean
  readonly install: 'auto' | 'never'
  /** Folder with package files; empty to fetch them. */
  readonly packages: string
  readonly daemon: 'start' | 'service' | 'leave'
  /** Workspace of the OMS agent; empty where there is none. */
  readonly omsWorkspace: string
}

/** Asks for nothing in particular. */
export const NO_WISH: NodeWish = {
  ...{ config: '', rules: '', plugins: '', oms: '', packs: [], syslog: '', expectFacility: '', socket: false, adopt: false },
  ...{ install: 'auto', packages: '', daemon: 'start', omsWorkspace: '' },
}

/** What is asked of a node, and a function that asks again. */
export interface Asked {
  readonly options: Omit<ApplyOptions, 'desired'>
  /** Folders whose change wakes whoever keeps the node. */
  readonly folders: readonly string[]
  readonly desired: () => DesiredState
  /** The wish said nothing: the last set applied, or the default. */
  readonly unsaid: boolean
}

/** Puts a wish in the words of `applyNode` and `keepNode`. */
export function askedOf(machine: Machine, wish: NodeWish): Asked {
  // Looked for at every turn: a ConfigMap may be made after us.
  const folders = (): DesiredFolders => ({
    ...(wish.config === '' ? {} : foldersIn(wish.config)),
    ...(wish.rules === '' ? {} : { rules: wish.rules }),
    ...(wish.plugins === '' ? {} : { plugins: wish.plugins }),
    ...(wish.oms === '' ? {} : { oms: wish.oms }),
  })
  const unsaid =
    Object.keys(folders()).length === 0 && wish.config === '' && wish.packs.length === 0 && wish.syslog === '' && !wish.socket
  const packs = unsaid ? ['procmon'] : wish.packs
  return {
    options: optionsOf(wish),
    folders: [...(wish.config === '' ? [] : possibleFolders(wish.config)), ...Object.values(folders())],
    // A config folder without any of the three is no empty request: it is not there, or not yet mounted.
    desired: () => readDesiredState(missing(wish, folders()), [...packFiles(machine, packs), ...pluginsOf(wish)]),
    unsaid,
  }
}

function optionsOf({ install, daemon, packages, adopt, expectFacility, omsWorkspace }: NodeWish): Omit<ApplyOptions, 'desired'> {
  return {
    install,
    daemon,
    ...(packages === '' ? {} : { packages }),
    ...(adopt ? { adopt } : {}),
    ...(expectFacility === '' ? {} : { expectFacility }),
    ...(omsWorkspace === '' ? {} : { omsWorkspace }),
  }
}

function missing({ config }: NodeWish, folders: DesiredFolders): DesiredFolders {
  return config !== '' && Object.keys(folders).length === 0 ? { rules: `${config}/auditd-rules` } : folders
}

function pluginsOf({ syslog, socket }: NodeWish): DesiredFile[] {
  const plugin = (name: string, text: string, source: string): DesiredFile => ({ kind: 'plugin', name, text, source })
  return [
    ...(syslog === '' ? [] : [plugin('syslog.conf', syslogPluginText(syslog), '--syslog')]),
    ...(socket ? [plugin('af_unix.conf', socketPluginText(), '--socket')] : []),
  ]
}
