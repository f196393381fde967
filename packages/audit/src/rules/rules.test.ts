import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AuditRule,
  decodeRule,
  diffRules,
  type EncodeOptions,
  encodeRule,
  explainRule,
  formatRule,
  lintRules,
  parseRules,
} from '../index.ts'

interface Sent {
  readonly rule: string
  readonly directory: boolean
  readonly all: boolean
  readonly words: readonly (readonly [number, number])[]
  readonly buffer: string
}

/** What Debian's auditctl 3.0.9 handed to sendto(2) for each rule, read with strace; words that are 0 left out. */
const sent: Sent[] = JSON.parse(readFileSync(join(import.meta.dirname, '../../testdata/auditctl-3.0.9.json'), 'utf8'))

function bytesOf({ all, words, buffer }: Sent): Buffer {
  const header = Buffer.alloc(1040)
  if (all) header.fill(0xff, 12, 268)
  for (const [at, word] of words) header.writeUInt32LE(word, at * 4)
  return Buffer.concat([header, Buffer.from(buffer)])
}

function only(text: string): AuditRule {
  const { statements, problems } = parseRules(text)
  expect(problems).toEqual([])
  return statements[0] as AuditRule
}

function encoded(rule: AuditRule, options?: EncodeOptions): Buffer {
  const result = encodeRule(rule, options)
  if ('code' in result) throw new Error(result.message)
  return result.bytes
}

describe('encoding', () => {
  for (const each of sent) {
    it(each.rule, () => {
      const bytes = encoded(only(each.rule), { isDirectory: () => each.directory, form: 'sent' })
      expect(bytes.equals(bytesOf(each))).toBe(true)
      const back = decodeRule(bytes)
      expect(back).toBeDefined()
      expect(encoded(only(formatRule(back as AuditRule)), { form: 'sent' }).equals(bytes)).toBe(true)
    })
  }

  it('as the kernel lists a rule: class bits out of a full mask', () => {
    const [sentBytes, listed] = (['sent', 'kernel'] as const).map((form) => encoded(only('-w /etc/x -p wa -k abcde'), { form }))
    expect(sentBytes?.subarray(264, 268)).toEqual(Buffer.from([255, 255, 255, 255]))
    expect(listed?.subarray(264, 268)).toEqual(Buffer.from([255, 255, 0, 0]))
    expect(listed?.length).toBe(1040 + 11)
    expect(listed?.readUInt32LE(1036)).toBe(11)
    expect(formatRule(decodeRule(listed as Buffer) as AuditRule)).toBe(formatRule(decodeRule(sentBytes as Buffer) as AuditRule))
  })

  it('takes calls by the name of either the kernel or the audit tools, and gives the latter', () => {
    const [first, second] = ['pread64', 'pread'].map((name) => encoded(only(`-a always,exit -F arch=b64 -S ${name}`)))
    expect(first?.equals(second as Buffer)).toBe(true)
    expect(decodeRule(first as Buffer)?.syscalls).toEqual(['pread'])
  })

  it('takes what newer kernels and auditctl know', () => {
    const fields = (text: string) => decodeRule(encoded(only(text)))?.fields.map(({ name, value }) => `${name}=${value}`)
    expect(fields('-a always,exit -F arch=b64 -S open -F exe=/usr/bin/vi')).toEqual(['arch=x86_64', 'exe=/usr/bin/vi'])
    expect(fields('-a never,filesystem -F fstype=tracefs')).toEqual(['fstype=1953653091'])
    expect(fields('-a always,exit -S open -F sessionid=unset -F saddr_fam=inet')).toEqual(['sessionid=-1', 'saddr_fam=2'])
    expect(decodeRule(encoded(only('-a always,io_uring -S openat -S connect')))?.list).toBe('io_uring')
  })

  it('refuses with a reason and a column', () => {
    const code = (text: string) => {
      const { statements, problems } = parseRules(text)
      const result = statements[0]?.kind === 'rule' ? encodeRule(statements[0]) : problems[0]
      return result !== undefined && 'code' in result ? `${result.code} ${result.column}` : 'taken'
    }
    expect(code('-a always,exit -F arch=b64 -S nosuchcall')).toBe('unknown_syscall 1')
    expect(code('-a always,exit -F arch=z80 -S open')).toBe('unknown_arch 19')
    expect(code('-a always,exit -F color=red')).toBe('unknown_field 19')
    expect(code('-a always,exit -F __proto__=1')).toBe('unknown_field 19')
    expect(code('-a always,exit -F uid=no_such_user')).toBe('bad_value 19')
    expect(code('-a always,exit -F uid')).toBe('bad_field 19')
    expect(code('-a always,exit -C uid=pid')).toBe('bad_comparison 19')
    expect(code('-a always,exit -C uid>euid')).toBe('bad_operator 19')
    expect(code('-a sometimes,exit')).toBe('bad_action 4')
    expect(code('-w etc/passwd')).toBe('relative_path 4')
    expect(code('-z')).toBe('missing_value 1')
    expect(code('-z 1')).toBe('unknown_option 1')
    expect(code('-S open')).toBe('no_rule 1')
    expect(code(`-a always,exit -S open -k ${'k'.repeat(300)}`)).toBe('key_too_long 27')
    expect(code('-a always,exit -F key="open')).toBe('unclosed_quote 1')
    expect(code(`-a always,exit ${'-F uid=1 '.repeat(65)}`)).toBe('too_many_fields 1')
  })
})

