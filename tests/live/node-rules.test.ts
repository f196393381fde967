import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  applyNode,
  foldersIn,
  keepNode,
  type NodeReport,
  openMachine,
  packFiles,
  planNode,
  problemText,
  readDesiredState,
  reportOf,
  rollbackNode,
  rulePacks,
  stateOf,
  surveyNode,
  uninstallNode,
} from '@podwitness/agent'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditPid, ConfigMapFolder, endAuditd, kernelRules, kernelSettings, temporaryFolder, treeOf, until } from './node-lab.ts'

const NODE = ['/etc/audit', '/var/lib/podwitness', '/etc/audisp']
const EXECVE = ['-a exit,always -F arch=b64 -S execve -k procmon', '-a exit,always -F arch=b32 -S execve -k procmon', ''].join(
  '\n',
)
const LOADED_EXECVE = [
  '-a always,exit -F arch=b64 -S execve -F key=procmon',
  '-a always,exit -F arch=b32 -S execve -F key=procmon',
]
/** A rule of somebody else's, loaded before we come. */
const FOREIGN = '-a always,exit -F arch=b64 -S adjtimex -F key=foreign'

const machine = openMachine()
let before: { tree: string[]; rules: string[]; settings: string[]; pid: number }
let folder: string
let rules: ConfigMapFolder
let plugins: ConfigMapFolder

beforeAll(async () => {
  await endAuditd()
  execFileSync('auditctl', FOREIGN.split(' '))
  before = { tree: treeOf(...NODE), rules: kernelRules(), settings: kernelSettings(), pid: auditPid() }
})

afterAll(() => {
  execFileSync('auditctl', FOREIGN.replace('-a', '-d').split(' '))
})

beforeEach(() => {
  folder = temporaryFolder()
  rules = new ConfigMapFolder(join(folder, 'auditd-rules'))
  plugins = new ConfigMapFolder(join(folder, 'audisp-plugins'))
})

afterEach(async () => {
  await uninstallNode(machine)
  rmSync(folder, { recursive: true, force: true })
  // Whatever a test did to the node: nothing of it may be left.
  expect(treeOf(...NODE)).toEqual(before.tree)
  expect(kernelRules()).toEqual(before.rules)
  expect(kernelSettings()).toEqual(before.settings)
  expect(auditPid()).toBe(before.pid)
})

const desired = () => readDesiredState(foldersIn(folder))
const apply = () => applyNode(machine, { desired: desired(), install: 'never', retry: true })

