import { existsSync, readdirSync, statSync } from 'node:fs'
import { atLeast } from './audit-version.ts'
import type { Machine } from './machine.ts'
import { bad, type NodeCheck, ok, warn } from './node-check.ts'
import type { NodeFacts } from './node-facts.ts'
import { readText } from './own-file.ts'
import { parsePluginFile, pluginTextFor } from './plugin-file.ts'

/** What keeps records from plugins: files that this version cannot use, programs that are not there, queues that are full. */
export function examinePlugins(machine: Machine, facts: NodeFacts): NodeCheck[] {
  const found = [...pluginFiles(machine, facts), ...socketReader(machine, facts), ...daemonState(machine, facts)]
  return found.length > 0 ? found : [ok('plugins', 'every active plugin is in the form of this version')]
}

function pluginFiles(machine: Machine, { pluginFolder, auditVersion }: NodeFacts): NodeCheck[] {
  return namesIn(machine.path(pluginFolder)).flatMap((name): NodeCheck[] => {
    const path = `${pluginFolder}/${name}`
    if (statSync(machine.path(path), { throwIfNoEntry: false })?.isDirectory() === true)
      return [
        bad('plugins', `${path} is a folder: auditd reads no plugin there`, `Remove it; an installer copied a file into it.`),
      ]
    const text = readText(machine.path(path)) ?? ''
    const { values } = parsePluginFile(text)
    if (values.get('active') !== 'yes') return []
    const needed = parsePluginFile(pluginTextFor(text, auditVersion)).values
    const program = values.get('path') ?? ''
    if (needed.get('path') !== program)
      return [
        bad(
          'plugins',
          `${path} names ${program}; audit ${auditVersion?.text} has ${needed.get('path')}: it brings nothing`,
          'podwitness node apply',
        ),
      ]
    if (program.startsWith('/') && !existsSync(machine.path(program)))
      return [
        bad(
          'plugins',
          `${path} starts ${program}, which is not there`,
          'Install audispd-plugins; on Azure Linux it is in audit.',
        ),
      ]
    return needed.get('format') === values.get('format')
      ? []
      : [
          warn(
            'plugins',
            `${path} has format ${values.get('format')}; audit ${auditVersion?.text} loses line ends that way`,
            'Set format = binary.',
          ),
        ]
  })
}

/** The socket has one reader; a second is closed at once, and without any its records are gone. Source: audit-userspace, af_unix plugin. */
function socketReader(machine: Machine, { pluginFolder }: NodeFacts): NodeCheck[] {
  const { values } = parsePluginFile(readText(machine.path(`${pluginFolder}/af_unix.conf`)) ?? '')
  const socket = (values.get('args') ?? '').split(/\s+/)[1] ?? ''
  if (values.get('active') !== 'yes' || socket === '') return []
  const ends = [socket, socket.replace(/^\/var\/run\//, '/run/')]
  const lines = (readText(machine.path('/proc/net/unix')) ?? readText('/proc/net/unix') ?? '')
    .split('\n')
    .filter((line) => ends.some((path) => line.endsWith(` ${path}`)))
  // Flags 00010000 is the listening end, state 03 a connected one. Source: net/unix/af_unix.c, unix_seq_show.
  const connected = lines.filter((line) => line.split(/\s+/)[5] === '03').length
  if (lines.length === 0)
    return [bad('socket', `nothing listens on ${socket}: the af_unix plugin does not run`, 'podwitness node apply')]
  if (connected === 0)
    return [warn('socket', `nobody reads ${socket}: what is sent there is dropped`, 'Run the agent with the source auditSocket.')]
  return [ok('socket', `one program reads ${socket}; a second would be closed at once`)]
}

/** What auditd last told of itself; `kill -CONT` of it writes the file anew. Source: auditd(8), SIGCONT. */
function daemonState(machine: Machine, facts: NodeFacts): NodeCheck[] {
  const text =
    ['/run/audit/auditd.state', '/var/run/auditd.state'].map((path) => readText(machine.path(path))).find((each) => each) ?? ''
  const says = (name: string): string => new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  const found: NodeCheck[] = []
  if (says('plugin queue overflow detected') === 'yes')
    found.push(
      bad(
        'queue',
        'auditd’s queue for plugins has overflowed: those records are in audit.log, and in no count of the kernel',
        `Raise q_depth in ${queueFile(facts)}; the agent’s source auditLog fills the hole.`,
      ),
    )
  if (says('logging suspended') === 'yes')
    found.push(bad('queue', 'auditd has suspended logging, after an error of the disk', 'Make room, then kill -USR2 of auditd.'))
  return found
}

/** Where the queue for plugins is set: audispd had a file of its own until 2.x, and auditd ends on a word it does not know. */
export function queueFile({ auditVersion }: NodeFacts): string {
  return auditVersion !== null && !atLeast(auditVersion, 3) ? '/etc/audisp/audispd.conf' : '/etc/audit/auditd.conf'
}

/** Settings that lose records where the kernel does not count them. Sources: auditd.conf(5), audispd.conf(5) of 2.8. */
export function examineQueue(values: ReadonlyMap<string, string>, facts: NodeFacts): NodeCheck[] {
  const file = queueFile(facts)
  const depth = Number(values.get('q_depth') ?? (file.endsWith('auditd.conf') ? 2000 : 80))
  const action = (values.get('overflow_action') ?? 'SYSLOG').toUpperCase()
  const found: NodeCheck[] = []
  if (depth < 2000)
    found.push(
      warn(
        'queue',
        `auditd keeps ${depth} records for plugins: more at once are lost after the kernel, uncounted`,
        `Set q_depth = 20000 in ${file}.`,
      ),
    )
  if (action === 'IGNORE')
    found.push(
      warn(
        'queue',
        'overflow_action = IGNORE: an overflow of auditd’s queue is not told',
        `Set overflow_action = SYSLOG in ${file}.`,
      ),
    )
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .sort()
  } catch {
    return []
  }
}
