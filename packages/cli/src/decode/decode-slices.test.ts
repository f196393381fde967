import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { DecodePrinter } from './decode-printer.ts'
import { decodeSlices } from './decode-slices.ts'
import { cutIn, type Slice, slicesOf } from './slice.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-slices-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FORMAT = { format: 'json', interpret: false, raw: false } as const
const recording = gunzipSync(readFileSync(join(import.meta.dirname, '../../../../recordings/dev/audit.log.gz')))
const log = recording.subarray(0, recording.indexOf(10, 5 << 20) + 1)

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** What one decoder prints of the files, one after the other. */
function inOrder(...files: Uint8Array[]): { output: string; printer: DecodePrinter } {
  const printer = new DecodePrinter(FORMAT)
  for (const bytes of files) {
    printer.push(bytes)
    printer.endLine()
  }
  printer.end()
  return { output: printer.take().toString(), printer }
}

async function inThreads(
  slices: readonly Slice[],
  jobs: number,
): Promise<{ output: string; counters: DecodePrinter['counters'] }> {
  const parts: Uint8Array[] = []
  const write = async (data: Uint8Array) => void parts.push(data)
  const counters = await decodeSlices({ slices, jobs, format: FORMAT, signal: new AbortController().signal, write })
  return { output: Buffer.concat(parts).toString(), counters }
}

/** The same events with the records of neighbours in turn: `width` of them go on at any place. */
function interleaved(bytes: Buffer, width: number): Buffer {
  const events = new Map<string, string[]>()
  for (const line of bytes.toString('latin1').trimEnd().split('\n')) {
    const id = /audit\([^)]*\)/.exec(line)?.[0] ?? ''
    events.set(id, [...(events.get(id) ?? []), line])
  }
  const waiting = [...events.values()]
  const open = waiting.splice(0, width)
  const out: string[] = []
  for (let turn = 0; open.length > 0; turn++) {
    const event = open[turn % open.length] as string[]
    out.push(event.shift() as string)
    if (event.length === 0) open.splice(turn % open.length, 1, ...waiting.splice(0, 1))
  }
  return Buffer.from(`${out.join('\n')}\n`, 'latin1')
}

describe('decoding in threads', () => {
  it('gives the same bytes as one decoder, for a file cut in pieces', async () => {
    const slices = await slicesOf([file('whole.log', log)], 600_000)
    expect(slices.length).toBeGreaterThan(4)
    const { output, printer } = inOrder(log)
    for (const jobs of [1, 3]) {
      const { output: found, counters } = await inThreads(slices, jobs)
      expect(found === output).toBe(true)
      expect(counters).toEqual({ ...printer.counters, gaps: 0 })
    }
  })

  it('gives the same bytes for rotated files, one of them ended in the middle of an event', async () => {
    const cuts = [0, 700_000, 2_100_000, log.length]
    const files = cuts
      .slice(1)
      .map((end, i) => log.subarray(log.indexOf(10, cuts[i] as number) + 1, log.indexOf(10, end - 1) + 1))
    const paths = files.map((bytes, i) => file(`rotated.${i}`, bytes))
    expect((await inThreads(await slicesOf(paths, 500_000), 2)).output === inOrder(...files).output).toBe(true)
  })

  it('gives the same bytes where the records of many events take turns', async () => {
    const mixed = interleaved(log.subarray(0, 3 << 20), 4)
    const slices = await slicesOf([file('interleaved.log', mixed)], 300_000)
    expect(slices.length).toBeGreaterThan(1)
    expect((await inThreads(slices, 2)).output === inOrder(mixed).output).toBe(true)
  })

  it('does not cut where an event goes on all the time', async () => {
    const lines = log
      .subarray(0, 3 << 20)
      .toString('latin1')
      .split('\n')
    const long = lines
      .flatMap((line, i) => (i % 50 === 0 ? [line, `type=PATH msg=audit(1.001:1): item=${i}`] : [line]))
      .join('\n')
    expect((await slicesOf([file('long.log', Buffer.from(long, 'latin1'))], 600_000)).length).toBe(1)
  })

  it('does not cut what has no stamps', async () => {
    expect((await slicesOf([file('text.log', Buffer.alloc(4 << 20, 'nothing to see\n'))], 600_000)).length).toBe(1)
  })

  it('says where a file cannot be read', async () => {
    const slices = [[{ path: join(folder, 'none'), start: 0, end: 10, last: true }]]
    await expect(inThreads(slices, 2)).rejects.toThrow('ENOENT')
  })

  it('ends when it is told to', async () => {
    const stop = new AbortController()
    const slices = await slicesOf([file('stopped.log', log)], 600_000)
    const write = async () => stop.abort(new Error('enough'))
    await expect(decodeSlices({ slices, jobs: 2, format: FORMAT, signal: stop.signal, write })).rejects.toThrow('enough')
  })
})

describe('a place to cut', () => {
  const window = (...serials: number[]) =>
    Buffer.from(serials.map((serial) => `type=CWD msg=audit(1.001:${serial}): cwd="/"\n`).join(''))
  const serialAfter = (bytes: Buffer) => {
    const cut = cutIn(bytes, 0)
    return cut === undefined ? undefined : /:(\d+)\)/.exec(bytes.toString('latin1', cut))?.[1]
  }

  it.each([
    [[1, 1, 2, 2, 3, 3, 4, 4], '3'],
    [[0, 1, 2, 1, 2, 1, 2, 3], '3'],
    [[0, 1, 2, 3, 4, 5, 1, 1], undefined],
    [[1, 1, 1, 1], undefined],
  ])('of %j is before %s', (serials, found) => expect(serialAfter(window(...serials))).toBe(found))

  it('tells nodes apart only where the line names them', () => {
    const line = (node: string) => `node=${node} type=CWD msg=audit(1.001:5): cwd="/"\n`
    expect(cutIn(Buffer.from([line('x'), line('a'), line('b'), line('c')].join('')), 0)).toBeDefined()
    expect(cutIn(Buffer.from([line('x'), line('a'), line('a'), line('a')].join('')), 0)).toBeUndefined()
  })
})
