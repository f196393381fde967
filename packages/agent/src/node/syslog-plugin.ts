import type { NodeProblem } from './node-error.ts'
import { parsePluginFile } from './plugin-file.ts'

/** Facilities the syslog plugin takes. Source: audisp-syslog(8). */
export const FACILITIES = [
  'user',
  'auth',
  'authpriv',
  'daemon',
  'syslog',
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
] as const
export type Facility = (typeof FACILITIES)[number]

/** Severities the plugin takes as its first argument. Source: audisp-syslog(8). */
const LEVELS = new Set('LOG_DEBUG LOG_INFO LOG_NOTICE LOG_WARNING LOG_ERR LOG_CRIT LOG_ALERT LOG_EMERG'.split(' '))

/** The plugin file that writes every record to syslog at level info. Without a facility argument it is `user`. */
export function syslogPluginText(facility: Facility = 'user'): string {
  const args = facility === 'user' ? 'LOG_INFO' : `LOG_INFO LOG_${facility.toUpperCase()}`
  return `active = yes\ndirection = out\npath = builtin_syslog\ntype = builtin\nargs = ${args}\nformat = string\n`
}

/** Facility and level of a syslog plugin file; null where it is another plugin's, or not active. */
export function syslogTarget(text: string): { facility: string; level: string } | null {
  const { values } = parsePluginFile(text)
  if (!/syslog/.test(values.get('path') ?? '') || values.get('active') !== 'yes') return null
  const [level = 'LOG_INFO', facility = 'LOG_USER'] = (values.get('args') ?? '').split(/\s+/).filter((word) => word !== '')
  return { facility: facility.replace(/^LOG_/, '').toLowerCase(), level }
}

/** What is wrong with a syslog plugin file, also against the facility that the collector takes. */
export function lintSyslogPlugin(file: string, text: string, expected?: Facility): NodeProblem[] {
  const target = syslogTarget(text)
  if (target === null) return []
  const line = text.split('\n').findIndex((each) => /^\s*args\s*=/.test(each)) + 1
  const found: NodeProblem[] = []
  const tell = (code: NodeProblem['code'], severity: NodeProblem['severity'], message: string) =>
    found.push({ code, severity, part: 'plugin', file, line, message })
  if (!LEVELS.has(target.level)) tell('PW-ND-008', 'refused', `${target.level} is no level: LOG_INFO is the usual one`)
  if (!FACILITIES.includes(target.facility as Facility))
    tell('PW-ND-008', 'refused', `LOG_${target.facility.toUpperCase()} is no facility the plugin takes: ${FACILITIES.join(', ')}`)
  else if (expected !== undefined && target.facility !== expected)
    tell(
      'PW-ND-019',
      'note',
      `records go to facility ${target.facility}, the collector takes ${expected}: nothing would arrive. Set args = ${target.level} LOG_${expected.toUpperCase()}`,
    )
  return found
}
