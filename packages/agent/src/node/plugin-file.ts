import { type AuditVersion, atLeast } from './audit-version.ts'

/** Assignments of a plugin file, in order. Source: auditd-plugins(5). */
export interface PluginFile {
  readonly values: ReadonlyMap<string, string>
  /** Lines that are no assignment, with their numbers from 1. */
  readonly unread: readonly { readonly line: number; readonly text: string }[]
}

const NAMES = new Set(['active', 'direction', 'path', 'type', 'args', 'format'])

/** Reads a plugin file: `name = value`, `#` comments. */
export function parsePluginFile(text: string): PluginFile {
  const values = new Map<string, string>()
  const unread: { line: number; text: string }[] = []
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const [, name, value] = /^([a-z]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined || !NAMES.has(name)) unread.push({ line: i + 1, text: line })
    else values.set(name, value ?? '')
  })
  return { values, unread }
}

/** Where the syslog plugin's program is since 3.0. */
export const SYSLOG_PROGRAM = '/sbin/audisp-syslog'

/** Path of auditd's socket, in every form of the plugin. */
const EVENT_SOCKET = '/var/run/audispd_events'

/**
 * Rewrites a plugin file for the installed version: the built-in forms of 2.x became programs, syslog in 3.0,
 * af_unix in 3.1.1. A file that names neither is left as it is.
 */
export function pluginTextFor(text: string, version: AuditVersion | null): string {
  const { values } = parsePluginFile(text)
  const path = values.get('path') ?? ''
  if (/(^builtin_syslog$|\/audisp-syslog$)/.test(path)) return withValues(text, syslogForm(version))
  if (/(^builtin_af_unix$|\/audisp-af_unix$)/.test(path)) return withValues(text, socketForm(version, values.get('args') ?? ''))
  return text
}

function syslogForm(version: AuditVersion | null): Record<string, string> {
  const program = version === null || atLeast(version, 3)
  return program ? { path: SYSLOG_PROGRAM, type: 'always' } : { path: 'builtin_syslog', type: 'builtin' }
}

/** Source: audit-userspace, audisp/plugins/af_unix and its change log. 4.0.4 and 4.0.5 forget newlines in string form. */
function socketForm(version: AuditVersion | null, args: string): Record<string, string> {
  const [mode = '0640', socket = EVENT_SOCKET] = args.split(/\s+/).filter((word) => word !== '')
  const builtIn = version === null || !atLeast(version, 3, 1, 1)
  if (builtIn) return { path: 'builtin_af_unix', type: 'builtin', args: `${mode} ${socket}`, format: 'string' }
  const program = { path: '/sbin/audisp-af_unix', type: 'always' }
  if (!atLeast(version, 4, 0, 4)) return { ...program, args: `${mode} ${socket}`, format: 'string' }
  return { ...program, args: `${mode} ${socket} string`, format: 'binary' }
}

/** The text with other values; names it does not have are put at its end. */
function withValues(text: string, values: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(values))
  const lines = text.split('\n').map((line) => {
    const name = /^\s*([a-z]+)\s*=/.exec(line)?.[1] ?? ''
    const value = left.get(name)
    if (value === undefined) return line
    left.delete(name)
    return `${name} = ${value}`
  })
  while (lines.at(-1) === '') lines.pop()
  return `${[...lines, ...[...left].map(([name, value]) => `${name} = ${value}`)].join('\n')}\n`
}

/** The plugin that gives records to the agent over a socket. */
export function socketPluginText(): string {
  return `active = yes\ndirection = out\npath = builtin_af_unix\ntype = builtin\nargs = 0640 ${EVENT_SOCKET}\nformat = string\n`
}
