import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openMachine, uninstallNode } from '@podwitness/agent'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from '../../packages/cli/src/run.ts'
import { testTerminal } from '../../packages/cli/testdata/test-terminal.ts'
import { eventually } from '../agent-lab.ts'
import { CriLab, type PodMade } from './cri-lab.ts'
import { auditPid, ConfigMapFolder, endAuditd, kernelRules, kernelSettings, temporaryFolder, treeOf, until } from './node-lab.ts'

const NODE = ['/etc/audit', '/var/lib/podwitness']
const IMAGE = 'podwitness.test/agent:1'
const PLUGIN =
  'active = yes\ndirection = out\npath = builtin_syslog\ntype = builtin\nargs = LOG_INFO LOG_AUTHPRIV\nformat = string\n'

const root = temporaryFolder()
const folder = temporaryFolder()
const cri = new CriLab(join(folder, 'cri'))
const lines = '/var/lib/podwitness/agent-test-lines'
let before: { tree: string[]; rules: string[]; settings: string[] }
let pod: Manifest
let rules: ConfigMapFolder
let plugins: ConfigMapFolder
let made: PodMade
let app = ''
let agent = ''

// biome-ignore lint/suspicious/noExplicitAny: parsed YAML, whose fields are held against Kubernetes' own in manifests.test.ts
type Manifest = any

beforeAll(async () => {
  await endAuditd()
  before = { tree: treeOf(...NODE), rules: kernelRules(), settings: kernelSettings() }
  execFileSync(process.execPath, ['scripts/assemble-root.mjs', root, '--with-node'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: 'ignore',
  })
  await cri.open()
  await cri.importImage(root, IMAGE, { Entrypoint: ['podwitness'] })
  const { terminal, recorded } = testTerminal()
  await run(['manifests', '--image', IMAGE, '--no-pods'], terminal)
  const objects = parseAllDocuments(recorded.data).map((document) => document.toJS())
  pod = objects.find(({ kind }) => kind === 'DaemonSet').spec.template.spec
  mountFolders(objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'podwitness-agent'))
}, 120_000)

afterAll(async () => {
  await cri.close()
  await uninstallNode(openMachine()).catch(() => {}) // The test may have done that.
  await endAuditd()
  rmSync(lines, { force: true })
  rmSync('/var/lib/podwitness/agent', { recursive: true, force: true })
  if (before.tree.every((line) => !line.startsWith('/var/lib/podwitness ')))
    rmSync('/var/lib/podwitness', { recursive: true, force: true })
  for (const path of [root, folder]) rmSync(path, { recursive: true, force: true })
  expect(kernelRules()).toEqual(before.rules)
  expect(kernelSettings()).toEqual(before.settings)
  expect(treeOf(...NODE)).toEqual(before.tree)
}, 60_000)

/** What kubelet would mount: ConfigMaps as folders. Of the agent's configuration, only where it sends to, the socket and the time between looks differ. */
function mountFolders(config: Manifest): void {
  rules = new ConfigMapFolder(join(folder, 'auditd-rules'))
  plugins = new ConfigMapFolder(join(folder, 'audisp-plugins'))
  rules.write({ '10-procmon.rules': '-a always,exit -F arch=b64 -S execve -k procmon\n-w /etc/hosts -p wa -k hosts\n' })
  plugins.write({})
  new ConfigMapFolder(join(folder, 'oms-config')).write({})
  const text: string = config.data['agent.yaml']
  const changed = text
    .replace(/output:\n( {2}.*\n)+/, `output: {type: file, path: /node${lines}}\n`)
    .replace('  socket: true\n', '  socket: true\n  everySeconds: 2\n')
    .replace(/cri: .*/, `cri: /node${cri.socket}`)
  expect(changed).toContain('type: file')
  new ConfigMapFolder(join(folder, 'agent-config')).write({ 'agent.yaml': changed })
  mkdirSync(join(folder, 'join'))
  mkdirSync('/var/lib/podwitness', { recursive: true })
}

/** A container of the printed Pod, asked for as kubelet asks: arguments, mounts and privileges, and nothing more. */
function start(container: Manifest): Promise<string> {
  const { privileged, capabilities, allowPrivilegeEscalation, readOnlyRootFilesystem, runAsUser } = container.securityContext
  const security = {
    namespace_options: { network: 2, pid: 2 },
    privileged: privileged === true,
    readonly_rootfs: readOnlyRootFilesystem === true,
    no_new_privs: allowPrivilegeEscalation === false,
    ...(runAsUser === undefined
      ? {}
      : { run_as_user: { value: runAsUser }, run_as_group: { value: container.securityContext.runAsGroup } }),
    ...(capabilities === undefined
      ? {}
      : { capabilities: { add_capabilities: capabilities.add, drop_capabilities: capabilities.drop } }),
    ...(privileged === true ? {} : { seccomp: { profile_type: 0 } }),
  }
  return cri.container(made, {
    name: container.name,
    image: IMAGE,
    args: container.args,
    envs: [
      { key: 'NODE_NAME', value: 'here' },
      { key: 'HOST_IP', value: '127.0.0.1' },
    ],
    // Propagation from the host needs a shared root, which this machine has not.
    mounts: container.volumeMounts.map(({ name, mountPath, readOnly }: Manifest) => ({
      container_path: mountPath,
      host_path: pod.volumes.find((volume: Manifest) => volume.name === name).hostPath?.path ?? join(folder, name),
      readonly: readOnly === true,
    })),
    security,
  })
}

/** Names of the programs that a process started, by whichever of its threads. */
function childrenOf(pid: number): string[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ')
  })
  return children.filter((child) => child !== '').map((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim())
}

