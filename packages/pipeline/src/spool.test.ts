import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FRAME } from './frame.ts'
import { Spool } from './spool.ts'
import { readLoss } from './spool-loss.ts'
import type { SpoolOptions } from './spool-options.ts'
import type { Batch, SpoolReader } from './spool-reader.ts'

let folder = ''
const opened: Spool[] = []
const LIMITS = { maxBytes: 1 << 30, maxShare: 1, minFreeShare: 0 }
const SMALL = { maxBytes: 512 * 1024, maxShare: 1, minFreeShare: 0 }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-spool-'))
})
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close()
  rmSync(folder, { recursive: true })
})

async function openSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await Spool.open({ folder, policy: 'drop-oldest', limits: LIMITS, flushMs: 0, ...options })
  opened.push(spool)
  return spool
}

async function closeSpool(spool: Spool): Promise<void> {
  opened.splice(opened.indexOf(spool), 1)
  await spool.close()
}

const lines = (from: number, count: number, pad = 0): Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`${from + index}:${'x'.repeat(pad)}`))
const text = (batch: Batch | undefined): string[] => batch?.frames.map(({ payload }) => payload.toString()) ?? []
const oldest = (spool: Spool): SpoolReader => spool.readers.at(-1) as SpoolReader

interface Drained {
  numbers: number[]
  lost: number
  kept: string[]
  ids: string[]
}

/** Reads a spool to its end, acknowledging everything. */
async function drain(spool: Spool, maxLines = 1000): Promise<Drained> {
  const all: Drained = { numbers: [], lost: 0, kept: [], ids: [] }
  for (let idle = 0; idle < 3; ) {
    let from = spool.readers[0] as SpoolReader
    let batch = await spool.next(from, { maxBytes: 64 * 1024, maxLines })
    if (batch === undefined) {
      from = oldest(spool)
      batch = await spool.next(from, { maxBytes: 64 * 1024, maxLines })
    }
    if (batch === undefined) {
      idle++
      continue
    }
    all.ids.push(batch.id)
    for (const { kind, payload } of batch.frames) {
      if (kind === FRAME.loss) all.lost += readLoss(payload)?.count ?? Number.NaN
      else if (kind === FRAME.keep) all.kept.push(payload.toString())
      else all.numbers.push(Number.parseInt(payload.toString(), 10))
    }
    spool.ack(from, batch)
  }
  return all
}

it('gives back what was appended, in order, in batches of the size asked for', async () => {
  const spool = await openSpool()
  await spool.append(lines(0, 25))
  const first = await spool.next(oldest(spool), { maxBytes: 1 << 20, maxLines: 10 })
  expect(text(first)).toEqual(lines(0, 10).map(String))
  expect(await spool.next(oldest(spool), { maxBytes: 1 << 20, maxLines: 3 })).toEqual(first)
  spool.ack(oldest(spool), first as Batch)
  expect((await drain(spool, 7)).numbers).toEqual(Array.from({ length: 15 }, (_, i) => 10 + i))
  expect(spool.unsentBytes).toBe(0)
})

it('sends the same batch under the same name after a restart, whatever sizes are asked for then', async () => {
  const before = await openSpool()
  await before.append(lines(0, 30))
  const first = (await before.next(oldest(before), { maxBytes: 1 << 20, maxLines: 4 })) as Batch
  before.ack(oldest(before), first)
  const second = (await before.next(oldest(before), { maxBytes: 1 << 20, maxLines: 5 })) as Batch
  await closeSpool(before)
  const after = await openSpool()
  const again = (await after.next(oldest(after), { maxBytes: 1 << 20, maxLines: 100 })) as Batch
  expect(again.id).toBe(second.id)
  expect(text(again)).toEqual(text(second))
})

it('takes a line longer than a batch may be', async () => {
  const spool = await openSpool()
  await spool.append([Buffer.alloc(300_000, 'y'), Buffer.from('after')])
  const batch = (await spool.next(oldest(spool), { maxBytes: 1000, maxLines: 10 })) as Batch
  expect(batch.frames.map(({ payload }) => payload.length)).toEqual([300_000])
  spool.ack(oldest(spool), batch)
  expect(text(await spool.next(oldest(spool), { maxBytes: 1000, maxLines: 10 }))).toEqual(['after'])
})

