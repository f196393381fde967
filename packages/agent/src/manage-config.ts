import type { Entry } from './node/machine.ts'
import { NO_WISH, type NodeWish } from './node/node-wish.ts'
import { FACILITIES, type Facility } from './node/syslog-plugin.ts'
import type { OptionReader } from './option-reader.ts'

/** How an agent keeps its node. */
export interface ManageConfig extends NodeWish {
  /** Where the node's root file system is; `/` on the node itself. */
  readonly root: string
  readonly enter: Entry | undefined
  /** Seconds between looks at the node that no change caused. */
  readonly everySeconds: number
}

/** What the command line says of it; it wins over the file. */
export type ManageFlags = Partial<ManageConfig>

const ENTRIES = ['direct', 'chroot', 'nsenter'] as const
const DAEMON = ['start', 'service', 'leave'] as const

/** Reads `manage`; undefined where neither file nor command line asks for it. */
export function readManage(parent: OptionReader, flags: ManageFlags): ManageConfig | undefined {
  const asked = parent.has('manage') || Object.keys(flags).length > 0
  const options = parent.below('manage')
  if (!asked) return undefined
  const adopt = options.text('adopt', '')
  if (adopt !== '' && adopt !== 'aks-auditd') options.problem('adopt', 'is not aks-auditd')
  const read: ManageConfig = {
    root: options.text('root', '/'),
    enter: options.has('enter') ? options.word('enter', ENTRIES, 'chroot') : undefined,
    everySeconds: options.number('everySeconds', { min: 1, max: 3600 }, 30),
    config: options.text('config', ''),
    rules: options.text('rules', ''),
    plugins: options.text('plugins', ''),
    oms: options.text('oms', ''),
    packs: options.texts('packs'),
    syslog: readFacility(options, 'syslog'),
    expectFacility: readFacility(options, 'expectFacility'),
    socket: options.flag('socket', NO_WISH.socket),
    adopt: adopt !== '',
    install: options.flag('install', true) ? 'auto' : 'never',
    packages: options.text('packages', ''),
    daemon: options.word('daemon', DAEMON, 'start'),
    omsWorkspace: options.text('omsWorkspace', process.env.LOG_ANALYTICS_WORKSPACE_ID ?? ''),
  }
  options.end()
  return { ...read, ...flags }
}

function readFacility(options: OptionReader, name: 'syslog' | 'expectFacility'): Facility | '' {
  return options.has(name) ? options.word(name, FACILITIES, 'user') : ''
}
