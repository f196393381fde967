import { expect, it } from 'vitest'
import { parseAgentConfig } from './agent-config.ts'

const OUTPUT = 'output: {type: stdout}'

it('fills in what is not said', () => {
  const config = parseAgentConfig(`sources: [{type: auditSocket}, {type: auditLog}]\n${OUTPUT}`, 'a.yaml')
  expect(config.sources).toEqual([
    { type: 'auditSocket', path: '/var/run/audispd_events' },
    { type: 'auditLog', path: '/var/log/audit/audit.log', from: 'end' },
  ])
  expect(config.spool).toEqual({ policy: 'drop-oldest', maxBytes: 1024 ** 3, maxShare: 0.1, minFreeShare: 0.05 })
})

it.each([
  ['sources: []', /sources names no source/],
  ['sources: [{type: tape}]', /a.yaml:1: sources.0.type is none of auditSocket/],
  ['sources: [{type: stdin, path: /x}]', /sources.0.path is no option; there are type/],
  ['sources: [{type: stdin}]\nspol: {}', /a.yaml:2: spol is no option/],
  ['sources: [{type: stdin}]\nspool: {maxShare: 7}', /spool.maxShare is no number from/],
  ['sources: [{type: syslog, transport: tls}]', /sources.0.certificate is missing/],
  ['sources: [{type: stdin}]\nfilter: {rules: [{name: all}]}', /drop rule all fits everything/],
  ['sources: [', /a.yaml:\d+: /],
  ['- 1', /is no mapping/],
])('refuses %j', (text, why) => {
  expect(() => parseAgentConfig(`${text}\n${text === '- 1' || text.endsWith('[') ? '' : OUTPUT}`, 'a.yaml')).toThrow(
    expect.objectContaining({ code: 'PW-AG-001', why: expect.stringMatching(why) }),
  )
})

it('refuses a server address that is not encrypted', () => {
  const text = 'sources: [{type: stdin}]\noutput: {type: server, url: "http://host:7273"}'
  expect(() => parseAgentConfig(text, 'a.yaml')).toThrow(expect.objectContaining({ why: expect.stringContaining('output.url') }))
})
