import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ruleDocuments } from '../rule-documents.ts'
import { importSigma } from './import-sigma.ts'

const HEAD = 'title: Tried\nlevel: high\n'
const LINUX = 'logsource: {product: linux, category: process_creation}\n'
const AUDITD = 'logsource: {product: linux, service: auditd}\n'
const KUBE = 'logsource: {product: kubernetes, service: audit}\n'
const syscall = (name: string) => (name === 'ptrace' ? [101, 117] : [])

/** The condition of the only rule, without what every rule of its source has. */
function sqlOf(source: string, detection: string): string {
  const [only] = importSigma(`${HEAD}${source}detection:\n${detection.replace(/^/gm, '  ')}`, { syscall })
  expect(only?.refused).toBeUndefined()
  const { query } = parse(String(only?.yaml)) as { query: { text: string } }
  return query.text.split('\n  AND ').at(-1) ?? ''
}

describe('selections and values', () => {
  it.each<[string, string]>([
    ['s: {CommandLine|contains: curl}', "(cmdline ILIKE '%curl%')"],
    ['s: {CommandLine|startswith: cu*l}', "(cmdline ILIKE 'cu%l%')"],
    ['s: {CommandLine|cased: RM}', "(cmdline LIKE 'RM')"],
    ["s: {CommandLine: 'a\\*b?c'}", "(cmdline ILIKE 'a*b_c')"],
    ["s: {CommandLine|contains: '50%_\\x'}", "(cmdline ILIKE '%50\\\\%\\\\_\\\\\\\\x%')"],
    ['s: {CommandLine|contains: "it\'s"}', "(cmdline ILIKE '%it\\'s%')"],
    ['s: {CommandLine|contains: [a, b]}', "((cmdline ILIKE '%a%') OR (cmdline ILIKE '%b%'))"],
    ['s: {CommandLine|contains|all: [a, b]}', "((cmdline ILIKE '%a%') AND (cmdline ILIKE '%b%'))"],
    ['s: {CommandLine|neq: a, CurrentDirectory: /tmp}', "(NOT (cmdline ILIKE 'a') AND (cwd ILIKE '/tmp'))"],
    ["s: {CommandLine|re: '^rm -[rf]+'}", "match(cmdline, '(?-s)^rm -[rf]+')"],
    ["s: {CommandLine|re|i|s: 'a.b'}", "match(cmdline, '(?is)a.b')"],
    ['s: {CommandLine|base64|contains: curl}', "(cmdline LIKE '%Y3VybA==%')"],
    [
      's: {CommandLine|base64offset|contains: curl}',
      "((cmdline LIKE '%Y3Vyb%') OR (cmdline LIKE '%N1cm%') OR (cmdline LIKE '%jdXJs%'))",
    ],
    ['s: {CommandLine: null}', "(cmdline = '')"],
    ['s: {CommandLine|exists: true}', "NOT (cmdline = '')"],
    ['s: {ProcessId|gte: 100}', 'ifNull(pid >= 100, 0)'],
    ['s: {CurrentDirectory|fieldref: CommandLine}', '(toString(cwd) = toString(cmdline))'],
    ['s: [{CommandLine: a}, {CommandLine: b}]', "((cmdline ILIKE 'a') OR (cmdline ILIKE 'b'))"],
    ['s: [evil]', "(concat(cmdline, '\\n', raw) ILIKE '%evil%')"],
    ["s: {'|all': [x, y]}", "((concat(cmdline, '\\n', raw) ILIKE '%x%') AND (concat(cmdline, '\\n', raw) ILIKE '%y%'))"],
  ])('%s', (selection, expected) => {
    expect(sqlOf(LINUX, `${selection}\ncondition: s`)).toBe(expected)
  })

  it('knows a program of busybox by the name it was called by', () => {
    expect(sqlOf(LINUX, 's: {Image|endswith: /wget}\ncondition: s')).toMatch(/busybox.*name.*ILIKE '%\/wget'/)
  })

  it.each<[string, string, string]>([
    [AUDITD, 's: {type: EXECVE}', "arrayExists(x -> (x ILIKE 'EXECVE'), record_types)"],
    [AUDITD, 's: {type: EXECVE, a1: -x}', "arrayElement(argv, 2) ILIKE '-x'"],
    [AUDITD, 's: {type: SYSCALL, a1: 10}', 'type=SYSCALL'],
    [AUDITD, 's: {syscall: ptrace}', '(syscall IN (101, 117))'],
    [AUDITD, 's: {unit: auditd}', 'extract(raw,'],
    [KUBE, 's: {objectRef.resource: secrets, verb: [get, list]}', "(resource ILIKE 'secrets')"],
    [KUBE, 's: {sourceIPs|cidr: 10.0.0.0/8}', "isIPAddressInRange(if(source_ip = '', '::', source_ip), '10.0.0.0/8')"],
    [KUBE, 's: {user.groups: system:masters}', "arrayExists(x -> (x ILIKE 'system:masters'), groups)"],
    [KUBE, 's: {responseStatus.code|gt: 399}', 'ifNull(status > 399, 0)'],
    [KUBE, 's: {requestObject.spec.hostNetwork: true}', "JSONExtractRaw(raw, 'requestObject', 'spec', 'hostNetwork')"],
    [KUBE, 's: {annotations.authorization.k8s.io/decision: forbid}', "'annotations', 'authorization.k8s.io/decision'"],
  ])('%s %s', (source, selection, expected) => {
    expect(sqlOf(source, `${selection}\ncondition: s`)).toContain(expected)
  })

  it('asks of the API server once a request, unless the rule itself asks for a stage', () => {
    const yaml = (selection: string) => importSigma(`${HEAD}${KUBE}detection: {s: {${selection}}, condition: s}`)[0]?.yaml
    expect(yaml('verb: get')).toContain("stage != 'RequestReceived'")
    expect(yaml('verb: get, stage: Panic')).not.toContain('RequestReceived')
  })
})

