import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeLines, compareRules, type KernelRule } from './load-rules.ts'
import { buildRuleSet, readRule } from './rule-set.ts'

const CALLS = ['adjtimex', 'settimeofday', 'swapon', 'swapoff', 'acct', 'reboot', 'sethostname', 'mount']
const lineOf = (call: string) => `-a always,exit -F arch=b64 -S ${call} -F key=k`
const fileOf = (lines: readonly string[]) => ({
  kind: 'rules' as const,
  name: 'a.rules',
  text: lines.join('\n'),
  source: 'a.rules',
})
const setOf = (calls: readonly string[]) => buildRuleSet([fileOf(calls.map(lineOf))], {})
const kernelOf = (lines: readonly string[]): KernelRule[] =>
  lines.map((text) => ({ text, identity: readRule(text, {})?.identity ?? null }))
const identities = (calls: readonly string[]) => new Set(kernelOf(calls.map(lineOf)).map(({ identity }) => identity as string))

/** What auditctl -R would leave in the kernel. */
function carriedOut(lines: readonly string[], kernel: readonly string[]): string[] {
  const list = [...kernel]
  for (const line of lines) {
    const rule = line.replace(/^-[ad] /, '-a ')
    if (line.startsWith('-a')) {
      expect(list).not.toContain(rule) // The kernel refuses a rule it has.
      list.push(rule)
    } else {
      expect(list).toContain(rule)
      list.splice(list.indexOf(rule), 1)
    }
  }
  return list
}

describe('the change of a rule list', () => {
  it('leads from any list to any wanted one, in order, and leaves what is foreign', () => {
    const some = fc.shuffledSubarray(CALLS)
    fc.assert(
      fc.property(some, some, some, (wanted, present, foreign) => {
        const others = foreign.filter((call) => !wanted.includes(call) && !present.includes(call))
        const kernel = [...present, ...others].map(lineOf)
        const set = setOf(wanted)
        const change = compareRules(set.rules, kernelOf(kernel), identities(present))
        const after = carriedOut(changeLines(change, set.rules), kernel)
        expect(after.filter((line) => !others.map(lineOf).includes(line))).toEqual(wanted.map(lineOf))
        expect(after.filter((line) => others.map(lineOf).includes(line))).toEqual(others.map(lineOf))
        expect(changeLines(compareRules(set.rules, kernelOf(after), identities([...present, ...wanted])), set.rules)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('never takes away a rule that is not ours', () => {
    const change = compareRules([], kernelOf(CALLS.map(lineOf)), new Set())
    expect(change.remove).toEqual([])
    expect(change.foreign).toHaveLength(CALLS.length)
  })

  it('knows a rule however it is written', () => {
    const written = setOf([]).rules.concat(
      buildRuleSet(
        [
          fileOf([
            '-a exit,always -F arch=b64 -S execve -k p',
            '-w /etc/passwd -p wa -k i',
            '-a always,exit -F auid!=unset -F perm=wa -F path=/x -k u',
          ]),
        ],
        {},
      ).rules,
    )
    const kernel = kernelOf([
      '-a always,exit -F arch=b64 -S execve -F key=p',
      '-w /etc/passwd -p wa -k i',
      '-a always,exit -S all -F auid!=-1 -F perm=wa -F path=/x -F key=u',
    ])
    expect(compareRules(written, kernel, new Set())).toMatchObject({ add: [], remove: [], misplaced: [], foreign: [] })
  })
})

describe('rule files', () => {
  it('are merged in natural order, with the last of each setting', () => {
    const file = (name: string, text: string) => ({ kind: 'rules' as const, name, text, source: name })
    const set = buildRuleSet(
      [file('100-c.rules', `-b 4096\n${lineOf('acct')}`), file('20-a.rules', `-D\n-b 8192\n${lineOf('mount')}`)],
      {},
    )
    expect(set.rules.map(({ rule }) => rule.syscalls[0])).toEqual(['mount', 'acct'])
    expect(set.settings).toEqual([{ option: '-b', value: '4096' }])
    expect(set.problems).toEqual([])
  })

  it.each([
    ['-a always,exit -F arch=b64 -S nosuch -k x', 'refused', 1],
    ['\n-d always,exit -F arch=b64 -S mount -k x', 'refused', 2],
    [`${lineOf('mount')}\n${lineOf('mount')}`, 'note', 2],
    ['-t', 'note', 1],
    ['\u0000\u0001 ;rm -rf /', 'refused', 1],
  ])('%j is told with its line', (text, severity, line) => {
    const { problems } = buildRuleSet([{ kind: 'rules', name: 'a.rules', text, source: 'cm/a.rules' }], {})
    expect(problems[0]).toMatchObject({ severity, line, file: 'cm/a.rules', code: 'PW-ND-001' })
  })
})
