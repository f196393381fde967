import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectionStates } from './detections.ts'
import { explainRule } from './explain-policy.ts'
import { lintPolicy } from './lint-policy.ts'
import { parsePolicy } from './parse-policy.ts'
import { PRESETS } from './presets.ts'

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n'
const END = '\n  - level: Metadata\n'
const brief = (text: string): string[] =>
  lintPolicy(text).map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`)
const firstMessage = (text: string): string => lintPolicy(text)[0]?.message ?? ''

describe('what kube-apiserver refuses', () => {
  it.each([
    ['not YAML', 'rules: [', 'not_yaml'],
    ['no mapping', '- level: None', 'not_a_policy'],
    ['an empty file', '', 'not_a_policy'],
    ['another kind', 'apiVersion: audit.k8s.io/v1\nkind: Event\nrules: [{level: None}]', 'not_a_policy'],
    ['an old version', 'apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: Metadata}]', 'not_a_policy'],
    ['no rules', 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []', 'no_rules'],
    ['no level', `${HEAD}  - users: [a]${END}`, 'no_level'],
    ['a list that is none', `${HEAD}  - level: None\n    users: alice${END}`, 'wrong_type'],
    ['a number as a name', `${HEAD}  - level: None\n    users: [12]${END}`, 'wrong_type'],
    ['two kinds of target', `${HEAD}  - level: None\n    namespaces: [a]\n    nonResourceURLs: [/x]${END}`, 'mixed_targets'],
    ['a path without slash', `${HEAD}  - level: None\n    nonResourceURLs: [healthz]${END}`, 'bad_url'],
    ['a star inside a path', `${HEAD}  - level: None\n    nonResourceURLs: ["/a*/b"]${END}`, 'bad_url'],
    ['a group with its version', `${HEAD}  - level: None\n    resources: [{group: apps/v1}]${END}`, 'bad_group'],
    ['names alone', `${HEAD}  - level: None\n    resources: [{group: "", resourceNames: [x]}]${END}`, 'names_without_resources'],
  ])('%s', (_title, text, code) => {
    const found = lintPolicy(text).filter(({ severity }) => severity === 'error')
    expect(found.map((problem) => problem.code)).toContain(code)
  })

  it('says which word was meant, and where', () => {
    const text = `${HEAD}  - level: MetaData\n    verbs: [get]${END}`
    expect(brief(text)).toEqual(['4:12 error unknown_level'])
    expect(firstMessage(text)).toBe('there is no level "MetaData"; did you mean Metadata?')
    expect(firstMessage(`${HEAD}  - level: Metadata\n    omitStages: [ResponseCompleted]`)).toContain(
      'did you mean ResponseComplete?',
    )
    const ignored = lintPolicy(`${HEAD}  - level: Metadata\n    user: [alice]\n`).find(({ code }) => code === 'unknown_field')
    expect(ignored).toMatchObject({
      severity: 'warning',
      line: 5,
      column: 5,
      message: 'a rule has no field "user"; did you mean users?',
    })
    expect(firstMessage(`${HEAD}  - level: None\n    resources: [{group: rbac.authorization.k8s.io/v1}]${END}`)).toContain(
      'write "rbac.authorization.k8s.io"',
    )
  })
})

describe('what does nothing', () => {
  it.each([
    ['a star among users', '  - {level: None, users: ["*"]}', 'never_matches'],
    ['a group among users', '  - {level: None, users: ["system:nodes"]}', 'never_matches'],
    ['an account among groups', '  - {level: None, userGroups: ["system:serviceaccount:a:b"]}', 'never_matches'],
    ['an unknown verb', '  - {level: Request, verbs: [read]}', 'unknown_verb'],
    ['a singular resource', '  - {level: Request, resources: [{group: "", resources: [pod]}]}', 'unknown_resource'],
    [
      'a resource of another group',
      '  - {level: Request, resources: [{group: "", resources: [deployments]}]}',
      'unknown_resource',
    ],
    [
      'a rule behind one that takes all of it',
      '  - {level: Metadata, verbs: [get]}\n  - {level: Request, verbs: [get], users: [a]}',
      'shadowed',
    ],
  ])('%s', (_title, rule, code) => {
    expect(lintPolicy(`${HEAD}${rule}${END}`).map((problem) => problem.code)).toContain(code)
  })

  it('names the home of a resource', () => {
    expect(firstMessage(`${HEAD}  - {level: Request, resources: [{group: "", resources: [deployments]}]}${END}`)).toBe(
      '"deployments" is not of group ""; it is of "apps"',
    )
  })
})

describe('what goes dark or leaks', () => {
  const CASES: [string, string, string][] = [
    ['entries', '  - {level: None, resources: [{group: "", resources: ["pods/*"]}]}', 'entry_dropped'],
    ['entries over WebSocket', '  - {level: None, verbs: [get, list, watch]}', 'entry_verb_missing'],
    ['the beginning of entries', '  - {level: Metadata, omitStages: [ResponseStarted]}', 'entry_stage_omitted'],
    ['anonymous requests', '  - {level: None, userGroups: ["system:unauthenticated"]}', 'anonymous_dropped'],
    ['outcomes', '  - {level: Metadata, omitStages: [ResponseComplete]}', 'outcome_omitted'],
    ['rights', '  - {level: None, resources: [{group: rbac.authorization.k8s.io}]}', 'detection_dark'],
    ['secrets in the log', '  - {level: Request, verbs: [create, update, patch]}', 'secrets_in_log'],
    ['secrets that were read', '  - {level: RequestResponse, resources: [{group: ""}]}', 'secrets_in_log'],
  ]
  it.each(CASES)('%s', (_title, rule, code) => {
    expect(lintPolicy(`${HEAD}${rule}${END}`).map((problem) => problem.code)).toContain(code)
  })

  it('says when nothing takes the rest', () => {
    expect(brief(`${HEAD}  - {level: Request, users: [alice]}`)).toContain('4:5 warning no_catch_all')
  })
})

describe('presets', () => {
  it.each(PRESETS.map((preset) => [preset.name, preset] as const))('%s is a policy that loses no entry', (_name, { yaml }) => {
    const found = lintPolicy(yaml)
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
    const { policy } = parsePolicy(yaml)
    expect(
      policy === undefined ? [] : detectionStates(policy).filter(({ id }) => ['entry', 'anonymous', 'denied'].includes(id)),
    ).toEqual([
      expect.objectContaining({ id: 'entry', state: 'sees' }),
      expect.objectContaining({ id: 'anonymous', state: 'sees' }),
      expect.objectContaining({ id: 'denied', state: 'sees' }),
    ])
  })

  it('warn only where their text does', () => {
    const codes = Object.fromEntries(
      PRESETS.map(({ name, yaml }) => [name, [...new Set(lintPolicy(yaml).map(({ code }) => code))]]),
    )
    expect(codes).toEqual({
      minimal: ['detection_dark'],
      entries: [],
      cis: [],
      everything: ['everything_in_full', 'secrets_in_log'],
    })
  })

  it('can be told in words', () => {
    const { policy } = parsePolicy(PRESETS.find(({ name }) => name === 'entries')?.yaml ?? '')
    expect(policy?.rules.slice(5, 7).map(explainRule)).toEqual([
      'Write who, what, when and the outcome, without bodies, of any request by anybody on pods/exec, pods/attach, pods/portforward, pods/proxy, services/proxy or nodes/proxy.',
      'Write who, what, when and the body of the request of any request by anybody on pods/ephemeralcontainers.',
    ])
  })
})

it('takes any text without throwing, and places every finding inside it', () => {
  const words = fc.constantFrom(
    'rules:',
    '  - level: ',
    'None',
    'users: [',
    ']',
    '{',
    '}',
    '"',
    '\n',
    '  ',
    'resources:',
    'group: ',
    '&a ',
    '*a ',
    '- ',
    ': ',
    '|',
    '\t',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      for (const { line, column } of lintPolicy(`${HEAD}${parts.join('')}`)) expect(line >= 1 && column >= 1).toBe(true)
    }),
    { numRuns: 300 },
  )
})
