import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Spool } from './spool.ts'
import type { Batch, SpoolReader } from './spool-reader.ts'

const LIMITS = { maxBytes: 1 << 30, maxShare: 1, minFreeShare: 0 }
const open = (folder: string): Promise<Spool> => Spool.open({ folder, policy: 'block', limits: LIMITS, flushMs: 0 })

/** Everything that is left, with its batches. */
async function rest(spool: Spool): Promise<{ payloads: string[]; batches: Map<string, string> }> {
  const payloads: string[] = []
  const batches = new Map<string, string>()
  for (;;) {
    let reader = spool.readers[0] as SpoolReader
    let batch = await spool.next(reader, { maxBytes: 200, maxLines: 5 })
    if (batch === undefined) {
      reader = spool.readers.at(-1) as SpoolReader
      batch = await spool.next(reader, { maxBytes: 200, maxLines: 5 })
    }
    if (batch === undefined && spool.readers.length > 1) continue // One that was used up has gone.
    if (batch === undefined) return { payloads, batches }
    payloads.push(...batch.frames.map(({ payload }) => payload.toString('latin1')))
    batches.set(batch.id, body(batch))
    spool.ack(reader, batch)
  }
}

const body = (batch: Batch): string => batch.frames.map(({ payload }) => payload.toString('latin1')).join('\n')

const payload = fc.uint8Array({ maxLength: 60 })

/** A crash: the last segment ends at any byte, perhaps with bytes that never were a frame. */
const crash = fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }), noise: fc.uint8Array({ maxLength: 40 }) })

it('after a crash at any byte it holds a beginning of what was appended, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(payload, { minLength: 1, maxLength: 30 }),
      crash,
      fc.array(payload, { maxLength: 8 }),
      async (before, { cut, noise }, after) => {
        const folder = mkdtempSync(join(tmpdir(), 'podwitness-spool-'))
        try {
          const first = await open(folder)
          await first.append(before)
          await first.close()
          const segment = join(folder, readdirSync(folder).find((name) => name.endsWith('.seg')) as string)
          const bytes = readFileSync(segment)
          const kept = bytes.subarray(0, Math.floor(cut * bytes.length))
          writeFileSync(segment, Buffer.concat([kept, noise]))
          const second = await open(folder)
          await second.append(after)
          const { payloads } = await rest(second)
          await second.close()
          const survived = payloads.length - after.length
          expect(survived).toBeGreaterThanOrEqual(0)
          expect(payloads.slice(0, survived)).toEqual(before.slice(0, survived).map(text))
          expect(payloads.slice(survived)).toEqual(after.map(text))
        } finally {
          rmSync(folder, { recursive: true })
        }
      },
    ),
    { numRuns: 60 },
  )
})

/** What happens to a spool between two looks at it. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), payloads: fc.array(payload, { minLength: 1, maxLength: 6 }) }),
  fc.record({ kind: fc.constant('take' as const), lines: fc.integer({ min: 1, max: 7 }), ack: fc.boolean() }),
  fc.constant({ kind: 'restart' as const }),
  fc.constant({ kind: 'kill' as const }),
  fc.constant({ kind: 'fresh' as const }),
)

it('whatever happens, every line arrives, and a batch name always means the same lines', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'podwitness-spool-'))
      const appended: string[] = []
      const received = new Map<string, string>()
      const receive = (id: string, lines: string): void => {
        if (received.has(id)) expect(received.get(id)).toBe(lines)
        received.set(id, lines)
      }
      let spool = await open(folder)
      try {
        for (const action of steps) {
          if (action.kind === 'append') {
            const named = action.payloads.map((bytes, index) =>
              Buffer.concat([Buffer.from(`${appended.length + index}|`), bytes]),
            )
            await spool.append(named)
            appended.push(...named.map(text))
          } else if (action.kind === 'take') {
            const reader = spool.readers[0] as SpoolReader
            const batch = await spool.next(reader, { maxBytes: 150, maxLines: action.lines })
            if (batch === undefined) continue
            receive(batch.id, body(batch))
            if (action.ack) spool.ack(reader, batch)
          } else if (action.kind === 'fresh') await spool.startFresh()
          else {
            const state = readFileSync(join(folder, 'state'))
            await spool.close()
            if (action.kind === 'kill') writeFileSync(join(folder, 'state'), state) // What close wrote never was.
            spool = await open(folder)
          }
        }
        for (const [id, lines] of (await rest(spool)).batches) receive(id, lines)
        for (const [id, lines] of (await rest(spool)).batches) receive(id, lines)
        expect(spool.unsentBytes).toBe(0)
        const all = [...received.values()]
          .join('\n')
          .split('\n')
          .filter((line) => /^\d+\|/.test(line))
        for (const line of appended) expect([...received.values()].some((lines) => lines.includes(line))).toBe(true)
        expect(all.length).toBeLessThanOrEqual(appended.length + 50)
      } finally {
        await spool.close()
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 60 },
  )
})

it('is not fooled by a segment that was cut to nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-spool-'))
  const first = await open(folder)
  await first.append([Buffer.from('a')])
  await first.close()
  truncateSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.seg')) as string), 3)
  const second = await open(folder)
  await second.append([Buffer.from('b')])
  expect((await rest(second)).payloads).toEqual(['b'])
  await second.close()
  rmSync(folder, { recursive: true })
})

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
