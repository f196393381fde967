import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { expect, it } from 'vitest'
import { ProcFiles } from './proc-files.ts'
import { ProcessTable } from './process-table.ts'

let seq = 1
function event(pid: number, ppid: number, argv?: readonly string[]): DecodedEvent {
  const head = `msg=audit(1700000000.100:${seq++}):`
  const call = `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 ppid=${ppid} pid=${pid} uid=0 comm="x" exe="/x"`
  const program =
    argv === undefined ? '' : `type=EXECVE ${head} argc=${argv.length}${argv.map((word, i) => ` a${i}="${word}"`).join('')}\n`
  const decoder = createDecoder()
  decoder.push(Buffer.from(`${call}\n${program}`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

const table = (): ProcessTable => new ProcessTable(new ProcFiles('/nowhere'), false)

it('stays within its bound with 100,000 processes, and forgets the one not touched for longest', () => {
  const processes = table()
  for (let pid = 1000; pid < 101_000; pid++) processes.set(pid, { ppid: 1, containerId: `c${pid % 200}` })
  expect(processes.size).toBe(65_536)
  expect(processes.get(100_999)?.containerId).toBe('c199')
  expect(processes.has(1000)).toBe(false)
  expect(processes.entries()).toHaveLength(65_536)
})

it('gives a number that is used again to its new owner, and to its place', () => {
  const processes = table()
  processes.set(10, { ppid: 1, containerId: 'one' })
  processes.set(20, { ppid: 1, containerId: 'two' })
  processes.set(5, { ppid: 1, containerId: '' })
  processes.learn(event(100, 10, ['sh']))
  expect(processes.get(100)?.containerId).toBe('one')
  processes.learn(event(101, 100))
  expect(processes.get(101)?.containerId).toBe('one')
  processes.learn(event(100, 20, ['sh']))
  expect(processes.get(100)).toMatchObject({ ppid: 20, containerId: 'two' })
  processes.learn(event(100, 5, ['sh']))
  expect(processes.get(100)).toMatchObject({ ppid: 5, containerId: '' })
  expect(processes.get(101)?.containerId).toBe('one') // An orphan stays where it was.
})
