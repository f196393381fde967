import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { NodeKnowledge } from './node-knowledge.ts'
import { ProcFiles } from './proc-files.ts'
import { ProcessTable } from './process-table.ts'

const [A, B] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string]
const SHIM = 50
const BOOT_SECONDS = 1_699_990_000
const proc = mkdtempSync(join(tmpdir(), 'podwitness-proc-'))
afterAll(() => rmSync(proc, { recursive: true }))
writeFileSync(join(proc, 'stat'), `cpu 1 2\nbtime ${BOOT_SECONDS}\n`)

const decoder = createDecoder()
let serial = 0
let processes: ProcessTable
beforeEach(() => {
  processes = new ProcessTable(new ProcFiles(proc), false)
  processes.set(SHIM, { ppid: 1, containerId: '', asked: true, runtime: true })
})

/** A program start, `at` seconds after the first. */
function startOf(pid: number, ppid: number, argv: readonly string[], at = 0): DecodedEvent {
  const head = `msg=audit(${1_700_000_000 + at}.100:${++serial}):`
  const comm = (argv[0] ?? '').split('/').at(-1)
  const call = `arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=${ppid} pid=${pid} uid=0 comm="${comm}" exe="/bin/x"`
  decoder.push(
    Buffer.from(
      `type=SYSCALL ${head} ${call}\ntype=EXECVE ${head} argc=${argv.length}${argv.map((w, i) => ` a${i}="${w}"`).join('')}\n`,
    ),
  )
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}
function start(pid: number, ppid: number, argv: readonly string[], at = 0): string | undefined {
  processes.learn(startOf(pid, ppid, argv, at))
  return processes.get(pid)?.containerId
}
const exec = (id: string): string[] => [
  '/usr/bin/runc',
  '--root',
  '/run/c',
  'exec',
  '--process',
  '/tmp/p',
  '--detach',
  '--pid-file',
  '/x/e1.pid',
  id,
]
const create = (id: string): string[] => ['runc', '--log', 'l', 'create', '--bundle', '/b', '--pid-file', '/b/init.pid', id]

/** A process that is there, and since when: seconds after boot. */
function live(pid: number, ppid: number, cgroup: string, bootSeconds: number): void {
  mkdirSync(join(proc, String(pid)), { recursive: true })
  writeFileSync(join(proc, String(pid), 'cgroup'), `0::${cgroup}\n`)
  const rest = Array.from({ length: 40 }, (_, i) => (i === 17 ? bootSeconds * 100 : 0))
  writeFileSync(join(proc, String(pid), 'stat'), `${pid} (a b) S ${ppid} ${rest.join(' ')}\n`)
}

describe('a program that has ended before it could be looked up', () => {
  it('is where its runtime put it, and so is what it started', () => {
    start(60, SHIM, exec(A))
    expect(start(61, 60, ['sh', '-c', 'rm /x'])).toBe(A)
    expect(start(62, 61, ['rm', '/x'])).toBe(A)
  })

  it('is there too where the runtime has ended and its shim has taken the program over', () => {
    start(60, SHIM, exec(A))
    expect(start(61, SHIM, ['id'])).toBe(A)
    start(70, SHIM, create(A), 1)
    expect(start(71, SHIM, ['/entry'], 1)).toBe(A)
  })

  it('is nowhere where two containers of the shim were about to get one', () => {
    start(60, SHIM, exec(A))
    start(61, SHIM, exec(B))
    expect(start(62, SHIM, ['id'])).toBe('')
    expect(start(63, 61, ['id'])).toBe(B) // Its parent is the one runtime.
  })

  it('is nowhere long after the call, below another shim, or without a call', () => {
    start(60, SHIM, exec(A))
    expect(start(61, SHIM, ['id'], 30)).toBe('')
    processes.set(51, { ppid: 1, containerId: '', asked: true, runtime: true })
    expect(start(62, 51, ['id'])).toBe('')
  })

  it('may be a hook on the host where the runtime made a container: that is not told', () => {
    start(60, SHIM, create(A))
    expect(start(61, 60, ['/usr/bin/hook'])).toBe('')
  })

  it('was in another container before: then it is not sure', () => {
    processes.set(61, { ppid: 7, containerId: B })
    start(60, SHIM, exec(A))
    expect(start(61, SHIM, ['id'])).toBe('')
  })

  it.each([
    [['runc', 'exec', '-t', 'demo', 'sh'], 'demo'], // ctr’s own names, in another namespace than k8s.io
    [['crun', '--systemd-cgroup', 'exec', '--process=/p', A], A],
    [['runc', 'kill', A, '9'], ''],
    [['runc', 'exec'], ''],
    [['runc', 'state', A], ''],
  ])('%j', (argv, id) => {
    start(60, SHIM, argv)
    expect(start(61, 60, ['id'])).toBe(id)
  })
})

it('is where /proc says while it is there, whatever the runtime was asked', () => {
  live(61, 60, `/kubepods/pod1/${B}`, 9_000)
  start(60, SHIM, exec(A))
  expect(start(61, 60, ['id'])).toBe(B)
  live(64, 60, '/system.slice/containerd.service', 9_000)
  expect(start(64, 60, ['id'])).toBe('')
})

it('does not take a process for one that had its number before', () => {
  live(61, 60, `/kubepods/pod1/${B}`, 20_000) // Began 10,000 s after the event.
  start(60, SHIM, exec(A))
  expect(start(61, 60, ['id'])).toBe(A)
  const files = new ProcFiles(proc)
  expect(files.place(61, 1_700_000_000_100).path).toBe('')
  expect(files.read(61, 1_700_000_000_100)).toBeUndefined()
  expect(files.place(61).containerId).toBe(B)
  expect(files.place(61, 1_700_020_000_000).containerId).toBe(B)
})

it('reads a subshell, whose start nothing told, when its child is seen', () => {
  live(80, 1, `/kubepods/pod1/${A}`, 9_000)
  const knowledge = new NodeKnowledge({
    ...{ boot: 'b', proc: new ProcFiles(proc), runtime: undefined, pods: undefined, lookUp: false },
    keep: async () => {},
    say: () => {},
  })
  knowledge.observe(startOf(81, 80, ['rm', '/x']))
  expect(knowledge.processes.get(81)?.containerId).toBe(A)
  knowledge.observe(startOf(83, 82, ['rm', '/x'])) // Both are gone.
  expect(knowledge.processes.get(83)?.containerId).toBe('')
})
