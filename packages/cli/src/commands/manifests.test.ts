import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAgentConfig } from '@podwitness/agent'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { brokenControls } from '../../testdata/pod-security.ts'
import { wrongFields } from '../../testdata/published-fields.ts'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

/** Kinds that belong to no namespace. */
const UNBOUND = new Set(['Namespace', 'PriorityClass', 'ClusterRole', 'ClusterRoleBinding'])
const ROOT = join(import.meta.dirname, '../../../..')
/** Printed manifests that are kept in deploy/manifests, by their arguments. */
const KEPT: readonly (readonly [string, readonly string[]])[] = [
  ['podwitness.yaml', []],
  ['adopt-aks-auditd.yaml', ['--distro', 'aks', '--adopt', 'aks-auditd', '--syslog', 'authpriv']],
  ['without-privileges.yaml', ['--no-privileged', '--server', 'https://audit.example:7273', '--pack', 'procmon,identity']],
  ['openshift.yaml', ['--distro', 'openshift', '--image', 'registry.example/podwitness-agent:0.1.0']],
]

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal()
  const exit = await run(['manifests', ...args], terminal)
  return { exit, ...recorded }
}

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, checked against the published fields below
type Manifest = any

function objectsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (!('errors' in document)) throw new Error('no document')
    expect(document.errors).toEqual([])
    return document.toJS()
  })
}

describe.each(KEPT)('%s', (file, args) => {
  it('is what the command prints', async () => {
    const { exit, data } = await ask(...args)
    expect(exit).toBe(0)
    const path = join(ROOT, 'deploy/manifests', file)
    await expect(data).toMatchFileSnapshot(path)
  })

  it('has only fields that Kubernetes has, with their types', async () => {
    const objects = objectsOf((await ask(...args)).data)
    expect(objects.length).toBeGreaterThan(3)
    expect(objects.flatMap((object) => wrongFields(`V1${object.kind}`, object, object.kind))).toEqual([])
  })

  it('is decoded by kubectl as typed objects', async () => {
    const { data } = await ask(...args)
    const { stdout, stderr, error } = spawnSync('kubectl', ['set', 'image', '--local', '-f', '-', '*=checked', '-o', 'name'], {
      input: data,
      encoding: 'utf8',
    })
    expect(error).toBeUndefined()
    expect(stdout).toContain('daemonset.apps/podwitness-agent')
    // What has no image is told by its type: it was decoded.
    const others = stderr
      .split('\n')
      .filter((line) => line.trim() !== '')
      .join(' ')
      .split('error: ')
      .filter((line) => line !== '')
    for (const line of others) expect(line).toMatch(/does not have a pod template: \*v1\.\w+/)
    expect(others.length).toBe(objectsOf(data).filter(({ kind }) => kind !== 'DaemonSet' && kind !== 'StatefulSet').length)
  })

  it('refers to nothing that is not there', async () => {
    const objects = objectsOf((await ask(...args)).data)
    for (const { spec } of objects.filter(({ kind }) => kind === 'DaemonSet' || kind === 'StatefulSet')) {
      const pod = spec.template.spec
      const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }: Manifest) => metadata.name)
      const volumes = new Set([...pod.volumes.map(({ name }: Manifest) => name), ...claims])
      for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        for (const mount of container.volumeMounts) expect([...volumes]).toContain(mount.name)
      }
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels)
      expect(
        objects.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === pod.serviceAccountName),
      ).toBeDefined()
    }
    for (const { metadata, kind } of objects)
      if (!UNBOUND.has(kind)) expect(metadata.namespace).toBe(args.includes('--adopt') ? 'kube-system' : 'podwitness')
  })

  it('gives a reason beside every privilege', async () => {
    const lines = (await ask(...args)).data.split('\n')
    const privileges = lines.flatMap((line, i) =>
      /^\s*(hostPID: true|privileged: true|- [A-Z_]{6,}$|runAsUser: 0|appArmorProfile:|pod-security.*privileged|seLinuxOptions:)/.test(
        line,
      )
        ? [i]
        : [],
    )
    expect(privileges.length).toBeGreaterThan(5)
    for (const i of privileges) expect(lines.slice(Math.max(0, i - 3), i).join('\n')).toMatch(/^\s*# /m)
  })
})

it.each(KEPT)('%s: the agent takes its configuration', async (_file, args) => {
  const objects = objectsOf((await ask(...args)).data)
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'podwitness-agent').data[
    'agent.yaml'
  ]
  const { output, sources, manage, state } = parseAgentConfig(config, 'agent.yaml')
  expect(sources).toMatchObject([
    { path: expect.stringMatching(/^\/node\/.*audispd_events$/) },
    { path: '/node/var/log/audit/audit.log' },
  ])
  expect([manage?.root, manage?.install, manage?.daemon, state]).toEqual([
    '/node',
    'never',
    'service',
    '/node/var/lib/podwitness/agent',
  ])
  expect(sources.map(({ type }) => type)).toEqual(['auditSocket', 'auditLog'])
  expect(output).toMatchObject({ type: 'server', url: expect.stringMatching(/^https:.*:7273$/) })
})

