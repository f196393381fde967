import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { afterAll, expect, it } from 'vitest'
import type { ContainerFact } from './cri-client.ts'
import { EventPlaces } from './event-places.ts'
import { ProcFiles } from './proc-files.ts'
import { ProcessTable } from './process-table.ts'

const [A, B] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string]
const proc = mkdtempSync(join(tmpdir(), 'podwitness-proc-'))
afterAll(() => rmSync(proc, { recursive: true }))

const FACT: ContainerFact = {
  ...{ kind: 'container', id: A, cgroup: '', image: 'img', createdAt: '', args: [], initPid: 1, node: 'n' },
  labels: {
    'io.kubernetes.pod.namespace': 'shop',
    'io.kubernetes.pod.name': 'web',
    'io.kubernetes.pod.uid': 'u',
    'io.kubernetes.container.name': 'app',
  },
}

let serial = 0
function eventOf(text: string): DecodedEvent {
  const decoder = createDecoder()
  decoder.push(Buffer.from(text.replaceAll('ID', `msg=audit(1700000000.100:${++serial}):`)))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}
const call = (pid: number, ppid: number, comm = 'rm'): DecodedEvent =>
  eventOf(
    `type=SYSCALL ID arch=c000003e syscall=263 success=yes exit=0 items=0 ppid=${ppid} pid=${pid} comm="${comm}" exe="/bin/rm"\n`,
  )
const start = (pid: number, ppid: number): DecodedEvent =>
  eventOf(
    `type=SYSCALL ID arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=${ppid} pid=${pid} comm="rm" exe="/bin/rm"\ntype=EXECVE ID argc=1 a0="rm"\n`.replace(
      'type=EXECVE ID',
      `type=EXECVE msg=audit(1700000000.100:${serial + 1}):`,
    ),
  )
/** Source: kernel/auditsc.c, audit_seccomp: no SYSCALL record, so no parent. */
const seccomp = (pid: number): DecodedEvent =>
  eventOf(
    `type=SECCOMP ID auid=4294967295 uid=0 gid=0 ses=4294967295 pid=${pid} comm="sh" exe="/bin/dash" sig=0 arch=c000003e syscall=80 compat=0 ip=0x7f code=0x7ffc0000\n`,
  )
function live(pid: number, container: string): void {
  mkdirSync(join(proc, String(pid)), { recursive: true })
  writeFileSync(join(proc, String(pid), 'cgroup'), `0::/kubepods/pod1/${container}\n`)
}

it('tells the container and pod of what is no program start, and nothing that it does not know', () => {
  const processes = new ProcessTable(new ProcFiles(proc), false)
  const container = (id: string): ContainerFact | undefined => (id === A ? FACT : undefined)
  const places = new EventPlaces({ processes, proc: new ProcFiles(proc), container })
  const place = (event: DecodedEvent): unknown => {
    processes.learn(event)
    const text = places.placeOf(event)
    return text === undefined ? undefined : JSON.parse(text)
  }
  const named = { containerId: A, namespace: 'shop', pod: 'web', podUid: 'u', container: 'app', image: 'img' }
  live(10, A)
  live(20, B)
  expect(place(call(10, 1))).toEqual(named)
  expect(place(start(10, 1))).toBeUndefined() // Placed by the server.
  rmSync(join(proc, '10'), { recursive: true })
  expect(place(call(10, 1))).toEqual(named) // Gone from /proc, known from before.
  expect(place(call(11, 10))).toEqual(named) // Its child, which nobody saw in /proc.
  expect(place(call(10, 2))).toBeUndefined() // The same number, another parent: another process.
  expect(place(call(20, 1))).toEqual({ containerId: B }) // The runtime has not named it.
  expect(place(call(30, 1))).toBeUndefined()
  expect(place(seccomp(11))).toEqual(named) // Killed by it, gone already.
  live(11, B)
  expect(place(seccomp(11))).toEqual({ containerId: B }) // The number is another process's by now.
  expect(place(seccomp(40))).toBeUndefined()
  // A program that a runtime on the host started is looked up as it starts, and what it starts is where it is.
  expect(place(call(50, 1, 'runc'))).toBeUndefined()
  live(51, A)
  expect(place(start(51, 50))).toBeUndefined()
  rmSync(join(proc, '51'), { recursive: true })
  expect(place(call(51, 50))).toEqual(named)
  expect(place(call(52, 51))).toEqual(named)
  // What a program on the host starts is on the host, without a look.
  live(31, A)
  expect(place(call(31, 30))).toBeUndefined()
})
