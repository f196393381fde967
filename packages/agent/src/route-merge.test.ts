import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { expect, it } from 'vitest'
import { RouteMerge } from './route-merge.ts'

const HEAD = 'msg=audit(1700000000.100:7):'
const SYSCALL = `type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=yes exit=0 items=1 ppid=1 pid=2 key=(null)`
const EXECVE = `type=EXECVE ${HEAD} argc=1 a0="ls"`
const PATH = `type=PATH ${HEAD} item=0 name="/bin/ls" inode=1 dev=00:01 nametype=NORMAL`

const TITLE = `type=PROCTITLE ${HEAD} proctitle="ls"`
const END = `type=EOE ${HEAD} `
const WHOLE = [SYSCALL, EXECVE, PATH, TITLE, END]

function eventsOf(...lines: string[]): DecodedEvent[] {
  const decoder = createDecoder()
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  return decoder.read()
}
const eventOf = (...lines: string[]): DecodedEvent => eventsOf(...lines)[0] as DecodedEvent

/** The records as one route brings them in two pieces: the second comes after the event was given out. */
function inPieces(first: readonly string[], rest: readonly string[]): [DecodedEvent, DecodedEvent] {
  const [one, two] = eventsOf(...first, END, ...rest)
  return [one as DecodedEvent, two as DecodedEvent]
}

/** A merge of socket and log; the log was read to its end at `readToMs`. */
function socketAndLog(): { merge: RouteMerge<DecodedEvent>; log: { readToMs: number }; dropped: DecodedEvent[] } {
  const log = { readToMs: 0 }
  const dropped: DecodedEvent[] = []
  const readTo = (except: readonly string[]): number => (except.includes('audit.log') ? Number.POSITIVE_INFINITY : log.readToMs)
  const routes = { count: 2, waitMs: 300, readTo }
  return {
    merge: new RouteMerge<DecodedEvent>(
      routes,
      (event) => event,
      (event) => void dropped.push(event),
    ),
    log,
    dropped,
  }
}
const socket = { from: 'af_unix', node: '' } as const
const file = { from: 'audit.log', node: '' } as const

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

it.each([
  ['begun', [SYSCALL, EXECVE]],
  ['without its beginning', [PATH, TITLE, END]],
  ['without its beginning and its paths', [TITLE, END]],
  ['without its paths', [SYSCALL, EXECVE, TITLE, END]],
])('gives an event that the socket brought %s once, and whole, however long the log is behind', (_what, part) => {
  const { merge, log } = socketAndLog()
  expect(merge.add(eventOf(...part), { ...socket, nowMs: 0 })).toBeUndefined()
  expect(merge.due(120_000)).toEqual([])
  const given = merge.add(eventOf(...WHOLE), { ...file, nowMs: 120_000 })
  expect([given?.late, given?.kept.recordTypes, given?.via]).toEqual([
    false,
    ['SYSCALL', 'EXECVE', 'PATH', 'PROCTITLE'],
    ['af_unix', 'audit.log'],
  ])
  log.readToMs = 121_000
  expect([merge.due(130_000), merge.waiting]).toEqual([[], 0])
})

it('gives out what is broken where the log was read to its end and did not bring it, and where too many wait', () => {
  const { merge, log } = socketAndLog()
  for (let i = 0; i < 200; i++) merge.add(eventOf(SYSCALL.replace(':7)', `:${i})`)), { ...socket, nowMs: 0 })
  expect(merge.due(60_000)).toHaveLength(200 - 128)
  log.readToMs = 400 // The log may have been looked at before auditd wrote.
  expect(merge.due(60_000)).toHaveLength(0)
  log.readToMs = 600
  expect(merge.due(60_000)).toHaveLength(128)
})

it('leaves out the rest of an event that one route brought in pieces and another whole, whichever came first', () => {
  const [part, rest] = inPieces([SYSCALL, EXECVE], [PATH, TITLE])
  expect([part.late, rest.late]).toEqual([false, true])
  const first = socketAndLog()
  first.merge.add(part, { ...socket, nowMs: 0 })
  expect(first.merge.add(rest, { ...socket, nowMs: 1 })).toBeUndefined()
  expect(first.merge.add(eventOf(...WHOLE), { ...file, nowMs: 2 })?.late).toBe(false)
  expect(first.merge.add(rest, { ...socket, nowMs: 3 })).toBeUndefined()
  expect(first.dropped).toEqual([part, rest])
  const second = socketAndLog()
  second.merge.add(eventOf(...WHOLE), { ...file, nowMs: 0 })
  expect(second.merge.due(300)).toHaveLength(1)
  expect(second.merge.add(part, { ...socket, nowMs: 301 })).toBeUndefined()
  expect(second.merge.add(rest, { ...socket, nowMs: 302 })).toBeUndefined()
  expect(second.merge.duplicates).toBe(2)
})

it('gives the pieces of an event that no route brought whole, each once', () => {
  const [part, rest] = inPieces([SYSCALL, EXECVE], [PATH, TITLE])
  const { merge, log } = socketAndLog()
  merge.add(part, { ...socket, nowMs: 0 })
  merge.add(rest, { ...socket, nowMs: 1 })
  log.readToMs = 2000
  const [given] = merge.due(2000)
  expect([given?.late, given?.kept, given?.additions]).toEqual([false, part, [rest]])
  const [, again] = inPieces([SYSCALL], [EXECVE])
  expect(merge.add(again, { ...file, nowMs: 2100 })?.late).toBe(true)
})

it('knows after a restart which events on the disk lack records', () => {
  const { merge } = socketAndLog()
  merge.remember(eventOf(SYSCALL, EXECVE), '')
  const whole = merge.add(eventOf(...WHOLE), { ...file, nowMs: 0 })
  expect([whole?.late, whole?.kept.records.length]).toEqual([true, 4])
  expect(merge.add(eventOf(...WHOLE), { ...file, nowMs: 1 })).toBeUndefined()
  const other = socketAndLog()
  other.merge.remember(eventOf(...WHOLE), '')
  expect(other.merge.add(eventOf(...WHOLE), { ...file, nowMs: 0 })).toBeUndefined()
})
