import { describe, expect, it } from 'vitest'
import { parseAuditVersion } from './audit-version.ts'
import { parsePluginFile, pluginTextFor, socketPluginText } from './plugin-file.ts'
import { lintSyslogPlugin, syslogPluginText, syslogTarget } from './syslog-plugin.ts'

const valuesFor = (text: string, version: string) =>
  Object.fromEntries(parsePluginFile(pluginTextFor(text, parseAuditVersion(version))).values)

describe('a plugin file of audit 2.x, as the source documents print it', () => {
  it.each([
    ['2.8.5', { path: 'builtin_syslog', type: 'builtin' }],
    ['3.0.9', { path: '/sbin/audisp-syslog', type: 'always' }],
    ['4.1.0', { path: '/sbin/audisp-syslog', type: 'always' }],
  ])('becomes what %s reads', (version, form) => {
    const values = valuesFor(
      'active = yes\ndirection = out\npath = builtin_syslog\ntype = builtin\nargs = LOG_INFO LOG_AUTHPRIV\nformat = string\n',
      version,
    )
    expect(values).toEqual({ active: 'yes', direction: 'out', args: 'LOG_INFO LOG_AUTHPRIV', format: 'string', ...form })
  })

  it.each([
    ['2.8.5', { path: 'builtin_af_unix', type: 'builtin', args: '0640 /var/run/audispd_events', format: 'string' }],
    ['3.1.0', { path: 'builtin_af_unix', type: 'builtin', args: '0640 /var/run/audispd_events', format: 'string' }],
    ['3.1.1', { path: '/sbin/audisp-af_unix', type: 'always', args: '0640 /var/run/audispd_events', format: 'string' }],
    ['4.0.3', { path: '/sbin/audisp-af_unix', type: 'always', args: '0640 /var/run/audispd_events', format: 'string' }],
    ['4.0.4', { path: '/sbin/audisp-af_unix', type: 'always', args: '0640 /var/run/audispd_events string', format: 'binary' }],
  ])('the socket too, for %s', (version, form) => {
    expect(valuesFor(socketPluginText(), version)).toMatchObject(form)
  })

  it('keeps comments, other plugins and what they say', () => {
    const own = '# mine\nactive = yes\npath = /opt/mine\ntype = always\nargs = --x\n'
    expect(pluginTextFor(own, parseAuditVersion('3.0.9'))).toBe(own)
    expect(pluginTextFor('# a comment\npath = builtin_syslog\n', parseAuditVersion('3.0.9'))).toBe(
      '# a comment\npath = /sbin/audisp-syslog\ntype = always\n',
    )
  })
})

describe('the syslog pipeline', () => {
  it('is user by default, and any facility on request', () => {
    expect(syslogTarget(syslogPluginText())).toEqual({ facility: 'user', level: 'LOG_INFO' })
    expect(syslogTarget(syslogPluginText('authpriv'))).toEqual({ facility: 'authpriv', level: 'LOG_INFO' })
  })

  it.each([
    ['args = LOG_INFO', 'authpriv', 'PW-ND-019', 'note'],
    ['args = LOG_INFO LOG_LOCAL9', undefined, 'PW-ND-008', 'refused'],
    ['args = INFO', undefined, 'PW-ND-008', 'refused'],
  ] as const)('%s is told', (args, expected, code, severity) => {
    const text = `active = yes\npath = builtin_syslog\n${args}\n`
    expect(lintSyslogPlugin('syslog.conf', text, expected)).toMatchObject([{ code, severity, line: 3, file: 'syslog.conf' }])
  })

  it('says nothing of what is right, or not active', () => {
    expect(lintSyslogPlugin('f', syslogPluginText('authpriv'), 'authpriv')).toEqual([])
    expect(lintSyslogPlugin('f', 'active = no\npath = builtin_syslog\nargs = X Y\n', 'authpriv')).toEqual([])
  })
})