async function ask(path: string): Promise<string> {
  return fetch(`http://127.0.0.1:9273${path}`).then(
    (answer) => answer.text(),
    (error: Error) => error.message,
  )
}

it('the agent’s root file system runs by itself, without the engine', () => {
  const chrooted = (...args: string[]) =>
    spawnSync('chroot', [root, 'podwitness', ...args], { encoding: 'utf8', env: { PATH: '/usr/bin:/usr/sbin' } })
  expect(chrooted('agent', '--help').stdout).toContain('podwitness agent')
  expect(JSON.parse(chrooted('node', 'status', '--json').stdout)).toMatchObject({
    condition: 'drifted',
    rules: { wanted: 2, inForce: 0 },
  })
  expect(existsSync(join(root, 'app/node_modules/chdb'))).toBe(false)
})

it('sets the node up by the one privileged container, which ends', { timeout: 60_000 }, async () => {
  made = await cri.pod({
    namespace: 'podwitness',
    name: 'podwitness-agent-x',
    uid: '2c1f7d2e-1d7e-4a40-9d3e-9a1a4a7b0c11',
    security: { namespace_options: { network: 2, pid: 2 }, privileged: true },
  })
  await start(pod.initContainers[0])
  await eventually(
    () => cri.log('setup'),
    (text) => text.includes('in force: read back from the kernel and equal'),
  )
  // It outlives the container that started it: no group of that container is left, in which it would be ended.
  expect(auditPid()).toBeGreaterThan(0)
  expect(readFileSync(`/proc/${auditPid()}/cgroup`, 'utf8')).not.toContain(made.uid)
  expect(kernelRules().slice(before.rules.length)).toEqual([
    '-a always,exit -F arch=b64 -S execve -F key=procmon',
    '-w /etc/hosts -p wa -k hosts',
  ])
})

it('runs the agent from the image with the privileges it prints, and is ready', { timeout: 60_000 }, async () => {
  const container = pod.containers.find(({ name }: Manifest) => name === 'agent')
  agent = await start(container)
  await eventually(
    async () => `${await ask('/readyz')}\n${cri.log('agent')}`,
    (text) => text.startsWith('ok\n'),
  )
  expect(await ask(container.livenessProbe.httpGet.path)).toBe('ok\n')
  const status = await cri.exec(
    agent,
    'node',
    '-e',
    "process.stdout.write(require('fs').readFileSync('/proc/self/status','utf8'))",
  )
  // AUDIT_CONTROL 30, PTRACE 19, CHROOT 18, DAC_READ_SEARCH 2. Source: include/uapi/linux/capability.h.
  expect(/CapEff:\s*(\w+)/.exec(status.stdout)?.[1]).toBe((2 ** 30 + 2 ** 19 + 2 ** 18 + 2 ** 2).toString(16).padStart(16, '0'))
  const write = await cri.exec(agent, 'node', '-e', "require('fs').writeFileSync('/node/etc/hosts', '')")
  expect(write.stderr).toContain('EROFS')
})

it('sees what was entered in another container, and knows whose it is', { timeout: 60_000 }, async () => {
  const web = await cri.pod({
    namespace: 'shop',
    name: 'web-1',
    uid: 'fc7ba7d7-8f81-4058-a50b-f606f1bcafb9',
    labels: { app: 'web' },
  })
  app = await cri.container(web, { name: 'app', command: ['/bin/sleep', '600'] })
  expect((await cri.exec(app, '/bin/sh', '-c', '/bin/echo somebody-was-here; true')).code).toBe(0)
  const text = await eventually(
    () => readFileSync(lines, 'utf8'),
    (all) => all.includes('somebody-was-here') && all.includes(`"id":"${app}"`) && /"kind":"pods".*"web-1".*\n/.test(all),
  )
  expect(text).toContain('a1=\\"somebody-was-here\\"')
  const parsed = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(parsed.find(({ container }) => container?.id === app)?.container).toMatchObject({
    image: cri.image,
    labels: { 'io.kubernetes.pod.namespace': 'shop', 'io.kubernetes.pod.name': 'web-1', 'io.kubernetes.container.name': 'app' },
  })
  const pods = parsed.flatMap(({ kind, list }) => (kind === 'pods' ? list.items : []))
  expect(pods.find(({ metadata }) => metadata.name === 'web-1')).toMatchObject({ metadata: { labels: { app: 'web' } } })
})

it('keeps the node from inside the container: rules, plugins, and what somebody takes away', { timeout: 60_000 }, async () => {
  rules.write({ '10-procmon.rules': '-a always,exit -F arch=b64 -S execve -k procmon\n-w /etc/hostname -p wa -k name\n' })
  await until('the change is in force', () => kernelRules().includes('-w /etc/hostname -p wa -k name'), 5000)
  const file = '/etc/audit/rules.d/10-procmon.rules'
  await until('the file is written', () => readFileSync(file, 'utf8').includes('/etc/hostname'))
  expect(kernelRules()).toHaveLength(before.rules.length + 2)
  // A plugin changes, and auditd reads it without being started again.
  const pid = auditPid()
  plugins.write({ 'syslog.conf': PLUGIN })
  await until('the syslog plugin runs', () => childrenOf(pid).includes('audisp-syslog'))
  expect(auditPid()).toBe(pid)
  execFileSync('auditctl', ['-W', '/etc/hostname', '-p', 'wa', '-k', 'name'])
  await until('the rule is back', () => kernelRules().includes('-w /etc/hostname -p wa -k name'))
  await cri.stop(agent)
})
