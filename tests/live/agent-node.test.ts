import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openMachine, uninstallNode } from '@podwitness/agent'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually } from '../agent-lab.ts'
import { auditPid, ConfigMapFolder, endAuditd, kernelRules, kernelSettings, temporaryFolder, treeOf, until } from './node-lab.ts'

/** Times the node is wiped. */
const WIPES = 20
const NODE = ['/etc/audit', '/var/lib/podwitness', '/etc/audisp']
/** Milliseconds within which a change of a ConfigMap has to be in force. */
const IN_FORCE_MS = 5000
const EXECVE =
  '-a exit,always -F arch=b64 -S execve -k procmon\n-a exit,always -F arch=b32 -S execve -k procmon\n-w /etc/hosts -p wa -k hosts\n'
const IN_KERNEL = [
  '-a always,exit -F arch=b64 -S execve -F key=procmon',
  '-a always,exit -F arch=b32 -S execve -F key=procmon',
  '-w /etc/hosts -p wa -k hosts',
]
const PLUGIN =
  'active = no\ndirection = out\npath = builtin_syslog\ntype = builtin\nargs = LOG_INFO LOG_AUTHPRIV\nformat = string\n'

const folder = temporaryFolder()
const PORT = 19_273
let rules: ConfigMapFolder
let plugins: ConfigMapFolder
let oms: ConfigMapFolder
let agent: AgentProcess
let before: { tree: string[]; rules: string[]; settings: string[] }

const ours = (): string[] => kernelRules().filter((line) => !before.rules.includes(line))
const inKernel = (wanted: readonly string[]): Promise<void> =>
  until(wanted.join(), () => JSON.stringify(ours()) === JSON.stringify(wanted), IN_FORCE_MS)

async function metrics(): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${PORT}/metrics`)).text()
  return new Map([...text.matchAll(/^podwitness_agent_(\w+) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]))
}

async function ready(): Promise<string> {
  return fetch(`http://127.0.0.1:${PORT}/readyz`).then(
    (answer) => answer.text(),
    () => '',
  )
}

beforeAll(async () => {
  await endAuditd()
  before = { tree: treeOf(...NODE), rules: kernelRules(), settings: kernelSettings() }
  // Folders of aks-auditd's names, as its image has them: /audit-rules, /audisp-plugins, /oms-config.
  rules = new ConfigMapFolder(join(folder, 'audit-rules'))
  plugins = new ConfigMapFolder(join(folder, 'audisp-plugins'))
  oms = new ConfigMapFolder(join(folder, 'oms-config'))
  rules.write({ '10-procmon.rules': EXECVE })
  plugins.write({ 'syslog.conf': PLUGIN })
  agent = new AgentProcess(
    join(folder, 'agent'),
    `sources: [{type: auditLog}]\noutput: {type: file, path: ${folder}/lines}\nmanage: {config: ${folder}, everySeconds: 30}\n`,
  )
  writeFileSync(
    join(folder, 'agent/agent.yaml'),
    readFileSync(join(folder, 'agent/agent.yaml'), 'utf8').replace('{port: 0}', `{port: ${PORT}}`),
  )
  agent.start()
})

afterAll(async () => {
  await agent.end('SIGTERM')
  await uninstallNode(openMachine())
  await endAuditd()
  rmSync(folder, { recursive: true, force: true })
  expect(kernelRules()).toEqual(before.rules)
  expect(kernelSettings()).toEqual(before.settings)
  expect(treeOf(...NODE)).toEqual(before.tree)
})

it('starts auditd, puts the rules into the kernel, and says so where it is asked', async () => {
  await inKernel(IN_KERNEL)
  expect(auditPid()).toBeGreaterThan(0)
  await eventually(ready, (text) => text === 'ok\n')
  const measured = await metrics()
  expect([
    measured.get('node_in_force'),
    measured.get('node_rules_wanted'),
    measured.get('node_rules_in_force'),
    measured.get('node_condition'),
  ]).toEqual([1, 3, 3, 0])
  expect(readFileSync('/etc/audit/plugins.d/syslog.conf', 'utf8')).toContain('path = /sbin/audisp-syslog')
})

