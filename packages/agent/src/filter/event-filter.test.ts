import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../agent-config.ts'
import { asksForContainers, droppedBy, type PlaceLookup } from './event-filter.ts'
import type { FilterRule } from './filter-rule.ts'

const WEB = 'a'.repeat(63).concat('1')
const JOB = 'b'.repeat(64)
const labels = (namespace: string, name: string) => ({
  'io.kubernetes.pod.namespace': namespace,
  'io.kubernetes.container.name': name,
})
/** Process 10 is of a pod, 11 of a container outside of Kubernetes, 12 of the node, 13 of a container that nobody has told of. */
const PLACES: PlaceLookup = {
  containerIdOf: (pid) => ({ 10: WEB, 11: JOB, 13: 'c'.repeat(64) })[pid] ?? '',
  container: (id) => {
    const fact = { kind: 'container', image: '', args: [], cgroup: '', initPid: 1, createdAt: '', node: '' } as const
    if (id === WEB) return { ...fact, id, labels: labels('shop', 'web') }
    return id === JOB ? { ...fact, id, labels: {} } : undefined
  },
  user: (uid) => ({ 0: 'root', 33: 'www-data' })[uid] ?? String(uid),
}

interface Asked {
  readonly pid?: number
  readonly uid?: number
  readonly exe?: string
  readonly call?: string
  readonly key?: string
}

/** An openat(2) by /usr/bin/cat of user 33 in process 10, but for what is asked. */
function event({
  pid = 10,
  uid = 33,
  exe = '"/usr/bin/cat"',
  call = 'c000003e syscall=257',
  key = '"files"',
}: Asked): DecodedEvent {
  const text = `arch=${call} success=yes exit=3 items=1 ppid=1 pid=${pid} auid=1000 uid=${uid} gid=33 comm="cat" exe=${exe} key=${key}`
  return read(`type=SYSCALL msg=audit(1700000000.100:7): ${text}\ntype=CWD msg=audit(1700000000.100:7): cwd="/"`)
}

const decoder = createDecoder()

function read(lines: string): DecodedEvent {
  decoder.push(Buffer.from(`${lines}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

function rulesOf(yaml: string): readonly FilterRule[] {
  return parseAgentConfig(`sources: [{type: stdin}]\nfilter: {rules: [${yaml}]}`, 'agent.yaml').filter.rules
}

describe('a rule', () => {
  it.each<[string, Asked, boolean]>([
    ['{key: files}', {}, true],
    ['{key: file}', {}, false],
    ['{key: "fi*"}', {}, true],
    ['{key: b}', { key: '610162' }, true], // "a", 0x01, "b": one of several
    ['{key: "a*b"}', { key: '610162' }, false],
    ['{key: x}', { key: '(null)' }, false],
    ['{exe: /usr/bin/cat}', {}, true],
    ['{exe: cat}', {}, false],
    ['{exe: "/usr/*"}', {}, true],
    ['{exe: "/opt/a b"}', { exe: '2F6F70742F612062' }, true],
    ['{exe: "*"}', { exe: '(null)' }, true],
    ['{syscall: openat}', {}, true],
    ['{syscall: "257"}', {}, true],
    ['{syscall: open}', {}, false],
    ['{syscall: "open*"}', {}, true],
    ['{syscall: execve}', { call: '40000003 syscall=11' }, true], // the same name has another number on i386
    ['{syscall: execve}', { call: 'c00000b7 syscall=221' }, true],
    ['{syscall: execve}', { call: 'c000003e syscall=11' }, false],
    ['{syscall: "9999"}', { call: 'c000003e syscall=9999' }, true],
    ['{user: www-data}', {}, true],
    ['{user: "33"}', {}, true],
    ['{user: root}', {}, false],
    ['{user: "4000"}', { uid: 4000 }, true],
    ['{user: "1000"}', {}, false], // who acts, not who logged in
    ['{container: web}', {}, true],
    ['{container: "w*"}', {}, true],
    [`{container: ${WEB.slice(0, 12)}}`, {}, true],
    ['{container: aaa}', {}, false], // too short for an id
    ['{container: web}', { pid: 12 }, false],
    ['{container: web}', { pid: 13 }, false],
    [`{container: ${'c'.repeat(8)}}`, { pid: 13 }, true], // an id needs no name
    ['{namespace: shop}', {}, true],
    ['{namespace: "sh*"}', {}, true],
    ['{namespace: kube-system}', {}, false],
    ['{namespace: "*"}', { pid: 11 }, true], // a container of no pod is in the namespace without a name
    ['{namespace: shop}', { pid: 12 }, false],
    ['{namespace: "*"}', { pid: 12 }, false], // the node itself is in none
    ['{type: CWD}', {}, true],
    ['{type: PATH}', {}, false],
    ['{exe: /usr/bin/cat, user: www-data, namespace: shop}', {}, true],
    ['{exe: /usr/bin/cat, user: root, namespace: shop}', {}, false],
    ['{syscall: [open, openat]}', {}, true],
  ])('%s of %j: %s', (rule, asked, drops) => {
    const rules = rulesOf(rule.replace('{', '{name: it, '))
    expect(droppedBy(rules, event(asked), PLACES)).toBe(drops ? 'it' : undefined)
  })

  it('has no word on what an event does not say', () => {
    const login = read(`type=USER_LOGIN msg=audit(1700000000.100:7): pid=9 uid=0 msg='op=login acct="x" res=success'`)
    expect(droppedBy(rulesOf('{exe: /bin/login}, {syscall: openat}, {key: a}'), login, PLACES)).toBeUndefined()
    expect(droppedBy(rulesOf('{type: "USER_*"}'), login, PLACES)).toBe('rule-1')
  })
})

it('decides by the first rule that fits', () => {
  const keep = '{action: keep, exe: /usr/bin/cat}'
  expect(droppedBy(rulesOf(`${keep}, {namespace: shop}`), event({}), PLACES)).toBeUndefined()
  expect(droppedBy(rulesOf(`{name: all-of-shop, namespace: shop}, ${keep}`), event({}), PLACES)).toBe('all-of-shop')
  expect(droppedBy([], event({}), PLACES)).toBeUndefined()
})

it('says whether containers must be known at once', () => {
  expect(asksForContainers(rulesOf('{exe: /bin/sh}, {namespace: a}'))).toBe(true)
  expect(asksForContainers(rulesOf('{exe: /bin/sh}'))).toBe(false)
})

it.each([
  ['{name: all}', /:2: filter.rules.0 drop rule all fits everything/],
  ['{exe: 7}', /:2: filter.rules.0.exe is no list of texts/],
  ['{exe: a, action: drip}', /:2: filter.rules.0.action is none of drop, keep/],
  ['{exe: a, exes: b}', /:2: filter.rules.0.exes is no option/],
  ['cat', /:2: filter.rules.0 is no mapping/],
])('refuses %s, with its line', (rule, why) => {
  expect(() => rulesOf(rule)).toThrow(expect.objectContaining({ code: 'PW-AG-001', why: expect.stringMatching(why) }))
})
