import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../agent-config.ts'
import { NodeAccounts } from '../filter/account-names.ts'
import { agentConfigOf } from './agent-config-of.ts'
import { omsNoteText } from './oms-note.ts'
import { OmsPolicy } from './oms-policy.ts'
import { translateOms } from './translate-oms.ts'

const OUTCONF = `# of auoms
output_format = oms
enable_ack_mode = true
filter_record_types = [
"CRED_ACQ",
"PROCTITLE"
]
filter_flags_mask = 4
queue_max_fs_pct = 20
process_filters = [
  { "depth": -1, "exeMatchType": "MatchEquals", "exeMatchValue": "/opt/omi/bin/omiserver" }
]
nonsense_option = 1
`
const OMS = `<source>
  type sudo_tail
  path /var/log/audit/audit.log
  read_from_head true
</source>
<source>
  type exec
  command df
</source>
<match oms.api.LinuxAuditLog.**>
  type out_oms_api
</match>
`
const REDACT = 'regex=R"regex(-password (\\S+))regex"\n'
const file = (name: string, text: string) => ({ name, text, source: `/oms-config/${name}` })

function event(type: string, rest: string, pid = 7): DecodedEvent {
  const decoder = createDecoder()
  decoder.push(Buffer.from(`type=${type} msg=audit(1700000000.100:${pid}): ${rest}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}
const omi = (): DecodedEvent =>
  event(
    'SYSCALL',
    'arch=c000003e syscall=42 success=yes exit=0 items=0 ppid=1 pid=7 uid=0 gid=0 comm="omi" exe="/opt/omi/bin/omiserver"',
  )
const nowhere = { containerIdOf: () => '', container: () => undefined, user: String }
const accounts = new NodeAccounts('/')

it('says of every option what became of it, with its line', () => {
  const { notes } = translateOms([file('out.conf', OUTCONF), file('audit.conf', OMS), file('redact.conf', REDACT)])
  expect(notes.map(omsNoteText)).toEqual([
    'redact.conf:1: regex: set: redaction redact',
    'out.conf:2: output_format: by hand: output: {type: server}; the agent that took this was retired on 31 August 2024',
    'out.conf:3: enable_ack_mode: needless: batches are acknowledged, always',
    'out.conf:4: filter_record_types: set: events of CRED_ACQ are left out',
    'out.conf:4: filter_record_types: none: PROCTITLE are records within events, and events are kept whole',
    'out.conf:8: filter_flags_mask: none: processes have no flags here; a process filter says what is left out',
    'out.conf:9: queue_max_fs_pct: by hand: spool.maxShare: 0.2',
    'out.conf:10: process_filters: set: 1 filters',
    'out.conf:13: nonsense_option: wrong: auoms has no such option',
    'audit.conf:1: source sudo_tail: by hand: sources: {type: auditLog, path: /var/log/audit/audit.log}',
    'audit.conf:6: source exec: none: a source of type exec has nothing to do with audit, and nothing here reads it',
    'audit.conf:10: match out_oms_api: by hand: output: {type: server}; workspaces are reached from there: docs/guides',
  ])
})

it('prints a configuration that the agent takes', () => {
  const text = agentConfigOf(translateOms([file('out.conf', OUTCONF), file('audit.conf', OMS), file('redact.conf', REDACT)]))
  const config = parseAgentConfig(text, 'agent.yaml')
  expect(config.sources).toEqual([{ type: 'auditLog', path: '/var/log/audit/audit.log', from: 'start' }])
  expect([config.output.type, config.spool.maxShare, config.manage?.oms]).toEqual(['server', 0.2, '/config/oms-config'])
  expect(agentConfigOf(translateOms([]))).toBe('')
})

describe('in force', () => {
  it('leaves out what process filters and record types name, and hides secrets', () => {
    const policy = new OmsPolicy(undefined, accounts)
    expect(policy.droppedBy(omi(), nowhere)).toBeUndefined()
    const problems = policy.apply([file('out.conf', OUTCONF.replace('nonsense_option = 1\n', '')), file('redact.conf', REDACT)])
    expect(problems.map(({ code, line }) => [code, line])).toEqual([2, 4, 8, 9].map((line) => ['PW-ND-021', line]))
    expect(policy.droppedBy(omi(), nowhere)).toBe('process_filters.0')
    expect(policy.droppedBy(event('CRED_ACQ', "pid=9 uid=0 msg='op=x'"), nowhere)).toBe('oms-record-types')
    const exec = event('EXECVE', 'argc=3 a0="x" a1="-password" a2="secret"')
    expect(policy.redact(exec)?.toString()).toContain('a2="******"')
  })

  it('keeps the last good files where a new one is wrong, and says file and line', () => {
    const policy = new OmsPolicy(undefined, accounts)
    policy.apply([file('out.conf', OUTCONF.replace('nonsense_option = 1\n', ''))])
    const problems = policy.apply([file('out.conf', 'process_filters = [\n {"user": "0"},\n {"depth": "x", "user": "0"} ]\n')])
    expect(problems).toEqual([
      expect.objectContaining({ code: 'PW-ND-022', severity: 'refused', file: '/oms-config/out.conf', line: 3 }),
    ])
    expect(policy.droppedBy(omi(), nowhere)).toBe('process_filters.0')
  })

  it('hides whole command lines where the first redaction cannot be read: what it was to hide is not known', () => {
    const policy = new OmsPolicy(undefined, accounts)
    policy.apply([file('redact.conf', 'regex = (unclosed\n')])
    const exec = event('EXECVE', 'argc=2 a0="x" a1="y"')
    expect(policy.redact(exec)?.toString()).toContain('a0="*" a1="*"')
  })
})

it.each(['', '<', '<source>', '</source>', '= 1', 'process_filters = [', 'filter_record_types = {}', '[', 'regex =', '\0'])(
  'takes %j without a word of its own',
  (text) => {
    expect(() => translateOms([file('x.conf', text)])).not.toThrow()
  },
)