it('has an added, a changed and a deleted key in force within 5 s, and ships what it did', async () => {
  rules.write({ '10-procmon.rules': EXECVE, '20-more.rules': '-w /etc/hostname -p wa -k name\n' })
  await inKernel([...IN_KERNEL, '-w /etc/hostname -p wa -k name'])
  rules.write({ '10-procmon.rules': EXECVE, '20-more.rules': '-w /etc/group -p wa -k name\n' })
  await inKernel([...IN_KERNEL, '-w /etc/group -p wa -k name'])
  rules.write({ '10-procmon.rules': EXECVE })
  await inKernel(IN_KERNEL)
  await until('the deleted key’s file is gone', () => !treeOf('/etc/audit/rules.d').some((line) => line.includes('20-more')))
  const told = (): string => readFileSync(join(folder, 'lines'), 'utf8')
  await eventually(told, (text) => text.includes('"rule":"node_in_force"'))
})

it('keeps the last good set where the kernel refuses one, and is not ready until it is corrected', async () => {
  rules.write({ '10-procmon.rules': `${EXECVE}-w /no/such/folder/file -p wa -k x\n` })
  const text = await eventually(ready, (said) => said.includes('refused'))
  expect(text).toContain('10-procmon.rules:4')
  await inKernel(IN_KERNEL)
  expect((await metrics()).get('node_in_force')).toBe(0)
  rules.write({ '10-procmon.rules': EXECVE })
  await eventually(ready, (said) => said === 'ok\n')
})

it('hides and leaves out what a changed oms-config asks for', async () => {
  const shipped = (): string => readFileSync(join(folder, 'lines'), 'utf8')
  const say = (...words: string[]): string => execFileSync('/bin/echo', words, { encoding: 'utf8' })
  say('-password', 'before-the-rule')
  await eventually(shipped, (text) => text.includes('before-the-rule'))
  oms.write({
    'redact.conf': 'regex=R"x(-password (\\S+))x"\n',
    'out.conf': 'process_filters = [\n {"depth": 0, "exeMatchType": "MatchEquals", "exeMatchValue": "/usr/bin/id"}\n]\n',
  })
  await eventually(
    async () => {
      say('-password', 'after-the-rule')
      execFileSync('/usr/bin/id', ['podwitness-left-out'].slice(1))
      return (await metrics()).get('left_out_process_filters_0_total') ?? 0
    },
    (count) => count > 0,
    5000,
  )
  const lastPassword = `last-${Date.now()}`
  say('-password', lastPassword)
  say('the-end')
  const text = await eventually(shipped, (all) => all.includes('the-end'))
  expect(text).not.toContain(lastPassword)
  expect(text).toContain('*'.repeat(lastPassword.length))
})

it(`makes a wiped node whole again by itself, ${WIPES} times`, { timeout: 15_000 * WIPES }, async () => {
  const machine = openMachine()
  for (let i = 0; i < WIPES; i++) {
    const repairs = (await metrics()).get('node_repairs_total') ?? 0
    for (const path of ['/etc/audit/rules.d/10-procmon.rules', '/etc/audit/plugins.d/syslog.conf'])
      rmSync(machine.path(path), { force: true })
    const { code } = await machine.run('auditctl', ['-D', '-k', 'procmon'])
    await machine.run('auditctl', ['-D', '-k', 'hosts'])
    expect(code).toBe(0)
    const ended = auditPid() // Of no use to wait until it is gone: the agent may have started another by then.
    if (ended > 0) process.kill(ended, 'SIGTERM')
    await eventually(metrics, (now) => (now.get('node_repairs_total') ?? 0) > repairs)
    await inKernel(IN_KERNEL)
    await until('another auditd', () => ![0, ended].includes(auditPid()))
    await eventually(
      () => treeOf('/etc/audit/rules.d', '/etc/audit/plugins.d').map((line) => line.split(' ')[0]),
      (paths) => paths.includes('/etc/audit/rules.d/10-procmon.rules') && paths.includes('/etc/audit/plugins.d/syslog.conf'),
    )
    await eventually(ready, (said) => said === 'ok\n')
  }
})