it('halves a batch under its name, and the rest follows', async () => {
  const spool = await openSpool()
  await spool.append(lines(0, 9))
  const whole = (await spool.next(oldest(spool), { maxBytes: 1 << 20, maxLines: 100 })) as Batch
  const half = await spool.halve(oldest(spool), whole)
  expect(half.id).toBe(whole.id)
  expect(half.frames).toHaveLength(5)
  spool.ack(oldest(spool), half)
  expect((await drain(spool)).numbers).toEqual([5, 6, 7, 8])
})

it('deletes segments that have arrived', async () => {
  const spool = await openSpool({ segmentBytes: 64 * 1024 })
  for (let i = 0; i < 20; i++) await spool.append(lines(i * 10, 10, 2000))
  expect(readdirSync(folder).filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(3)
  expect((await drain(spool)).numbers).toHaveLength(200)
  expect(readdirSync(folder).filter((name) => name.endsWith('.seg'))).toHaveLength(1)
})

it('drops the oldest at its bound, and says exactly how many', async () => {
  const spool = await openSpool({ limits: SMALL })
  for (let i = 0; i < 50; i++) await spool.append(lines(i * 40, 40, 1000))
  expect(spool.bytes).toBeLessThanOrEqual(SMALL.maxBytes)
  const { numbers, lost } = await drain(spool)
  expect(numbers.length + lost).toBe(2000)
  expect(lost).toBe(spool.counters.dropped)
  expect(lost).toBeGreaterThan(1000)
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => lost + i))
})

it('counts right when it drops behind a batch on its way, again and again, and through restarts', async () => {
  let spool = await openSpool({ limits: SMALL })
  await spool.append(lines(0, 10, 1000))
  const pinned = (await spool.next(oldest(spool), { maxBytes: 1 << 20, maxLines: 4 })) as Batch
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 16; i++) await spool.append(lines(10 + round * 400 + i * 25, 25, 1000))
    await closeSpool(spool)
    spool = await openSpool({ limits: SMALL })
  }
  const again = (await spool.next(oldest(spool), { maxBytes: 1 << 20, maxLines: 9 })) as Batch
  expect(text(again)).toEqual(text(pinned))
  const { numbers, lost, ids } = await drain(spool)
  expect(numbers.length + lost).toBe(2010)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(numbers.slice(0, 4)).toEqual([0, 1, 2, 3])
  expect(new Set(ids).size).toBe(ids.length)
})

it('keeps lines that must not go when their segment goes', async () => {
  const spool = await openSpool({ limits: SMALL })
  await spool.append([Buffer.from('kernel lost 7')], FRAME.keep)
  for (let i = 0; i < 50; i++) await spool.append(lines(i * 40, 40, 1000))
  const { numbers, lost, kept } = await drain(spool)
  expect(kept).toEqual(['kernel lost 7'])
  expect(numbers.length + lost).toBe(2000)
})

it('lets what the next line says again go without counting it, and stays within its bound on notes alone', async () => {
  const spool = await openSpool({ limits: SMALL })
  const beats = Array.from({ length: 5 }, () => Buffer.from(`beat ${'x'.repeat(3000)}`))
  const notes = (from: number): Buffer[] => lines(from, 10, 4000).map((line) => Buffer.concat([Buffer.from('note '), line]))
  for (let i = 0; i < 40; i++) {
    await spool.append(beats, FRAME.passing)
    await spool.append(lines(i * 25, 25, 600))
  }
  for (let i = 0; i < 30; i++) await spool.append(notes(i * 10), FRAME.keep)
  expect(spool.bytes).toBeLessThanOrEqual(SMALL.maxBytes)
  const { numbers, lost, kept } = await drain(spool)
  const events = numbers.filter((number) => !Number.isNaN(number))
  expect(events.length + lost).toBe(1000)
  expect(spool.counters.dropped).toBe(lost)
  expect(kept.at(-1)).toMatch(/^note 299:/)
})