describe('a ConfigMap-shaped folder', () => {
  let stop: AbortController
  let kept: Promise<void>
  let reports: NodeReport[]

  beforeEach(() => {
    stop = new AbortController()
    reports = []
    const options = { desired, folders: Object.values(foldersIn(folder)), everyMs: 500, install: 'never' as const }
    kept = keepNode(machine, { ...options, onReport: (report) => void reports.push(report) }, stop.signal)
  })

  afterEach(async () => {
    stop.abort()
    await kept
  })

  const inForce = (...lines: string[]) => until(`${lines.join('; ')} in force`, () => isEqual(kernelRules(), [FOREIGN, ...lines]))

  it('is in force after a key is added, changed, deleted and broken', async () => {
    rules.write({ '10-procmon.rules': EXECVE })
    await inForce(...LOADED_EXECVE)
    rules.write({ '10-procmon.rules': EXECVE, '05-identity.rules': '-w /etc/passwd -p wa -k identity\n' })
    await inForce('-w /etc/passwd -p wa -k identity', ...LOADED_EXECVE)
    rules.write({ '10-procmon.rules': EXECVE, '05-identity.rules': '-w /etc/group -p wa -k identity\n' })
    await inForce('-w /etc/group -p wa -k identity', ...LOADED_EXECVE)

    const source = join(rules.path, '05-identity.rules')
    rules.write({
      '10-procmon.rules': EXECVE,
      '05-identity.rules': '# a comment\n-a always,exit -F arch=b64 -S nosuchcall -k x\n',
    })
    await until('the bad call is told', () => told(`${source}:2:`, 'PW-ND-001'))
    expect(kernelRules()).toEqual([FOREIGN, '-w /etc/group -p wa -k identity', ...LOADED_EXECVE])
    rules.write({ '10-procmon.rules': `-w ${folder}/not/there -p wa -k x\n${EXECVE}` })
    await until('the refusal is told', () =>
      told(`${join(rules.path, '10-procmon.rules')}:1: the kernel refuses it`, 'PW-ND-002'),
    )
    expect(kernelRules()).toEqual([FOREIGN, '-w /etc/group -p wa -k identity', ...LOADED_EXECVE])
    expect(readFileSync('/etc/audit/rules.d/10-procmon.rules', 'utf8')).not.toContain('not/there')

    rules.write({ '10-procmon.rules': EXECVE })
    await inForce(...LOADED_EXECVE)
    rules.write({})
    await inForce()
    await until('the file is gone', () => !existsSync('/etc/audit/rules.d/10-procmon.rules'))
  })

  it('comes back when somebody else takes rules and files away', async () => {
    rules.write({ '10-procmon.rules': EXECVE })
    await inForce(...LOADED_EXECVE)
    await until('the file is written', () => existsSync('/etc/audit/rules.d/10-procmon.rules'))
    execFileSync('auditctl', ['-d', 'always,exit', '-F', 'arch=b64', '-S', 'execve', '-k', 'procmon'])
    writeFileSync('/etc/audit/rules.d/10-procmon.rules', '# edited\n')
    await inForce(...LOADED_EXECVE)
    await until('the file is ours again', () => readFileSync('/etc/audit/rules.d/10-procmon.rules', 'utf8').includes(EXECVE))
  })

  const told = (...words: string[]) => {
    return reports.some(
      ({ condition, problems }) =>
        condition === 'refused' && words.every((word) => problems.map(problemText).join('\n').includes(word)),
    )
  }
})