describe('lint', () => {
  const codes = (...lines: string[]) => lintRules(lines.join('\n')).map(({ line, code }) => `${line} ${code}`)

  it('finds nothing in a careful file', () => {
    const calls = '-S execve,execveat -k exec'
    expect(
      codes(
        '-D',
        '-b 8192',
        `-a always,exit -F arch=b64 ${calls}`,
        `-a always,exit -F arch=b32 ${calls}`,
        '-w /etc/passwd -p wa -k id',
      ),
    ).toEqual([])
  })

  it('finds what a 64-bit rule does not see', () => {
    expect(codes('-a always,exit -F arch=b64 -S execve -k exec')).toEqual(['1 missing_32_bit', '1 missing_execveat'])
  })

  it('finds rules that are never reached, doubled, too broad, without arch or key', () => {
    const shadow = [
      '-a never,exit -F arch=b64 -S open',
      '-a always,exit -F arch=b64 -S open -F uid=0 -k x',
      '-a always,exit -F arch=b32 -S open -F uid=0 -k x',
    ]
    expect(codes(...shadow)).toEqual(['2 shadowed'])
    expect(codes('-w /a -p r -k k', '-w /a -p r -k k')).toEqual(['2 duplicate'])
    expect(codes('-a always,exit -S all -k x')).toEqual(['1 too_broad'])
    expect(codes('-a always,exit -S rmdir -F uid=0')).toEqual(['1 no_arch', '1 no_key'])
    expect(codes('-a always,exclude -F path=/x')).toEqual(['1 field_not_in_list'])
    expect(
      codes('-a always,exit -S rmdir -F arch=b64 -F uid=0 -k x', '-a always,exit -F arch=b32 -S rmdir -F uid=0 -k x'),
    ).toEqual(['1 arch_after_syscall'])
  })

  it('knows what -e 2 and a late -D do', () => {
    expect(codes('-w /a -p r -k k', '-D')).toEqual(['2 delete_all_late'])
    expect(codes('-e 2', '-w /a -p r -k k')).toEqual(['1 immutable', '1 lock_not_last'])
  })

  it('says it in words with line and column', () => {
    expect(lintRules('# a\n\n-a always,exit -F color=red -k x')).toEqual([
      { line: 3, column: 19, severity: 'error', code: 'unknown_field', message: 'color is no field of a rule' },
    ])
  })
})

describe('explain and diff', () => {
  it('explains', () => {
    expect(explainRule(only('-a always,exit -F arch=b64 -S execve,execveat -F auid!=unset -k exec'))).toBe(
      'Log the system calls execve, execveat, where the program is 64-bit and somebody has logged in; marked exec.',
    )
    expect(explainRule(only('-w /etc/ -p wa -k etc'))).toBe(
      'Log when /etc/ or anything below it is written or changed in its attributes; marked etc.',
    )
  })

  it('compares by meaning', () => {
    const wanted = '-w /etc/passwd -p wa -k id\n-a always,exit -F arch=b64 -S execve -k e'
    expect(
      diffRules(wanted, '-a exit,always -F arch=x86_64 -S 59 -F key=e\n-a always,exit -F path=/etc/passwd -F perm=aw -F key=id'),
    ).toEqual({
      missing: [],
      extra: [],
      reordered: true,
    })
    const { missing, extra } = diffRules(wanted, '-w /etc/passwd -p wa -k other')
    expect([missing.length, extra.length]).toEqual([2, 1])
  })
})

describe('any text', () => {
  it('never throws', () => {
    const word = fc.constantFrom(
      '-a',
      '-F',
      '-S',
      '-C',
      '-w',
      '-p',
      '-k',
      'always,exit',
      'arch=b64',
      'uid>=5',
      'key=',
      '"',
      "'",
      '-e',
      '2',
      'a0&=7',
      '\n',
      'execve',
      '-D',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 6 })), { maxLength: 30 }), (words) => {
        for (const problem of lintRules(words.join(' '))) expect(problem.line).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => decodeRule(Buffer.from(bytes)) !== null),
      { numRuns: 100 },
    )
  })
})