it('counts a loss once where it was killed between merging remains and deleting them', async () => {
  const spool = await openSpool({ limits: SMALL })
  for (let i = 0; i < 20; i++) await spool.append(lines(i * 40, 40, 1000))
  const segments = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.seg'))
  const [remains = ''] = segments().sort()
  const before = [remains, 'state'].map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
  let count = 800
  for (; segments().includes(remains); count += 10) await spool.append(lines(count, 10, 1000))
  await closeSpool(spool)
  for (const { name, bytes } of before) writeFileSync(join(folder, name), bytes)
  const { numbers, lost } = await drain(await openSpool({ limits: SMALL }))
  expect(lost).toBeGreaterThan(0)
  expect(numbers.length + lost).toBe(count)
})

it.each(['block', 'drop-oldest'] as const)(
  'takes more at once than it may hold, and a line that never fits, with %s',
  async (policy) => {
    const spool = await openSpool({ limits: SMALL, policy })
    const writing = spool.append([...lines(0, 1000, 1000), Buffer.alloc(SMALL.maxBytes, 'z')])
    const numbers: number[] = []
    let lost = 0
    for (const last = Buffer.from('5000:'); numbers.at(-1) !== 5000; ) {
      const drained = await drain(spool)
      numbers.push(...drained.numbers)
      lost += drained.lost
      if (numbers.length + lost >= 1001) await spool.append([last])
      await new Promise(setImmediate)
    }
    await writing
    expect(numbers.length + lost).toBe(1002)
    if (policy === 'block') expect(lost).toBe(1)
  },
)

it('makes the source wait where it must not drop', async () => {
  const spool = await openSpool({ limits: SMALL, policy: 'block' })
  let done = 0
  const writing = (async () => {
    for (let i = 0; i < 80; i++) {
      await spool.append(lines(i * 10, 10, 1000))
      done++
    }
  })()
  await expect.poll(() => spool.refusal).toBeDefined()
  expect(done).toBeLessThan(80)
  const numbers: number[] = []
  while (numbers.length < 800) {
    numbers.push(...(await drain(spool)).numbers)
    await new Promise(setImmediate)
  }
  await writing
  expect(numbers).toEqual(Array.from({ length: 800 }, (_, i) => i))
  expect(spool.counters.dropped).toBe(0)
})

it('gives back the room of its only segment when all of it has arrived, and names no batch twice', async () => {
  const spool = await openSpool({ limits: { ...SMALL, maxBytes: 150 * 1024 }, policy: 'block', segmentBytes: 1 << 30 })
  const names = new Set<string>()
  let count = 0
  for (let round = 0; round < 12; round++) {
    await spool.append(lines(round * 50, 50, 1000))
    const { ids, numbers } = await drain(spool)
    for (const id of ids) names.add(id)
    count += ids.length
    expect(numbers).toHaveLength(50)
  }
  expect(names.size).toBe(count)
  expect(spool.counters.dropped).toBe(0)
})

it('lets new lines overtake a backlog, loses none and repeats none', async () => {
  const spool = await openSpool({ segmentBytes: 64 * 1024 })
  for (let i = 0; i < 20; i++) await spool.append(lines(i * 10, 10, 2000))
  expect(await spool.startFresh()).toBe(true)
  expect(await spool.startFresh()).toBe(false)
  await spool.append(lines(5000, 3))
  expect(spool.readers).toHaveLength(2)
  const first = (await spool.next(spool.readers[0] as SpoolReader, { maxBytes: 1 << 20, maxLines: 100 })) as Batch
  expect(text(first)).toEqual(['5000:', '5001:', '5002:'])
  await closeSpool(spool)
  const after = await openSpool()
  expect(after.readers).toHaveLength(2)
  const { numbers } = await drain(after)
  expect(numbers.sort((a, b) => a - b)).toEqual([...Array.from({ length: 200 }, (_, i) => i), 5000, 5001, 5002])
  expect(after.readers).toHaveLength(1)
})

