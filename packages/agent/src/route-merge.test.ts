import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { expect, it } from 'vitest'
import { RouteMerge } from './route-merge.ts'

const HEAD = 'msg=audit(1700000000.100:7):'
const SYSCALL = `type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=yes exit=0 items=1 ppid=1 pid=2 key=(null)`
const PATH = `type=PATH ${HEAD} item=0 name="/bin/ls" inode=1 dev=00:01 nametype=NORMAL`

function eventOf(...lines: string[]): DecodedEvent {
  const decoder = createDecoder()
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

it('with one route gives an event at once, and only once', () => {
  const merge = new RouteMerge({ count: 1, waitMs: 300 }, (event) => event)
  expect(merge.add(eventOf(SYSCALL, PATH), { from: 'stdin', node: '', nowMs: 0 })?.via).toEqual(['stdin'])
  expect(merge.add(eventOf(SYSCALL, PATH), { from: 'stdin', node: '', nowMs: 1 })).toBeUndefined()
  expect(merge.duplicates).toBe(1)
})

it('names every route of an event, and takes the copy with most records', () => {
  const merge = new RouteMerge({ count: 2, waitMs: 300 }, (event) => event)
  expect(merge.add(eventOf(SYSCALL), { from: 'af_unix', node: '', nowMs: 0 })).toBeUndefined()
  const merged = merge.add(eventOf(SYSCALL, PATH), { from: 'audit.log', node: '', nowMs: 100 })
  expect(merged?.via).toEqual(['af_unix', 'audit.log'])
  expect(merged?.kept.records).toHaveLength(2)
  expect(merge.waiting).toBe(0)
})

it('waits 300 ms for another route, and longer for the rest of a broken event', () => {
  const merge = new RouteMerge({ count: 2, waitMs: 300 }, (event) => event)
  merge.add(eventOf(SYSCALL), { from: 'af_unix', node: '', nowMs: 0 })
  merge.add(eventOf(`type=LOGIN msg=audit(1700000000.200:8): pid=1`), { from: 'af_unix', node: '', nowMs: 0 })
  expect(merge.due(299)).toEqual([])
  expect(merge.due(300).map(({ kept }) => kept.seq)).toEqual([8])
  expect(merge.due(2000).map(({ kept }) => kept.seq)).toEqual([7])
})

it('gives out a fuller copy of an event that had to go with records missing, once, as an addition', () => {
  const merge = new RouteMerge({ count: 2, waitMs: 300 }, (event) => event)
  merge.add(eventOf(SYSCALL), { from: 'af_unix', node: '', nowMs: 0 })
  expect(merge.due(2000)[0]?.late).toBe(false)
  const fuller = merge.add(eventOf(SYSCALL, PATH), { from: 'audit.log', node: '', nowMs: 2100 })
  expect([fuller?.late, fuller?.kept.records.length, fuller?.via]).toEqual([true, 2, ['audit.log']])
  expect(merge.add(eventOf(SYSCALL, PATH), { from: 'journald', node: '', nowMs: 2200 })).toBeUndefined()
  expect(merge.duplicates).toBe(1)
})
