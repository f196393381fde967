import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newCounters, type SourceSink } from '../source.ts'
import { RecordReader } from './record-reader.ts'

const HEAD = 'msg=audit(1700000000.100:7):'
const FIRST = `type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 comm="x" exe="/x"\n`
const REST = `type=EXECVE ${HEAD} argc=1 a0="x"\ntype=EOE ${HEAD} \n`

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(): {
  reader: RecordReader
  taken: number[]
  counters: ReturnType<typeof newCounters>
  room: { wait?: Promise<void> }
} {
  const taken: number[] = []
  const room: { wait?: Promise<void> } = {}
  const counters = newCounters()
  const sink: SourceSink = {
    take: (event) => void taken.push(event.records.length),
    room: () => room.wait ?? Promise.resolve(),
    unsafeSinceMs: () => Number.POSITIVE_INFINITY,
    reject: () => {},
    say: () => {},
  }
  return { reader: new RecordReader('audit.log', sink, { counters }), taken, counters, room }
}

it('gives out what is incomplete when its stream has been idle for two seconds', async () => {
  const { reader, taken } = open()
  await reader.push(Buffer.from(FIRST))
  await vi.advanceTimersByTimeAsync(1900)
  expect(taken).toEqual([])
  await vi.advanceTimersByTimeAsync(600)
  expect(taken).toEqual([1])
  reader.abandon()
})

it.each([
  ['has no room', ({ room }: ReturnType<typeof open>) => Object.assign(room, { wait: new Promise(() => {}) })],
  ['is behind', ({ counters }: ReturnType<typeof open>) => Object.assign(counters, { behindBytes: 10 })],
  ['waits for its disk', ({ reader }: ReturnType<typeof open>) => Object.assign(reader, { looking: true })],
])('waits for the rest of an event while its reader %s', async (_what, hold) => {
  const opened = open()
  hold(opened)
  void opened.reader.push(Buffer.from(FIRST))
  await vi.advanceTimersByTimeAsync(60_000)
  void opened.reader.push(Buffer.from(REST))
  expect(opened.taken).toEqual([2])
  opened.reader.abandon()
})

it('does not take the time in which the process was not let run for idle', async () => {
  const { reader, taken } = open()
  await reader.push(Buffer.from(FIRST))
  await vi.advanceTimersByTimeAsync(500)
  vi.setSystemTime(Date.now() + 60_000)
  await vi.advanceTimersByTimeAsync(500)
  await reader.push(Buffer.from(REST))
  expect(taken).toEqual([2])
  reader.abandon()
})
