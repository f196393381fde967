import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openMachine, uninstallNode } from '@podwitness/agent'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from '../../packages/cli/src/run.ts'
import { testTerminal } from '../../packages/cli/testdata/test-terminal.ts'
import { auditPid, ConfigMapFolder, endAuditd, kernelRules, kernelSettings, temporaryFolder, treeOf, until } from './node-lab.ts'

const NODE = ['/etc/audit', '/var/lib/podwitness']
const RUNTIME = { stdio: 'pipe', encoding: 'utf8' } as const

let image: string
let folder: string
let before: { tree: string[]; rules: string[]; settings: string[] }

// biome-ignore lint/suspicious/noExplicitAny: parsed YAML, whose fields are held against Kubernetes' own in manifests.test.ts
type Manifest = any

beforeAll(async () => {
  await endAuditd()
  before = { tree: treeOf(...NODE), rules: kernelRules(), settings: kernelSettings() }
  image = temporaryFolder()
  execFileSync(process.execPath, ['scripts/assemble-root.mjs', image, '--with-node'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: 'ignore',
  })
  folder = temporaryFolder()
})

afterEach(async () => {
  await uninstallNode(openMachine()).catch(() => {}) // The test may have done that.
  await endAuditd()
  expect(treeOf(...NODE)).toEqual(before.tree)
  expect(kernelRules()).toEqual(before.rules)
})

afterAll(() => {
  for (const path of [image, folder]) rmSync(path, { recursive: true, force: true })
})

async function daemonSet(): Promise<Manifest> {
  const { terminal, recorded } = testTerminal()
  await run(['manifests'], terminal)
  const objects = parseAllDocuments(recorded.data).map((document) => document.toJS())
  return objects.find(({ kind }) => kind === 'DaemonSet').spec.template.spec
}

/** A container of the printed manifest as a bundle for runc: its arguments, capabilities, mounts, and nothing more. */
function bundleOf(pod: Manifest, container: Manifest, args: readonly string[]): string {
  const bundle = join(folder, container.name)
  mkdirSync(bundle, { recursive: true })
  const { privileged, capabilities, allowPrivilegeEscalation, readOnlyRootFilesystem } = container.securityContext
  const held = privileged ? everyCapability() : (capabilities?.add ?? []).map((name: string) => `CAP_${name}`)
  const config = {
    ociVersion: '1.0.2',
    root: { path: image, readonly: readOnlyRootFilesystem === true },
    process: {
      args: ['podwitness', ...args],
      cwd: '/',
      env: ['PATH=/usr/bin:/usr/sbin:/bin:/sbin'],
      user: { uid: 0, gid: 0 },
      noNewPrivileges: allowPrivilegeEscalation === false,
      capabilities: { bounding: held, effective: held, permitted: held },
    },
    // hostPID: no process namespace of its own.
    linux: { namespaces: ['mount', 'network', 'ipc', 'uts'].map((type) => ({ type })) },
    mounts: [
      { destination: '/proc', type: 'bind', source: '/proc', options: ['rbind', 'ro'] },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      ...container.volumeMounts.map(({ name, mountPath, readOnly }: Manifest) => ({
        destination: mountPath,
        type: 'bind',
        source: pod.volumes.find((volume: Manifest) => volume.name === name).hostPath?.path ?? join(folder, name),
        options: ['rbind', readOnly === true ? 'ro' : 'rw'],
      })),
    ],
  }
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config))
  return bundle
}

/** Capabilities by number. Source: include/uapi/linux/capability.h. */
const NAMES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN ' +
  'NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME ' +
  'SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ'
).split(' ')

/** What `privileged: true` gives: all that this machine has to give. */
function everyCapability(): string[] {
  const bounding = BigInt(`0x${/CapBnd:\s*(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`)
  return NAMES.filter((_, bit) => (bounding >> BigInt(bit)) & 1n).map((name) => `CAP_${name}`)
}

/** Names of the programs that a process started, by whichever of its threads. */
function childrenOf(pid: number): string[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ')
  })
  return children.filter((child) => child !== '').map((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim())
}

