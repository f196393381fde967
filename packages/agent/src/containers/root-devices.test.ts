import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder } from '@podwitness/audit'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { ProcFiles } from './proc-files.ts'
import { ProcessTable } from './process-table.ts'

const [A, B] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string]
const proc = mkdtempSync(join(tmpdir(), 'podwitness-proc-'))
afterAll(() => rmSync(proc, { recursive: true }))
/** File systems of this machine that are no other's: stand-ins for roots of containers. */
const ROOTS = { host: '/', a: '/proc', b: '/sys' }
const deviceOf = (path: string): string => {
  const device = statSync(path).dev
  return [device >> 8, device & 0xff].map((number) => number.toString(16).padStart(2, '0')).join(':')
}

/** A process that is there, began `seconds` after boot, and has a root. */
function live(pid: number, container: string, root: string, seconds = 100): void {
  rmSync(join(proc, String(pid)), { recursive: true, force: true })
  mkdirSync(join(proc, String(pid)))
  writeFileSync(join(proc, String(pid), 'cgroup'), container === '' ? '0::/init.scope\n' : `0::/kubepods/pod1/${container}\n`)
  const rest = Array.from({ length: 40 }, (_, i) => (i === 17 ? seconds * 100 : 0))
  writeFileSync(join(proc, String(pid), 'stat'), `${pid} (x) S 1 ${rest.join(' ')}\n`)
  symlinkSync(root, join(proc, String(pid), 'root'))
}
const gone = (pid: number): void => rmSync(join(proc, String(pid)), { recursive: true })

const decoder = createDecoder()
let serial = 0
let processes: ProcessTable
/** Where the program of a process is, 1,000 s after boot. */
function start(pid: number, ppid: number, device: string, seconds = 1000): string | undefined {
  const head = `msg=audit(${1_700_000_000 + seconds}.000:${++serial}):`
  const lines = [
    `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=${ppid} pid=${pid} uid=0 comm="rm" exe="/bin/rm"`,
    `type=EXECVE ${head} argc=1 a0="rm"`,
    `type=PATH ${head} item=0 name="/bin/rm" inode=5 dev=${device} nametype=NORMAL`,
    `type=PATH ${head} item=1 name="/lib/ld.so" inode=6 dev=ff:ff nametype=NORMAL`,
  ]
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  const event = decoder.read()[0]
  if (event !== undefined) processes.learn(event)
  return processes.get(pid)?.containerId
}

beforeEach(() => {
  for (const pid of [1, 10, 20]) rmSync(join(proc, String(pid)), { recursive: true, force: true })
  writeFileSync(join(proc, 'stat'), 'btime 1700000000\n')
  live(1, '', ROOTS.host, 0)
  processes = new ProcessTable(new ProcFiles(proc), false)
  live(10, A, ROOTS.a)
  processes.noteRoot(A, 10)
})

it('places a program that has ended, and whose parents nobody saw, by the device of its file', () => {
  expect(start(500, 499, deviceOf(ROOTS.a))).toBe(A)
  expect(start(501, 498, deviceOf(ROOTS.b))).toBe('')
  expect(start(502, 497, deviceOf(ROOTS.host))).toBe('')
  expect(start(503, 496, '00:ff')).toBe('')
})

it('goes by the parents where they are known, also where they are on the host', () => {
  processes.set(600, { ppid: 1, containerId: B })
  expect(start(601, 600, deviceOf(ROOTS.b))).toBe(B)
  processes.set(700, { ppid: 1, containerId: '', asked: true })
  expect(start(701, 700, deviceOf(ROOTS.a))).toBe('')
})

it('does not say so of a time before the container', () => {
  expect(start(500, 499, deviceOf(ROOTS.a), 50)).toBe('')
})

it('forgets who had the device as soon as a program of another container runs from it', () => {
  gone(10)
  processes.set(600, { ppid: 1, containerId: B })
  start(601, 600, deviceOf(ROOTS.a))
  expect(start(500, 499, deviceOf(ROOTS.a))).toBe('')
  live(20, B, ROOTS.a)
  processes.noteRoot(B, 20)
  expect(start(502, 497, deviceOf(ROOTS.a))).toBe(B)
})

it('says nothing of a device that two containers have at once, or the node', () => {
  live(20, B, ROOTS.a)
  processes.noteRoot(B, 20)
  expect(start(500, 499, deviceOf(ROOTS.a))).toBe('')
  processes.noteRoot('c'.repeat(64), 1)
  expect(start(501, 498, deviceOf(ROOTS.host))).toBe('')
})
