import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentProcess, eventually, ServerLab } from '../agent-lab.ts'
import { AuditLab } from './audit-lab.ts'

const PROGRAMS = ['/bin/sh', '/bin/sleep', '/usr/bin/id', '/bin/echo', '/bin/mkdir']
const ID = randomBytes(32).toString('hex')

const server = new ServerLab()
const audit = new AuditLab(join(server.folder, 'audit'))
const bundle = join(server.folder, 'bundle')
const containerd = { socket: join(server.folder, 'c.sock'), child: undefined as ChildProcess | undefined }
let agent: AgentProcess

const runc = (...args: string[]): string =>
  execFileSync('runc', ['--root', join(server.folder, 'runc'), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** A root file system of a few programs of this machine and their libraries. */
function makeBundle(): void {
  mkdirSync(join(bundle, 'rootfs'), { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', 'none', join(bundle, 'rootfs')]) // A mount of its own, as every container's root is.
  const libraries = PROGRAMS.flatMap((program) => [
    ...[...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+)/g)].map(([, path = '']) => path),
  ])
  for (const path of new Set([...PROGRAMS, ...libraries])) {
    const target = join(bundle, 'rootfs', path)
    mkdirSync(dirname(target), { recursive: true })
    execFileSync('cp', ['-L', path, target])
  }
  execFileSync('runc', ['spec'], { cwd: bundle })
  const spec = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'))
  spec.process.terminal = false
  spec.process.args = ['/bin/sleep', '600']
  spec.root.readonly = true
  spec.linux.cgroupsPath = `/kubepods/besteffort/podfc7ba7d7-8f81-4058-a50b-f606f1bcafb9/${ID}`
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec))
}

beforeAll(async () => {
  await server.open()
  await audit.open()
  makeBundle()
  execFileSync('runc', ['--root', join(server.folder, 'runc'), 'run', '-d', '-b', bundle, ID], { stdio: 'ignore' })
  const folders = ['--root', join(server.folder, 'cd-root'), '--state', join(server.folder, 'cd-state')]
  containerd.child = spawn('containerd', [...folders, '--address', containerd.socket], { stdio: 'ignore' })
  await eventually(() => existsSync(containerd.socket), Boolean)
  agent = new AgentProcess(
    join(server.folder, 'agent'),
    `cluster: live
node: here
output: {type: server, url: "https://127.0.0.1:${server.port}", tokenFile: ${server.tokenFile('live')}}
sources: [{type: auditSocket, path: ${audit.socket}}, {type: auditLog, path: ${audit.log}, from: start}]
containers: {cri: ${containerd.socket}}
filter: {rules: [{name: quiet, exe: /usr/bin/id, action: drop}]}
`,
  )
  agent.start()
  await eventually(
    () => server.number(`SELECT count() FROM audit.events WHERE action = 'process seen'`),
    (count) => count > 0,
  )
})
afterAll(async () => {
  await agent?.end('SIGTERM')
  try {
    runc('delete', '-f', ID)
  } catch {
    // It was not made.
  }
  execFileSync('umount', [join(bundle, 'rootfs')])
  const { child } = containerd
  if (child !== undefined && child.exitCode === null) {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  await audit.close()
  await server.close()
})

it('tells the container of processes that were running before it', async () => {
  const init = Number(JSON.parse(runc('state', ID)).pid)
  const rows = await server.rows(`SELECT container_id, argv[1] FROM audit.events WHERE action = 'process seen' AND pid = ${init}`)
  expect(rows).toEqual([[ID, '/bin/sleep']])
  const samples = (): Promise<number> => server.number(`SELECT count() FROM audit.samples WHERE container_id = '${ID}'`)
  await eventually(samples, (count) => count > 0)
})

it('finds every command of real runc execs with its arguments, and leaves out what a rule names', async () => {
  for (let i = 0; i < 15; i++) runc('exec', ID, '/bin/sh', '-c', `/bin/echo one-${i}; /usr/bin/id; true`)
  const echoes = (): Promise<(string | number | null)[][]> =>
    server.rows(`SELECT argv[2], count() FROM audit.events WHERE kind = 'Command' AND exe = '/bin/echo' GROUP BY 1`)
  const found = await eventually(echoes, (rows) => rows.length === 15)
  expect(found.map(([word]) => word).sort()).toEqual(Array.from({ length: 15 }, (_, i) => `one-${i}`).sort())
  expect(found.every(([, count]) => Number(count) === 1)).toBe(true)
  expect(await server.number(`SELECT count() FROM audit.events WHERE kind = 'Command' AND name = 'runc'`)).toBeGreaterThanOrEqual(
    15,
  )
  expect(await server.number(`SELECT count() FROM audit.events WHERE exe = '/usr/bin/id'`)).toBe(0)
})

it('stamps what programs do that end at once with their container, started by the runtime or by a subshell', async () => {
  const rule = ['always,exit', '-F', 'arch=b64', '-S', 'mkdir,mkdirat', '-k', 'agentlab']
  execFileSync('auditctl', ['-a', ...rule])
  for (let i = 0; i < 15; i++) {
    runc('exec', ID, '/bin/mkdir', '-p', '/bin') // It is there: the call fails, the program does not.
    runc('exec', ID, '/bin/sh', '-c', '(/bin/mkdir -p /usr; true); true')
  }
  const rows = (): Promise<(string | number | null)[][]> =>
    server.rows(`SELECT container_id, count() FROM audit.events WHERE kind = 'LinuxAudit' AND comm = 'mkdir' GROUP BY 1`)
  const calls = await eventually(rows, (found) => found.reduce((sum, [, count]) => sum + Number(count), 0) >= 30)
  execFileSync('auditctl', ['-d', ...rule])
  expect(calls.map(([id]) => id)).toEqual([ID])
})

it('asks a real containerd without complaint', () => {
  expect(agent.talk).not.toContain('does not answer')
})