it('the agent’s root file system runs by itself, without the engine', () => {
  const ask = (...args: string[]) =>
    spawnSync('chroot', [image, 'podwitness', ...args], { encoding: 'utf8', env: { PATH: '/usr/bin:/usr/sbin' } })
  expect(ask('agent', '--help').stdout).toContain('podwitness agent')
  expect(JSON.parse(ask('node', 'status', '--json').stdout)).toMatchObject({
    condition: 'drifted',
    rules: { wanted: 2, inForce: 0 },
  })
  expect(existsSync(join(image, 'app/node_modules/chdb'))).toBe(false)
})

it('the printed Pod does its work with the privileges it prints: setup by one container, rules kept by the other', async () => {
  const pod = await daemonSet()
  const rules = new ConfigMapFolder(join(folder, 'auditd-rules'))
  const plugins = new ConfigMapFolder(join(folder, 'audisp-plugins'))
  plugins.write({})
  new ConfigMapFolder(join(folder, 'oms-config')).write({})
  rules.write({ '10-procmon.rules': '-a always,exit -F arch=b64 -S execve -k procmon\n-w /etc/hosts -p wa -k hosts\n' })
  const [setup] = pod.initContainers
  const { status, stdout, stderr } = spawnSync(
    'runc',
    ['run', '-b', bundleOf(pod, setup, setup.args), 'podwitness-setup'],
    RUNTIME,
  )
  expect(stderr).toBe('')
  expect([status, stderr.match(/level=error.*/)?.[0], stdout.split('\n')[0]]).toEqual([
    0,
    undefined,
    'in force: read back from the kernel and equal',
  ])
  // It outlives the container that started it: no group of that container is left, in which it would be ended.
  expect(auditPid()).toBeGreaterThan(0)
  expect(readFileSync(`/proc/${auditPid()}/cgroup`, 'utf8')).not.toContain('podwitness-setup')
  expect(kernelRules().slice(before.rules.length)).toEqual([
    '-a always,exit -F arch=b64 -S execve -F key=procmon',
    '-w /etc/hosts -p wa -k hosts',
  ])

  const keeper = pod.containers.find(({ name }: Manifest) => name === 'rules')
  const child = spawn('runc', ['run', '-b', bundleOf(pod, keeper, keeper.args), 'podwitness-rules'], { stdio: 'ignore' })
  try {
    await until(
      'the keeper runs',
      () => spawnSync('runc', ['state', 'podwitness-rules'], RUNTIME).stdout?.includes('"running"') === true,
    )
    rules.write({ '10-procmon.rules': '-w /etc/hostname -p wa -k name\n' })
    await until('the change is in force', () => kernelRules().includes('-w /etc/hostname -p wa -k name'))
    await until('the file is written', () =>
      readFileSync('/etc/audit/rules.d/10-procmon.rules', 'utf8').includes('/etc/hostname'),
    )
    expect(kernelRules()).toHaveLength(before.rules.length + 1)
    // A plugin changes, and auditd reads it without being started again.
    const pid = auditPid()
    plugins.write({
      'syslog.conf':
        'active = yes\ndirection = out\npath = builtin_syslog\ntype = builtin\nargs = LOG_INFO LOG_AUTHPRIV\nformat = string\n',
    })
    await until('the syslog plugin runs', () => childrenOf(pid).includes('audisp-syslog'))
    const probe = keeper.readinessProbe.exec.command
    const ready = spawnSync('runc', ['exec', 'podwitness-rules', ...probe], RUNTIME)
    expect([ready.status, ready.stdout.split('\n')[0]]).toEqual([0, 'in force: read back from the kernel and equal'])
    // What its privileges do not cover.
    const touch = spawnSync(
      'runc',
      ['exec', 'podwitness-rules', 'node', '-e', "require('fs').writeFileSync('/node/etc/hosts', '')"],
      RUNTIME,
    )
    expect(touch.stderr).toContain('EROFS')
    expect(auditPid()).toBe(pid)
  } finally {
    spawnSync('runc', ['kill', 'podwitness-rules', 'KILL'], RUNTIME)
    await until('the keeper is gone', () => child.exitCode !== null || child.signalCode !== null)
    spawnSync('runc', ['delete', '-f', 'podwitness-rules'], RUNTIME)
  }
})