it.each<[string, string]>([
  ['a and b', '(A AND B)'],
  ['a or b and c', '(A OR (B AND C))'],
  ['not a and b', '(NOT A AND B)'],
  ['(a or b) and not c', '((A OR B) AND NOT C)'],
  ['1 of them', '(A OR B OR C)'],
  ['all of them', '(A AND B AND C)'],
  ['all of a* and not 1 of _d*', '(A AND NOT D)'],
])('condition %s', (condition, expected) => {
  const each = ['a', 'b', 'c', '_d'].map((name) => `${name}: {CommandLine|cased: ${name.replace('_', '')}}`).join('\n')
  const sql = sqlOf(LINUX, `${each}\ncondition: ${condition}`)
  expect(sql.replace(/\(cmdline LIKE '(\w)'\)/g, (_, name: string) => name.toUpperCase())).toBe(expected)
})

it.each<[string, string, string]>([
  [
    'another product',
    `${HEAD}logsource: {product: windows, category: process_creation}\ndetection: {s: {a: b}, condition: s}`,
    'no evidence of the log source windows',
  ],
  ['an unknown field', `${HEAD}${LINUX}detection: {s: {ComandLine: x}, condition: s}`, 'Did you mean CommandLine?'],
  ['a hash', `${HEAD}${LINUX}detection: {s: {Hashes: x}, condition: s}`, 'no field "Hashes"'],
  ['an unknown modifier', `${HEAD}${LINUX}detection: {s: {CommandLine|contain: x}, condition: s}`, 'did you mean contains?'],
  ['a placeholder', `${HEAD}${LINUX}detection: {s: {CommandLine|expand: '%x%'}, condition: s}`, 'not in the rule'],
  ['an aggregation', `${HEAD}${LINUX}detection: {s: {CommandLine: x}, condition: s | count() > 5}`, 'counts rows'],
  ['a timeframe', `${HEAD}${LINUX}detection: {s: {CommandLine: x}, condition: s, timeframe: 5m}`, '{count: N}'],
  ['a correlation', 'title: C\ncorrelation: {type: event_count}', 'correlation'],
  [
    'an unknown selection',
    `${HEAD}${LINUX}detection: {selection: {CommandLine: x}, condition: selektion}`,
    'Did you mean selection?',
  ],
  ['an open bracket', `${HEAD}${LINUX}detection: {s: {CommandLine: x}, condition: (s}`, 'never closed'],
  ['a look behind', `${HEAD}${LINUX}detection: {s: {CommandLine|re: '(?<!a)b'}, condition: s}`, 'looks around'],
  ['a wrong expression', `${HEAD}${LINUX}detection: {s: {CommandLine|re: 'a('}, condition: s}`, 'is wrong'],
  ['an unknown call', `${HEAD}${AUDITD}detection: {s: {syscall: ptrase}, condition: s}`, 'no system call'],
  ['no title', `${LINUX}detection: {s: {CommandLine: x}, condition: s}`, 'no title'],
  ['no rule at all', '[1, 2]', 'mapping'],
  ['wrong YAML', 'title: "a', 'The YAML is wrong'],
  ['endless brackets', `${HEAD}${LINUX}detection: {s: {CommandLine: x}, condition: "${'('.repeat(900)}"}`, 'nested too deeply'],
])('%s is refused in words', (_name, text, words) => {
  const made = importSigma(text, { syscall })
  expect(made).toHaveLength(1)
  expect(made[0]?.yaml).toBeUndefined()
  expect(made[0]?.refused).toContain(words)
})

it('makes a rule that lints, with its weight, its reason and where it is from', async () => {
  const sigma = `title: 'A tool: "quoted"'
id: 6c0a7f4e-3c1b-4d2f-9a3e-0d5c1f2b7a10
status: experimental
description: >
  Somebody looks for rights.
falsepositives: [Administrators, Unknown]
level: critical
tags: [attack.discovery, attack.t1069]
logsource: {product: linux, category: process_creation}
detection:
  s: {Image|endswith: [/id, /whoami]}
  f: {User: root}
  condition: s and not f
`
  const [one] = importSigma(sigma)
  const { documents, faults } = await ruleDocuments(String(one?.yaml))
  expect(faults).toEqual([])
  expect(documents[0]?.rule).toMatchObject({
    ...{ id: 'sigma-6c0a7f4e-3c1b-4d2f-9a3e-0d5c1f2b7a10', name: 'A tool: "quoted"', severity: 'critical', enabled: true },
    reason: 'Somebody looks for rights. It may be harmless: Administrators.',
    ...{ trigger: { kind: 'hasData' }, needs: ['commands'], muteMs: 600_000 },
    labels: { sigma: '6c0a7f4e-3c1b-4d2f-9a3e-0d5c1f2b7a10', status: 'experimental', tags: 'attack.discovery attack.t1069' },
  })
  expect(importSigma(`${sigma}---\n${sigma}`)).toHaveLength(2)
})