it('the programs know the options that the manifests give them', async () => {
  const containers = objectsOf((await ask()).data).flatMap(({ spec }) => {
    const pod = spec?.template?.spec
    return pod === undefined ? [] : [...(pod.initContainers ?? []), ...pod.containers]
  })
  expect(containers.map(({ name }) => name)).toEqual(['setup', 'agent', 'server'])
  for (const { args } of containers) {
    const { terminal, recorded } = testTerminal()
    // An option that is unknown fails before help is shown.
    const exit = await run([...args, '--help'], terminal)
    expect([exit, recorded.talk]).toEqual([0, ''])
  }
})

it('runs one privileged container, which ends; the others drop all and add what they say', async () => {
  const pod = objectsOf((await ask()).data).find(({ kind }) => kind === 'DaemonSet').spec.template.spec
  expect(pod.initContainers.map(({ securityContext }: Manifest) => securityContext.privileged)).toEqual([true])
  const rights = pod.containers.map(({ name, securityContext }: Manifest) => [
    name,
    securityContext.privileged,
    securityContext.capabilities,
  ])
  expect(rights).toEqual([
    ['agent', false, { drop: ['ALL'], add: ['AUDIT_CONTROL', 'SYS_CHROOT', 'SYS_PTRACE', 'DAC_READ_SEARCH'] }],
  ])
  const writable = pod.containers.flatMap(({ volumeMounts }: Manifest) =>
    volumeMounts.filter(({ readOnly }: Manifest) => readOnly !== true).map(({ name }: Manifest) => name),
  )
  expect(writable).toEqual(['etc-audit', 'state'])
})

const podOf = (objects: Manifest[], of: string): Manifest => objects.find(({ kind }) => kind === of).spec.template.spec

describe('Pod Security', () => {
  it('the server keeps to the strictest level, and writes nothing but its volumes', async () => {
    const pod = podOf(objectsOf((await ask()).data), 'StatefulSet')
    expect(brokenControls(pod)).toEqual({ baseline: [], restricted: [] })
    expect(pod.containers[0].securityContext.readOnlyRootFilesystem).toBe(true)
    expect(pod.automountServiceAccountToken).toBe(false)
  })

  it.each([
    [[], ['setup: privileged', 'agent: capabilities', 'agent: AppArmor']],
    [['--no-privileged'], ['agent: capabilities', 'agent: AppArmor']],
    [
      ['--distro', 'openshift'],
      ['setup: privileged', 'agent: capabilities', 'agent: AppArmor', 'setup: SELinux', 'agent: SELinux'],
    ],
  ])('the agent %j breaks only what it gives reasons for', async (args, own) => {
    const objects = objectsOf((await ask(...args)).data)
    expect(brokenControls(podOf(objects, 'DaemonSet')).baseline).toEqual(['hostPID', 'hostPath', ...own])
    const [agent] = podOf(objects, 'DaemonSet').containers
    expect(agent.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
    expect(agent.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' })
    const space = objects.find(({ kind }) => kind === 'Namespace').metadata.labels
    expect(Object.values(space)).toEqual(['privileged', 'privileged', 'privileged'])
  })

  it('binds nothing to a processor: images are of both', async () => {
    expect((await ask()).data).not.toMatch(/kubernetes\.io\/arch|amd64|arm64/)
  })
})

it('without privileges, no container has any', async () => {
  const { data } = await ask('--no-privileged')
  expect(data).not.toContain('privileged: true')
  expect(objectsOf(data).find(({ kind }) => kind === 'DaemonSet').spec.template.spec.initContainers).toBeUndefined()
})

it('uses the ConfigMaps of aks-auditd as they are, by their names', async () => {
  const objects = objectsOf((await ask('--adopt', 'aks-auditd')).data)
  expect(objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['podwitness-agent'])
  const { volumes } = objects.find(({ kind }) => kind === 'DaemonSet').spec.template.spec
  expect(volumes.flatMap(({ configMap }: Manifest) => configMap?.name ?? [])).toEqual([
    'auditd-rules',
    'audisp-plugins',
    'oms-config',
    'podwitness-agent',
  ])
})

it.each([
  ['--image', 'a b'],
  ['--image', 'x\n  evil: true'],
  ['--namespace', 'a: b'],
  ['--server', 'http://plain.example'],
  ['--distro', 'other'],
  ['--pack', 'nosuch'],
])('refuses %s %j', async (...args) => {
  expect((await ask(...args)).exit).toBe(2)
})

it('a wrong field, type or need is found', () => {
  const wrong = { apiVersion: 'v1', kind: 'DaemonSet', metadata: { name: 5 }, spec: { selectr: {}, template: {} } }
  expect(wrongFields('V1DaemonSet', wrong, 'x')).toEqual([
    'x.metadata.name is no string',
    'x.spec.selector is missing',
    'x.spec.selectr is unknown',
  ])
})