it('keeps several backlogs apart, over a restart too, until each is used up', async () => {
  const spool = await openSpool({ segmentBytes: 64 * 1024 })
  const limits = { maxBytes: 64 * 1024, maxLines: 1000 }
  const sent: string[] = []
  for (let absence = 0; absence < 8; absence++) {
    for (let i = 0; i < 4; i++) await spool.append(lines(absence * 100 + i * 10, 10, 2000))
    const [newest] = spool.readers
    const batch = (await spool.next(newest as SpoolReader, limits)) as Batch
    sent.push(...text(batch))
    spool.ack(newest as SpoolReader, batch)
    expect(await spool.startFresh()).toBe(absence < 5)
  }
  expect(spool.readers).toHaveLength(6)
  await closeSpool(spool)
  const after = await openSpool()
  expect(after.readers).toHaveLength(6)
  const found = [...sent.map((line) => Number.parseInt(line, 10))]
  for (let reader = oldest(after); ; reader = oldest(after)) {
    const batch = await after.next(reader, limits)
    if (batch === undefined && reader === oldest(after)) break
    if (batch === undefined) continue // Used up: the next one is the oldest.
    found.push(...text(batch).map((line) => Number.parseInt(line, 10)))
    after.ack(reader, batch)
  }
  expect(found).toHaveLength(320)
  expect(new Set(found).size).toBe(320)
  expect(after.unsentBytes).toBe(0)
})

it('leaves what came between two calls to the backlog where none of it was sent', async () => {
  const spool = await openSpool({ segmentBytes: 64 * 1024 })
  for (let part = 0; part < 9; part++) {
    await spool.append(lines(part * 10, 10, 8000))
    expect(await spool.startFresh()).toBe(true)
    expect(spool.readers).toHaveLength(2)
  }
  await spool.append(lines(500, 3))
  const first = (await spool.next(spool.readers[0] as SpoolReader, { maxBytes: 1 << 20, maxLines: 100 })) as Batch
  expect(text(first)).toEqual(['500:', '501:', '502:'])
  await closeSpool(spool)
  const { numbers } = await drain(await openSpool(), 20)
  expect(numbers.sort((a, b) => a - b)).toEqual([...Array.from({ length: 90 }, (_, i) => i), 500, 501, 502])
})

it('says what the disk lost when a segment comes back damaged', async () => {
  const before = await openSpool({ segmentBytes: 64 * 1024 })
  for (let i = 0; i < 10; i++) await before.append(lines(i * 10, 10, 2000))
  await closeSpool(before)
  const segment = join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith('.seg'))
      .sort()[0] as string,
  )
  truncateSync(segment, statSync(segment).size - 5000)
  const { numbers, lost } = await drain(await openSpool())
  expect(lost).toBeGreaterThan(0)
  expect(numbers.length + lost).toBe(100)
})

it('goes on under a new name where its state was lost', async () => {
  const before = await openSpool()
  await before.append(lines(0, 5))
  const batch = (await before.next(oldest(before), { maxBytes: 1 << 20, maxLines: 2 })) as Batch
  await closeSpool(before)
  writeFileSync(join(folder, 'state'), Buffer.alloc(1024, 0xff))
  const after = await openSpool()
  const { numbers, ids } = await drain(after)
  expect(numbers).toEqual([0, 1, 2, 3, 4])
  expect(ids[0]?.split('.')[0]).not.toBe(batch.id.split('.')[0])
})

it('is held by one process', async () => {
  writeFileSync(join(folder, 'lock'), `1 ${await startOfInit()}`)
  await expect(openSpool()).rejects.toMatchObject({ code: 'PW-SP-002' })
  writeFileSync(join(folder, 'lock'), '1 9999999999')
  await openSpool()
  await expect(openSpool({ folder: join(folder, 'lock', 'below') })).rejects.toMatchObject({ code: 'PW-SP-001' })
})

it('refuses lines when it is closed', async () => {
  const spool = await openSpool()
  await closeSpool(spool)
  await expect(spool.append(lines(0, 1))).rejects.toMatchObject({ code: 'PW-SP-003' })
})

async function startOfInit(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  const stat = await readFile('/proc/1/stat', 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
