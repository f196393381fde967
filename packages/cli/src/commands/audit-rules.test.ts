import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

async function ask(args: readonly string[], input: string) {
  const { terminal, recorded } = testTerminal({
    input: async function* () {
      yield Buffer.from(input)
    },
  })
  const exit = await run(['audit-rules', ...args], terminal)
  return { exit, ...recorded }
}

interface Recorded {
  readonly rule: string
  readonly directory: boolean
  readonly words: readonly (readonly [number, number])[]
  readonly buffer: string
}

/** What auditctl 3.0.9 sent to the kernel for each rule. */
const goldens: Recorded[] = JSON.parse(
  readFileSync(new URL('../../../audit/testdata/auditctl-3.0.9.json', import.meta.url), 'utf8'),
)

describe('audit-rules encode', () => {
  it('gives the fields that auditctl sends', async () => {
    const rules = goldens.filter(({ rule, directory }) => !directory && !rule.includes('-w '))
    const { exit, data } = await ask(['encode', '-'], rules.map(({ rule }) => rule).join('\n'))
    expect(exit).toBe(0)
    const lines = data
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ rule }) => rule)).toEqual(rules.map(({ rule }) => rule))
    for (const [i, { words, buffer }] of rules.entries()) {
      const bytes = Buffer.from(lines[i].bytesBase64, 'base64')
      expect([lines[i].flags, lines[i].action]).toEqual([bytes.readUInt32LE(0), bytes.readUInt32LE(4)])
      expect(bytes.subarray(1040).toString()).toBe(buffer)
      for (const [word, value] of words) expect(bytes.readUInt32LE(word * 4)).toBe(value)
    }
  })

  it('tells a bad rule with its place and goes on', async () => {
    const { exit, data, talk } = await ask(
      ['encode', '-'],
      '-a always,exit -S nosuch\n-a always,exit -F arch=b64 -S execve -k x\n',
    )
    expect(exit).toBe(1)
    expect(talk).toMatch(/^<stdin>:1:\d+: error: .*nosuch.* \(unknown_syscall\)\n/)
    expect(data.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('audit-rules lint', () => {
  it('ends with 1 and one line for each finding', async () => {
    const { exit, data } = await ask(['lint', '--json', '-'], '-a always,exit -F arch=b64 -S execve -k x\n')
    expect(exit).toBe(1)
    const codes = data
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).code)
    expect(codes).toEqual(expect.arrayContaining(['missing_32_bit', 'missing_execveat']))
  })

  it('says nothing of a good file', async () => {
    const { exit, data } = await ask(
      ['lint', '-'],
      '-a always,exit -F arch=b64 -S execve,execveat -k x\n-a always,exit -F arch=b32 -S execve,execveat -k x\n',
    )
    expect([exit, data]).toEqual([0, ''])
  })
})

describe('audit-rules explain', () => {
  it('has words for a rule, and control characters written out', async () => {
    const { exit, data } = await ask(['explain', '-'], '-a always,exit -F path=/etc/\u001b[31mshadow -F perm=wa -k \u202eids\n')
    expect(exit).toBe(0)
    expect(data).toContain('is written')
    expect(data).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('audit-rules diff', () => {
  it('compares what the kernel gets', async () => {
    const { data, exit } = await ask(['diff', '-', '/dev/null'], '-a always,exit -F arch=b64 -S execve -k x\n')
    expect([exit, data]).toEqual([1, '- -a always,exit -F arch=b64 -S execve -k x\n'])
  })

  it('refuses to read standard input twice', async () => {
    const { exit, talk } = await ask(['diff', '-', '-'], '')
    expect(exit).toBe(2)
    expect(talk).toContain('PW-CL-001')
  })
})
