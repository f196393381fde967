import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CpuBudget } from './cpu-budget.ts'
import type { Lanes } from './lanes.ts'
import type { OutgoingBatch, Output, SendResult } from './output.ts'
import { SetAside } from './set-aside.ts'
import { Shipper } from './shipper.ts'
import { SpoolRooms } from './spool-rooms.ts'

const DONE: SendResult = { kind: 'done', rejected: 0, duplicate: false }
let folder = ''
let rooms: SpoolRooms
let lanes: Lanes
let sent: { id: string; lines: string[] }[] = []
let stop = new AbortController()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-ship-'))
  rooms = await SpoolRooms.open(folder, { policy: 'drop-oldest', maxBytes: 1 << 30, maxShare: 1, minFreeShare: 0 })
  lanes = rooms.shared
  sent = []
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await rooms.close()
  rmSync(folder, { recursive: true })
})

/** A receiver that answers as it is told. */
function start(answer: (batch: OutgoingBatch) => SendResult): { shipper: Shipper; done: Promise<void> } {
  const output: Output = {
    name: 'receiver',
    async send(batch) {
      const result = answer(batch)
      if (result.kind === 'done') sent.push({ id: batch.id, lines: batch.lines.map(String) })
      return result
    },
    close: async () => {},
  }
  const shipper = new Shipper({
    rooms,
    budget: new CpuBudget(Number.POSITIVE_INFINITY),
    output,
    aside: new SetAside(join(folder, 'aside')),
    boot: 'b',
    say: () => {},
  })
  return { shipper, done: shipper.run(stop.signal) }
}

const lines = (name: string, count: number): Buffer[] => Array.from({ length: count }, (_, i) => Buffer.from(`${name}${i}`))
const arrived = (): string[] => sent.flatMap(({ lines: list }) => list)

it('halves what is too large until it fits, and sets aside a single line that never does', async () => {
  await lanes.bulk.append([...lines('a', 9), Buffer.from('HUGE'), ...lines('b', 6)])
  const { shipper, done } = start(({ lines: list }) =>
    list.length > 4 || list.some((line) => String(line) === 'HUGE') ? { kind: 'tooLarge' } : DONE,
  )
  await expect.poll(() => lanes.unsentBytes, { timeout: 10_000 }).toBe(0)
  stop.abort()
  await done
  const losses = arrived().filter((line) => line.startsWith('{'))
  expect(losses.map((line) => JSON.parse(line))).toMatchObject([{ kind: 'loss', hop: 'spool', count: 1 }])
  expect(arrived().filter((line) => !line.startsWith('{'))).toEqual([...lines('a', 9), ...lines('b', 6)].map(String))
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length)
  expect(shipper.counters.refusedBatches).toBe(1)
  const [kept = ''] = readdirSync(join(folder, 'aside'))
  expect(readFileSync(join(folder, 'aside', kept), 'utf8').split('\n')[1]).toBe('HUGE')
})

it('tries the same batch again when the receiver is busy', async () => {
  await lanes.high.append(lines('a', 3))
  const asked: string[] = []
  const { shipper, done } = start(({ id }) => {
    asked.push(id)
    return asked.length < 3 ? { kind: 'later', why: 'HTTP 503', waitMs: 0 } : DONE
  })
  await expect.poll(() => lanes.unsentBytes, { timeout: 10_000 }).toBe(0)
  stop.abort()
  await done
  expect(new Set(asked.slice(0, 3)).size).toBe(1)
  expect(arrived()).toEqual(['a0', 'a1', 'a2'])
  expect(shipper.counters.retries).toBe(2)
  expect(shipper.trouble).toBeUndefined()
})

it('keeps a refused batch aside with the reason, and goes on', async () => {
  await lanes.high.append(lines('bad', 2))
  const { done } = start(({ lines: list }) =>
    String(list[0]).startsWith('bad') ? { kind: 'refused', why: 'HTTP 400: nonsense' } : DONE,
  )
  await expect.poll(() => lanes.unsentBytes, { timeout: 10_000 }).toBe(0)
  await lanes.high.append(lines('good', 1))
  await expect.poll(arrived, { timeout: 10_000 }).toEqual([expect.stringContaining('refused batch'), 'good0'])
  stop.abort()
  await done
  expect(readFileSync(join(folder, 'aside', readdirSync(join(folder, 'aside'))[0] ?? ''), 'utf8')).toContain('HTTP 400: nonsense')
})

it('after each absence sends new lines before the backlogs have gone', async () => {
  const big = (name: string): Buffer[] => Array.from({ length: 300 }, (_, i) => Buffer.from(`${name}${i} ${'x'.repeat(20_000)}`))
  const order = (): string[] => arrived().map((line) => line.split(' ')[0] ?? '')
  let room = 0 // Batches that the receiver takes before it goes away.
  const { done } = start(() => {
    if (room === 0) return { kind: 'later', why: 'away', waitMs: 0 }
    room--
    return DONE
  })
  await lanes.high.append(big('first'))
  await expect.poll(() => lanes.high.readers.length, { timeout: 10_000 }).toBe(2)
  await lanes.high.append([Buffer.from('between')])
  room = 3
  await expect.poll(() => room, { timeout: 10_000 }).toBe(0)
  await lanes.high.append(big('second'))
  await expect.poll(() => lanes.high.readers.length, { timeout: 10_000 }).toBe(3)
  await lanes.high.append([Buffer.from('new')])
  room = Number.POSITIVE_INFINITY
  await expect.poll(() => lanes.unsentBytes, { timeout: 15_000 }).toBe(0)
  stop.abort()
  await done
  expect(order()).toHaveLength(602)
  expect(order().indexOf('new')).toBeLessThan(300)
  for (const name of ['first', 'second'])
    expect(order().filter((line) => line.startsWith(name))).toEqual(Array.from({ length: 300 }, (_, i) => `${name}${i}`))
})
