import { execFile } from 'node:child_process'
import { readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { NodeError } from './node-error.ts'

/** How commands get to the node: as they are, in its root folder, or in the namespaces of its first process. */
export type Entry = 'direct' | 'chroot' | 'nsenter'

/** How a command ended. */
interface CommandResult {
  /** Exit code; 127 where there is no such command, 124 where it took too long. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  /** Milliseconds; default 20 000. */
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
}

/** A node that is worked on: its files and its commands. */
export interface Machine {
  /** Where its root file system is; `/` on the node itself. */
  readonly root: string
  /** Where one of its paths is for this process; symbolic links are followed as on the node. */
  path(inside: string): string
  run(command: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>
  /** The command as a person would type it here. */
  commandText(command: string, args: readonly string[]): string
}

const LONGEST_OUTPUT_BYTES = 16 * 1024 * 1024
const MOST_LINKS = 40

/** Makes a node out of its root folder. Throws PW-ND-012 where the folder holds no system. */
export function openMachine(root = '/', entry: Entry = root === '/' ? 'direct' : 'chroot'): Machine {
  if (statSync(join(root, 'etc'), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new NodeError('PW-ND-012', {
      what: `${root} is not the root of a node.`,
      why: `There is no folder ${join(root, 'etc')}.`,
    })
  const words = (command: string, args: readonly string[]): [string, ...string[]] => {
    if (entry === 'chroot') return ['chroot', root, command, ...args]
    if (entry === 'nsenter')
      return ['nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', command, ...args]
    return [command, ...args]
  }
  return {
    root,
    path: (inside) => (root === '/' ? inside : pathInside(root, inside)),
    run: async (command, args, options = {}) => {
      const result = await runCommand(words(command, args), options)
      if (entry !== 'direct' && notEntered(entry, result))
        throw new NodeError('PW-ND-020', { what: `Commands cannot be run in ${root}.`, why: result.stderr.trim() })
      return result
    },
    commandText: (command, args) => words(command, args).map(shellWord).join(' '),
  }
}

/** Whether the way in failed, and not the command: that must not look like a node without auditd. Source: chroot(1), nsenter(1). */
function notEntered(entry: Entry, { code, stderr }: CommandResult): boolean {
  if (stderr.startsWith(`spawn ${entry} `)) return true
  return entry === 'chroot' ? code === 125 : /^nsenter: (?:cannot open|reassociate|stat|unrecognized)/.test(stderr)
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** Follows links as the node itself would: an absolute one starts at its root, and `..` does not leave it. */
export function pathInside(root: string, inside: string): string {
  const left = inside.split('/').filter((part) => part !== '')
  const done: string[] = []
  for (let links = 0; left.length > 0; ) {
    const part = left.shift() as string
    if (part === '.') continue
    if (part === '..') {
      done.pop()
      continue
    }
    const target = links < MOST_LINKS ? linkAt(join(root, ...done, part)) : undefined
    if (target === undefined) done.push(part)
    else {
      links++
      if (target.startsWith('/')) done.length = 0
      left.unshift(...target.split('/').filter((each) => each !== ''))
    }
  }
  return join(root, ...done)
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined // Not a link, or not there.
  }
}

function runCommand(
  [command, ...args]: readonly [string, ...string[]],
  { timeoutMs = 20_000, env }: RunOptions,
): Promise<CommandResult> {
  const options = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: LONGEST_OUTPUT_BYTES,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin', LC_ALL: 'C', HOME: '/root', ...env },
  }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr })
      const missing = 'code' in error && (error.code as unknown) === 'ENOENT'
      const code = missing ? 127 : error.killed === true ? 124 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr: stderr || error.message })
    })
  })
}
