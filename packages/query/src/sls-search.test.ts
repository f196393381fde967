import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSlsFixture, type SlsFixture, slsCatalog } from '../testdata/sls-fixture.ts'

let fixture: SlsFixture
beforeAll(async () => {
  fixture = await openSlsFixture()
})
afterAll(() => fixture?.close())

const ALL = 'e1 e2 e3 e4 e5 e6 e7 e8'
describe('search', () => {
  it.each([
    ['* and k8s.pod.namespace: default and k8s.pod.name: web-1', 'e1 e2 e3 e4'],
    ['* and process.name: curl', 'e3'],
    ['*', ALL],
    ['', ALL],
    [' ', ALL],
    ['curl', 'e3'],
    ['CURL', 'e3'],
    ['"169.254.169.254"', 'e3'],
    ['rm curl', ''],
    ['rm or curl', 'e2 e3'],
    ['kind: Command not process.name: ls', 'e2 e3 e6 e7 e8'],
    ['not process.name: curl', 'e1 e2 e4 e5 e6 e7 e8'],
    ['process.name: (rm or curl or sudo)', 'e2 e3 e7'],
    ['process.name: rm or process.name: curl and k8s.user.username: alice', 'e2 e3'],
    ['(process.name: rm or process.name: sudo) and k8s.user.username: bob', 'e7'],
    ['process.name: *', 'e2 e3 e4 e6 e7 e8'],
    ['not process.name: *', 'e1 e5'],
    ['k8s.user.aliuid: ""', ''],
    ['process.cmdline: sec*', 'e8'],
    ['process.cmdline: s?do', 'e7'],
    ['process.cmdline: "su sudo"', 'e7'],
    ['process.cmdline:#"su sudo"', ''],
    ['process.cmdline:#"sudo su"', 'e7'],
    ['#"rm -rf /tmp"', 'e2'],
    ['cost_ms > 60', 'e3 e8'],
    ['cost_ms >= 60', 'e3 e7 e8'],
    ['cost_ms in [3 100)', 'e2 e4 e7'],
    ['cost_ms in (3 100]', 'e2 e7 e8'],
    ['cost_ms >= 60 and cost_ms < 200', 'e7 e8'],
    ['cost_ms = 12', 'e2'],
    ['cost_ms: 12', 'e2'],
    ['kind: Command and "k8s.pod.namespace": kube-system', 'e6 e7'],
    ['"and"', ''],
    ['process.cmdline: "http://169.254.169.254/latest"', 'e3'],
    ['k8s.user.groups: ops', 'e5 e6 e7'],
    ['KUBEOBJECT.operation.KIND: podexec', 'e1 e5'],
    ['__topic__: x', ''],
    ['__topic__: ""', ALL],
    ['not __source__: "" or __topic__: y', ''],
    ['not __tag__:__path__: *', ALL],
    ['NOT kind:Command', 'e1 e5'],
    ['kind : Command AND NOT process.name : ls', 'e2 e3 e6 e7 e8'],
    ['rm or not kind: Command', 'e1 e2 e5'],
    ['not (rm or curl) and kind: Command', 'e4 e6 e7 e8'],
    ['not not curl', 'e3'],
    ['process.name: (r* or c*)', 'e2 e3'],
    ['process.name: (not ls)', 'e1 e2 e3 e5 e6 e7 e8'],
    ['process.name: r?', 'e2'],
    ['process.name: r?m', ''],
    ["'rm'", 'e2'],
    ['"process.name": "rm"', 'e2'],
    ['process.cmdline: "-rf rm"', 'e2'],
    ['process.cmdline: "a.txt"', 'e2'],
    ['process.cmdline: a', ''],
    ['process.cmdline: latest', 'e3'],
    ['process.cmdline: "\\"rm"', 'e2'],
    ['not k8s.user.username: ""', ALL],
    ['cost_ms: > 60', 'e3 e8'],
    ['cost_ms in (3 100)', 'e2 e7'],
    ['cost_ms in [3 100]', 'e2 e4 e7 e8'],
    ['cost_ms != 12', 'e3 e4 e6 e7 e8'],
    ['cost_ms >= 11.5 and cost_ms <= 12.5', 'e2'],
    ['cost_ms < -1', ''],
    ['not cost_ms > 60', 'e1 e2 e4 e5 e6 e7'],
    ['k8s.pod.labels: kube-dns', 'e5 e6 e7'],
    ['"in" or "not"', ''],
    ['__source__: x', ''],
    ['__tag__:__path__: x', ''],
    ['k8s.pod.name: web-1', 'e1 e2 e3 e4'],
    ['k8s.pod.name: web', ''],
    ['k8s.pod.labels.app.kubernetes.io/name: web', 'e1'],
  ])('%s', async (text, expected) => {
    expect(await fixture.ids(text)).toBe(expected)
  })
})

describe('looking words up beforehand finds the same rows', () => {
  const { parts: _, ...logstore } = slsCatalog.logstore
  it.each([
    ['bob or web-1', 'e2 e3 e4 e5 e6 e7'],
    ['kube-dns and (#"sh -c" or 1000)', 'e5 e7'],
    ['matched and not (E3 or bob)', 'e2 e4'],
    ['#"rm rm" or #"app web" or c2', 'e2 e3 e4'],
    ['31 or tru? or 2025-01-01t00 and curl', 'e2 e3'],
    ['ku*l or système or k8s.pod.labels.app: web and process.pid in [30 32]', 'e2 e3'],
    ['(podexec or kubeObject.operation.kind: x) and risk: 1 or k8s.user: alice and ls', 'e4'],
  ])('%s', async (text, wanted) => {
    const range = { from: '2025-01-01T00:00:10Z', to: '2025-01-01T00:02:07Z' }
    expect(await fixture.ids(text, range)).toBe(wanted)
    expect(await fixture.ids(text, range, { logstore })).toBe(wanted)
  })
})