describe('apply', () => {
  it('converges on a wiped node twenty times', async () => {
    rules.write({ '10-procmon.rules': EXECVE })
    plugins.write({
      'af_unix.conf':
        'active = yes\ndirection = out\npath = builtin_af_unix\ntype = builtin\nargs = 0640 /run/podwitness-live.sock\nformat = string\n',
    })
    const original = readFileSync('/etc/audit/plugins.d/af_unix.conf')
    for (let round = 0; round < 20; round++) {
      const report = await apply()
      expect([round, report.condition, report.changed]).toEqual([round, 'in-force', true])
      expect(kernelRules()).toEqual([FOREIGN, ...LOADED_EXECVE])
      expect((await apply()).changed).toBe(false)
      // As a reimage does: the disk is as it came, the kernel too.
      rmSync('/var/lib/podwitness', { recursive: true, force: true })
      rmSync('/etc/audit/rules.d/10-procmon.rules')
      writeFileSync('/etc/audit/plugins.d/af_unix.conf', original)
      for (const line of LOADED_EXECVE) execFileSync('auditctl', line.replace('-a', '-d').split(' '))
      if (round % 5 === 0) await endAuditd()
      if (auditPid() === 0) for (const option of ['-b', '-e']) execFileSync('auditctl', [option, setting(option)])
    }
    await endAuditd()
    for (const option of ['-b', '-e']) execFileSync('auditctl', [option, setting(option)])
    restoreTime('/etc/audit/plugins.d/af_unix.conf')
    await apply()
  })

  it('loads rules in the order of their files, with one put in between later', async () => {
    const [a, b, c] = ['adjtimex', 'settimeofday', 'swapon'].map(
      (name) => `-a always,exit -F arch=b64 -S ${name} -F key=live`,
    ) as [string, string, string]
    rules.write({ '20-a.rules': a, '100-c.rules': c })
    expect((await apply()).condition).toBe('in-force')
    rules.write({ '20-a.rules': a, '30-b.rules': b, '100-c.rules': c })
    expect((await apply()).condition).toBe('in-force')
    expect(kernelRules()).toEqual([FOREIGN, a, b, c])
  })

  it('reads every bundled pack back as it was asked for', async () => {
    const names = rulePacks().map(({ name }) => name)
    const report = await applyNode(machine, { desired: stateOf(packFiles(machine, names)), install: 'never' })
    expect([report.condition, report.problems]).toEqual(['in-force', []])
    expect(report.rules.inForce).toBeGreaterThan(30)
    expect(kernelRules().length).toBe(report.rules.inForce + 1)
  })

  it('never touches a file that is not ours, unless it is told to take it over', async () => {
    const path = '/etc/audit/rules.d/10-procmon.rules'
    writeFileSync(path, '-w /etc/hosts -p wa -k theirs\n', { mode: 0o640 })
    execFileSync('auditctl', ['-w', '/etc/hosts', '-p', 'wa', '-k', 'theirs'])
    try {
      rules.write({ '10-procmon.rules': EXECVE })
      const refused = await apply()
      expect([refused.condition, refused.problems.map(({ code }) => code)]).toEqual(['refused', ['PW-ND-006']])
      expect(readFileSync(path, 'utf8')).toBe('-w /etc/hosts -p wa -k theirs\n')
      const taken = await applyNode(machine, { desired: desired(), install: 'never', adopt: true })
      expect([taken.condition, taken.problems]).toEqual(['in-force', []])
      expect(kernelRules()).toEqual([FOREIGN, ...LOADED_EXECVE])
      await uninstallNode(machine)
      expect(readFileSync(path, 'utf8')).toBe('-w /etc/hosts -p wa -k theirs\n')
      expect(kernelRules()).toEqual([FOREIGN, '-w /etc/hosts -p wa -k theirs'])
      await applyNode(machine, { desired: stateOf([]), install: 'never' })
    } finally {
      rmSync(path)
      execFileSync('auditctl', ['-W', '/etc/hosts', '-p', 'wa', '-k', 'theirs'])
    }
  })

  it('goes back to the set before, and stays there until what is asked for changes', async () => {
    rules.write({ '10-procmon.rules': EXECVE })
    await apply()
    rules.write({ '10-procmon.rules': EXECVE, '20-more.rules': '-w /etc/hosts -p wa -k more\n' })
    await apply()
    expect(kernelRules()).toHaveLength(4)
    const back = await rollbackNode(machine, { install: 'never' })
    expect(back.condition).toBe('in-force')
    expect(kernelRules()).toEqual([FOREIGN, ...LOADED_EXECVE])
    const stop = new AbortController()
    const turns: NodeReport[] = []
    const kept = keepNode(
      machine,
      { desired, folders: [], everyMs: 100, install: 'never', onReport: (report) => void turns.push(report) },
      stop.signal,
    )
    await until('a turn', () => turns.length > 0)
    expect(kernelRules()).toEqual([FOREIGN, ...LOADED_EXECVE])
    rules.write({ '10-procmon.rules': EXECVE, '20-more.rules': '-w /etc/hosts -p wa -k changed\n' })
    await until('the change is in force', () => kernelRules().includes('-w /etc/hosts -p wa -k changed'))
    stop.abort()
    await kept
  })

  it('tells what it would do, and that is what a person can do by hand', async () => {
    rules.write({ '10-procmon.rules': EXECVE })
    await apply()
    rules.write({
      '10-procmon.rules': EXECVE,
      '20-more.rules': '-a always,exit -F path=/etc/hosts -F perm=wa -F auid!=unset -k more\n',
    })
    const { steps } = await planNode(machine, { desired: desired(), install: 'never' })
    expect(steps.map(({ action }) => action)).toEqual(['load', 'write'])
    for (const { command } of steps) execFileSync('sh', ['-c', command])
    expect(reportOf(await surveyNode(machine, { desired: desired() })).rules.missing).toEqual([])
    await apply()
  })
})

/** Time of a file as it was before the tests: it stands in the snapshot. */
function restoreTime(path: string): void {
  const mtimeMs = Number(before.tree.find((line) => line.startsWith(`${path} `))?.split(' ')[3])
  utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
}

function setting(option: string): string {
  const name = option === '-b' ? 'backlog_limit' : 'enabled'
  return before.settings.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? '0'
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i])
}
